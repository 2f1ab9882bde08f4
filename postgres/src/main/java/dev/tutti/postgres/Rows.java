package dev.tutti.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows on their way into one statement, bound as one array a column for {@code unnest}. */
final class Rows {
    private final String[] types;
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    /** @param types of the columns, as in {@code int8 int4 text} */
    Rows(String types) {
        this.types = types.split(" ");
    }

    void add(@Nullable Object... row) {
        if (row.length != types.length) {
            throw new IllegalArgumentException(row.length + " values for " + types.length + " columns");
        }
        rows.add(row);
    }

    int size() {
        return rows.size();
    }

    /**
     * Runs a statement whose parameters are the columns, unless there are no rows.
     *
     * @return how many rows it wrote
     */
    int run(Connection connection, String sql) throws SQLException {
        if (rows.isEmpty()) {
            return 0;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int c = 0; c < types.length; c++) {
                statement.setArray(c + 1, connection.createArrayOf(types[c], column(c)));
            }
            return statement.executeUpdate();
        }
    }

    private @Nullable Object[] column(int c) {
        @Nullable
        Object[] column = switch (types[c]) {
            case "int8" -> new Long[rows.size()];
            case "int4" -> new Integer[rows.size()];
            case "bool" -> new Boolean[rows.size()];
            case "text" -> new String[rows.size()];
            case "bytea" -> new byte[rows.size()][];
            default -> throw new IllegalArgumentException("no column type " + types[c]);
        };
        for (int r = 0; r < column.length; r++) {
            column[r] = rows.get(r)[c];
        }
        return column;
    }

    /** Microseconds since 1970, the precision the database keeps. */
    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }
}
