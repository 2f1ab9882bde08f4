package dev.tutti.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Where the database's time goes, by statement: {@code --statements}. Counting costs a little, so it is not the default. */
record Statements(boolean counted) {
    /** What the database must load to count them; empty for nothing. */
    String library() {
        return counted ? "pg_stat_statements" : "";
    }

    void reset(World world) throws SQLException {
        if (counted) {
            world.execute("create extension if not exists pg_stat_statements");
            world.execute("select pg_stat_statements_reset()");
        }
    }

    /** Says what each statement took, in microseconds for each order. */
    void print(World world, int orders) throws SQLException {
        if (!counted) {
            return;
        }
        try (Connection connection = DriverManager.getConnection(world.url());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select total_exec_time, calls, rows, wal_bytes, shared_blks_hit + shared_blks_read,
                               left(regexp_replace(query, '\\s+', ' ', 'g'), 90)
                        from pg_stat_statements
                        order by total_exec_time desc
                        limit 25
                        """)) {
            System.err.println("us/order   calls      rows  bytes/order  buffers/order");
            while (row.next()) {
                System.err.printf(
                        "%8.1f %7d %9d %12.0f %14.1f  %s%n",
                        1000 * row.getDouble(1) / orders,
                        row.getLong(2),
                        row.getLong(3),
                        row.getDouble(4) / orders,
                        row.getDouble(5) / orders,
                        row.getString(6));
            }
        }
    }
}
