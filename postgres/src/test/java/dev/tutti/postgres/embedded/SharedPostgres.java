package dev.tutti.postgres.embedded;

import dev.tutti.postgres.embedded.EmbeddedPostgres.Settings;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One server for all tests of a module, in its {@code target} directory: created by the first test run after a clean,
 * started in a fraction of a second by the others. It ends with the test JVM; nobody stops it.
 */
public final class SharedPostgres {
    private static final EmbeddedPostgres SERVER = start();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private SharedPostgres() {}

    public static EmbeddedPostgres server() {
        return SERVER;
    }

    /** The address of an empty database that nobody else has. */
    public static String freshDatabase(String name) {
        return SERVER.createDatabase(name + "_" + NUMBER.incrementAndGet());
    }

    private static EmbeddedPostgres start() {
        var server = EmbeddedPostgres.start(Settings.in(Path.of("target", "postgres")));
        try {
            dropWhatEarlierRunsLeft(server.jdbcUrl());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server;
    }

    private static void dropWhatEarlierRunsLeft(String url) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            var drops = new ArrayList<String>();
            try (var rows = statement.executeQuery("""
                    SELECT format('DROP DATABASE %I WITH (FORCE)', datname)
                    FROM pg_database
                    WHERE NOT datistemplate AND datname NOT IN ('postgres', 'tutti')""")) {
                while (rows.next()) {
                    drops.add(rows.getString(1));
                }
            }
            for (String drop : drops) {
                statement.execute(drop);
            }
        }
    }
}
