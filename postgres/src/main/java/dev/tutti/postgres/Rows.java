package dev.tutti.postgres;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.PGCopyOutputStream;

/** Rows on their way into one statement, bound as one array a column for {@code unnest}. */
final class Rows {
    private static final int LARGE = 2_000;
    private static final int BUFFER = 1 << 16;
    private static final long MICROS_TO_2000 = 946_684_800_000_000L;
    private static final byte[] COPY_SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};

    private final String[] types;
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    /** @param types of the columns, as in {@code int8 int4 text}; {@code micros} is a moment, as {@link #micros} has it */
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
                statement.setArray(
                        c + 1, connection.createArrayOf(types[c].equals("micros") ? "int8" : types[c], column(c)));
            }
            return statement.executeUpdate();
        }
    }

    /**
     * Adds the rows to a table that only grows: with a statement as for {@link #run}, or, if they are very many, with COPY
     * in its binary format, which costs the database half as much and wants a round trip more.
     */
    void append(Connection connection, String insert, String copy) throws SQLException {
        if (rows.size() < LARGE) {
            run(connection, insert);
            return;
        }
        CopyIn into = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy);
        try (PGCopyOutputStream out = new PGCopyOutputStream(into, BUFFER);
                DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out, BUFFER))) {
            data.write(COPY_SIGNATURE);
            data.writeLong(0);
            for (@Nullable Object[] row : rows) {
                data.writeShort(row.length);
                for (int c = 0; c < row.length; c++) {
                    write(data, types[c], row[c]);
                }
            }
            data.writeShort(-1);
        } catch (IOException e) {
            throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e);
        }
    }

    private static void write(DataOutputStream data, String type, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> data.writeInt(-1);
            case Integer number -> {
                data.writeInt(Integer.BYTES);
                data.writeInt(number);
            }
            case Long number -> {
                data.writeInt(Long.BYTES);
                data.writeLong(type.equals("micros") ? number - MICROS_TO_2000 : number);
            }
            case Boolean truth -> {
                data.writeInt(1);
                data.writeByte(truth ? 1 : 0);
            }
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                data.writeInt(bytes.length);
                data.write(bytes);
            }
            default -> throw new IllegalArgumentException("no column type " + type);
        }
    }

    private @Nullable Object[] column(int c) {
        @Nullable
        Object[] column = switch (types[c]) {
            case "int8", "micros" -> new Long[rows.size()];
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
