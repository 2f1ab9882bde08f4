package dev.tutti.postgres;

import dev.tutti.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;

/** One real server for all tests of a run, and a fresh database on it for whoever asks. */
final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final EmbeddedPostgres SERVER = start();

    private TestDatabase() {}

    private static EmbeddedPostgres start() {
        try {
            Path directory = Files.createTempDirectory("tutti-test-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            return EmbeddedPostgres.start(EmbeddedPostgres.Settings.in(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int port() {
        return SERVER.port();
    }

    /** A database in which something has happened, to be copied. */
    static String lived(java.util.function.Consumer<String> life) {
        String name = "lived_" + COUNT.incrementAndGet();
        life.accept(SERVER.createDatabase(name));
        return name;
    }

    static String copyOf(String lived) {
        return SERVER.createDatabase("test_" + COUNT.incrementAndGet(), lived);
    }

    static String fresh() {
        return SERVER.createDatabase("test_" + COUNT.incrementAndGet());
    }
}
