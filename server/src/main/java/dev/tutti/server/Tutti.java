package dev.tutti.server;

import dev.tutti.postgres.DatabaseUnusableException;
import dev.tutti.postgres.embedded.EmbeddedPostgres;
import dev.tutti.postgres.embedded.EmbeddedPostgresException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.PortInUseException;

/** {@code ./tutti run}: starts a server and says where it is. */
public final class Tutti {
    private static final AtomicBoolean STOPPING = new AtomicBoolean();

    private Tutti() {}

    public static void main(String[] arguments) {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(Options.HELP);
            return;
        }
        try {
            run(Options.parse(arguments));
        } catch (Options.Wrong e) {
            System.err.println("tutti: " + e.getMessage() + "\n\n" + Options.HELP);
            System.exit(2);
        } catch (EmbeddedPostgresException | DatabaseUnusableException e) {
            System.err.println("tutti: " + e.getMessage());
            System.exit(1);
        } catch (PortInUseException e) {
            System.err.println("tutti: port " + e.getPort() + " is in use; --port says another, 0 any that is free");
            System.exit(1);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Tutti.class).error("the server cannot start", e);
            System.exit(1);
        }
    }

    private static void run(Options options) {
        Server server = Server.start(options);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(server)));
        long millis = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        System.out.println("Tutti answers on http://localhost:" + server.port() + " (after " + millis + " ms)");
        EmbeddedPostgres embedded = server.embedded();
        if (embedded != null) {
            var unused = embedded.onExit().thenRun(Tutti::databaseGone);
            System.out.println("  database   embedded, in "
                    + options.data().toAbsolutePath().normalize()
                    + ": for demo, development and tests; production is --db");
            System.out.println("  to join    ./tutti run --port 0 --db \"" + addressOf(embedded) + "\"");
        } else {
            System.out.println("  database   " + withoutPassword(String.valueOf(options.db())));
        }
        tellKey(server.firstKey(), options);
    }

    private static void stop(Server server) {
        STOPPING.set(true);
        server.close();
    }

    private static void databaseGone() {
        if (!STOPPING.get()) {
            System.err.println("tutti: the embedded database has gone; its log is in the data directory. Stopping.");
            System.exit(1);
        }
    }

    /** Can be pasted into a shell of this machine, yet holds no password. */
    private static String addressOf(EmbeddedPostgres embedded) {
        return embedded.jdbcUrl().replaceAll("password=[^&]*", "password=\\$(cat '" + embedded.passwordFile() + "')");
    }

    private static String withoutPassword(String url) {
        return url.replaceAll("(?i)(password=)[^&]*", "$1…").replaceAll("//[^/@]*@", "//…@");
    }

    /** The first key is shown once; with an embedded database it is also written down beside it. */
    private static void tellKey(@Nullable String key, Options options) {
        Path file = options.data().resolve("admin.key").toAbsolutePath().normalize();
        boolean embedded = options.db() == null;
        if (key != null && embedded) {
            write(file, key);
        }
        if (key != null) {
            System.out.println("  admin key  " + key + "  (shown once" + (embedded ? "; kept in " + file : "") + ")");
        } else if (embedded && Files.exists(file)) {
            System.out.println("  admin key  in " + file);
        }
    }

    private static void write(Path file, String key) {
        try {
            Files.deleteIfExists(file);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.write(
                    file,
                    (key + "\n").getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("the first key could not be kept in " + file, e);
        }
    }
}
