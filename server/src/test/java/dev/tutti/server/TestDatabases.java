package dev.tutti.server;

import dev.tutti.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;

/** Databases of their own for tests: one PostgreSQL serves all classes of a run. */
public final class TestDatabases {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final EmbeddedPostgres POSTGRES = postgres();

    private TestDatabases() {}

    private static EmbeddedPostgres postgres() {
        try {
            Path directory = Files.createTempDirectory("tutti-server-test-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            return EmbeddedPostgres.start(EmbeddedPostgres.Settings.in(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address of an empty one. */
    public static String fresh() {
        return POSTGRES.createDatabase("server_test_" + COUNT.incrementAndGet());
    }
}
