package dev.tutti.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Takes the rows of a history in, all or none. */
public final class HistoryStaging implements AutoCloseable {
    private static final int FLUSH_AT = 1 << 16;

    private final Connection connection;
    private final CopyIn copy;
    private StringBuilder text = new StringBuilder(FLUSH_AT + 1024);
    private long rows;
    private boolean done;

    HistoryStaging(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("create temp table incoming (like replay.history_row) on commit drop");
        }
        copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy incoming from stdin");
    }

    public void add(ReplayStore.HistoryRow row) {
        rows++;
        field(row.event()).field(row.seq()).field(row.file()).field(row.line()).field(row.kind());
        field(row.at())
                .field(row.number())
                .field(row.channel())
                .field(row.node())
                .field(row.customer());
        field(row.sku()).field(row.quantity()).field(row.price()).field(row.discount());
        field(row.country()).field(row.postcode()).field(row.latitude()).field(row.longitude());
        field(row.refused());
        text.setCharAt(text.length() - 1, '\n');
        if (text.length() >= FLUSH_AT) {
            flush();
        }
    }

    private HistoryStaging field(@Nullable Object value) {
        if (value == null) {
            text.append("\\N\t");
            return this;
        }
        String written = value.toString();
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\t' -> text.append("\\t");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                default -> text.append(c);
            }
        }
        text.append('\t');
        return this;
    }

    private void flush() {
        try {
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            copy.writeToCopy(bytes, 0, bytes.length);
            text = new StringBuilder(FLUSH_AT + 1024);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Puts events in the order of their time (of their first row, then as they stand in the files). */
    public void finish(String mapping, String fingerprint) {
        flush();
        try (Statement statement = connection.createStatement()) {
            copy.endCopy();
            statement.execute("set local work_mem = '256MB'");
            statement.execute("""
                    insert into replay.history_row
                    select case when kind = 0 then 0
                                else dense_rank() over (order by kind = 0, first_at, first_seq) end,
                           seq, file, line, kind, at, number, channel, node, customer, sku, quantity, price,
                           discount, country, postcode, latitude, longitude, refused
                    from (
                        select *, min(at) over same as first_at, min(seq) over same as first_seq
                        from incoming
                        window same as (partition by kind, channel, node, number,
                                        case when kind = 0 or number is null then seq end)
                    ) grouped
                    """);
            statement.execute("create unique index history_row_event on replay.history_row (event, seq)");
            Rows run = new Rows("text text int8");
            run.add(mapping, fingerprint, rows);
            run.run(connection, """
                    insert into replay.run (mapping, fingerprint, rows_staged)
                    select * from unnest(?::text[], ?::text[], ?::int8[])
                    """);
            connection.commit();
            statement.execute("analyze replay.history_row");
            connection.commit();
            done = true;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    @Override
    public void close() {
        try (connection) {
            if (!done) {
                if (copy.isActive()) {
                    copy.cancelCopy();
                }
                connection.rollback();
            }
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
