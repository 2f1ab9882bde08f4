package dev.tutti.postgres.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of our own in a directory of our own. It is durable: what it acknowledged survives the death of
 * this process, of the server and of the machine. It ends with this process, however that ends; whoever wants the last
 * word over the order of things calls {@link #stop()} after the last connection is closed.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

    /**
     * @param directory made if missing; keeps the data, the password and the log
     * @param port where to listen; 0 for the port of last time if it is free, else any free one
     * @param parameters server parameters that differ from the defaults
     * @param patience how long to wait for a server that goes down, or for the next sign of life of one that comes up
     * @param cache where the server's programs are unpacked once, for all directories
     */
    public record Settings(Path directory, int port, Map<String, String> parameters, Duration patience, Path cache) {
        public Settings {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("Not a port: " + port);
            }
            parameters.forEach(Parameters::require);
            parameters = Map.copyOf(parameters);
        }

        public static Settings in(Path directory) {
            Platform.requireSupport();
            return new Settings(directory, 0, Map.of(), Duration.ofSeconds(60), Binaries.defaultCache(directory));
        }

        public Settings withPort(int port) {
            return new Settings(directory, port, parameters, patience, cache);
        }

        public Settings withParameter(String name, String value) {
            var more = new LinkedHashMap<>(parameters);
            more.put(name, value);
            return new Settings(directory, port, more, patience, cache);
        }

        public Settings withPatience(Duration patience) {
            return new Settings(directory, port, parameters, patience, cache);
        }

        public Settings withCache(Path cache) {
            return new Settings(directory, port, parameters, patience, cache);
        }
    }

    private final Home home;
    private final Settings settings;
    private final Map<String, String> parameters;
    private final DirectoryLock lock;
    private final Postmaster postmaster;
    private final ServerFile serverFile;
    private final String password;
    private boolean stopped;

    private EmbeddedPostgres(
            Home home,
            Settings settings,
            Map<String, String> parameters,
            DirectoryLock lock,
            StartUp.Started started,
            ServerFile serverFile,
            String password) {
        this.home = home;
        this.settings = settings;
        this.parameters = parameters;
        this.lock = lock;
        this.postmaster = started.postmaster();
        this.serverFile = serverFile;
        this.password = password;
    }

    /**
     * Returns when connections are accepted. The first start in a directory creates an empty database; a start after a
     * crash waits for what is left of the former server and recovers.
     *
     * @throws AlreadyRunningException if a living server owns the directory; says how to join it
     * @throws EmbeddedPostgresException if there is no way to start; says what to do
     */
    public static EmbeddedPostgres start(Settings settings) {
        return start(settings, Launcher.kernelSignalsDeath());
    }

    static EmbeddedPostgres start(Settings settings, boolean dieWithThread) {
        Platform.requireSupport();
        try {
            Home home = Home.at(settings.directory());
            DirectoryLock lock = DirectoryLock.acquire(home, settings.patience());
            boolean started = false;
            try {
                EmbeddedPostgres server = start(settings, home, lock, dieWithThread);
                started = true;
                return server;
            } finally {
                if (!started) {
                    lock.close();
                }
            }
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "The embedded database in %s cannot be started: %s. Check the permissions and the free space of that directory."
                            .formatted(settings.directory(), e),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedPostgresException(
                    "The start of the embedded database in %s was interrupted".formatted(settings.directory()), e);
        }
    }

    private static EmbeddedPostgres start(Settings settings, Home home, DirectoryLock lock, boolean dieWithThread)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        var parameters = Parameters.with(settings.parameters());
        StartUp.Started started = new StartUp(home, parameters, settings, dieWithThread).run();
        boolean announced = false;
        try {
            String password = home.password().read();
            var serverFile = ServerFile.running(started.postmaster().pid(), started.port());
            serverFile.write(home);
            announced = true;
            LOG.info(
                    "PostgreSQL (process {}) on {}:{} with its data in {}, after {} ms",
                    started.postmaster().pid(),
                    Address.HOST,
                    started.port(),
                    home.directory(),
                    (System.nanoTime() - begin) / 1_000_000);
            return new EmbeddedPostgres(home, settings, parameters, lock, started, serverFile, password);
        } finally {
            if (!announced) {
                started.postmaster().stop(Signal.INT, settings.patience());
            }
        }
    }

    /** The complete address, with user and password: what other servers are given as {@code --db}. */
    public String jdbcUrl() {
        return Address.withPassword(port(), Address.DATABASE, password);
    }

    public int port() {
        return serverFile.port();
    }

    public String user() {
        return Address.USER;
    }

    public String password() {
        return password;
    }

    /** The file that holds the password, readable for its owner alone. */
    public Path passwordFile() {
        return home.password().file();
    }

    public long pid() {
        return postmaster.pid();
    }

    /** All server parameters that are set, defaults included. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** Completes when the server's process is gone, asked for or not. */
    public CompletableFuture<Void> onExit() {
        return postmaster.onExit().copy();
    }

    /** Makes an empty database on this server and returns its address: one per test class, say. */
    public String createDatabase(String name) {
        return createDatabase(name, "template1");
    }

    /** Makes a copy of a database to which nobody is connected, such as one that was migrated once for all tests. */
    public String createDatabase(String name, String template) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE %s TEMPLATE %s"
                    .formatted(statement.enquoteIdentifier(name, true), statement.enquoteIdentifier(template, true)));
        } catch (SQLException e) {
            throw new EmbeddedPostgresException("The database %s could not be created".formatted(name), e);
        }
        return Address.withPassword(port(), name, password);
    }

    /** Ends the sessions that are left, writes everything out and returns when the server is gone. */
    public void stop() {
        end(Signal.INT);
    }

    /** As a crash would: nothing is written out, the next start recovers. */
    public void stopImmediately() {
        end(Signal.QUIT);
    }

    @Override
    public void close() {
        stop();
    }

    /** Comes before the end: nobody shall be sent to a server that is going. A full disk does not keep it from going. */
    private void withdraw() {
        try {
            serverFile.stopped().write(home);
        } catch (IOException e) {
            LOG.warn(
                    "Whoever joins the database in {} just now may be sent to a server that is ending",
                    home.directory(),
                    e);
        }
    }

    private synchronized void end(Signal signal) {
        if (stopped) {
            return;
        }
        stopped = true;
        try (lock) {
            withdraw();
            postmaster.stop(signal, settings.patience());
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "The embedded database in %s was not stopped cleanly: %s".formatted(home.directory(), e), e);
        }
    }
}
