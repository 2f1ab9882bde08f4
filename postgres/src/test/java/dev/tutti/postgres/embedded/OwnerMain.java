package dev.tutti.postgres.embedded;

import java.nio.file.Path;
import java.sql.DriverManager;

/** A process that owns a database and writes until it is killed; it prints each number after its commit. */
final class OwnerMain {
    private OwnerMain() {}

    public static void main(String[] arguments) throws Exception {
        boolean watched = arguments.length > 1 && arguments[1].equals("watchdog");
        var server = EmbeddedPostgres.start(EmbeddedPostgres.Settings.in(Path.of(arguments[0])), !watched);
        System.out.println("pid " + server.pid());
        try (var connection = DriverManager.getConnection(server.jdbcUrl());
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS acknowledged (number bigint PRIMARY KEY)");
            for (long number = 1; ; number++) {
                statement.execute("INSERT INTO acknowledged VALUES (" + number + ")");
                System.out.println("row " + number);
            }
        }
    }
}
