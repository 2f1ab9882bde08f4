package dev.tutti.postgres.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory. A new one is made beside its place and appears there by one rename, with role, database and
 * password complete and on disk, so that a start that was cut short leaves nothing half-made that a later one would take
 * for a database.
 */
record Cluster(Home home, Account account, Binaries binaries) {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final String UNFINISHED = "initdb-";

    void createIfMissing() throws IOException, InterruptedException {
        if (Files.exists(home.data())) {
            requireCluster();
            return;
        }
        LOG.info("Creating an empty database in {}", home.data());
        removeUnfinished();
        Path staging = Files.createTempDirectory(home.directory(), UNFINISHED);
        try {
            create(staging);
            Files.move(staging.resolve("data"), home.data(), StandardCopyOption.ATOMIC_MOVE);
            try (var directory = FileChannel.open(home.directory(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } finally {
            Trees.delete(staging);
        }
    }

    private void create(Path staging) throws IOException, InterruptedException {
        Path data = staging.resolve("data");
        Path passwordForInitdb = staging.resolve("password");
        Password.writePrivately(passwordForInitdb, home.password().create());
        account.own(passwordForInitdb);
        account.own(staging);
        // initdb brings everything to disk itself; skipping that saves 0.2 s once and would have to be made up for.
        // Iterations make guessing a weak password dear; 192 random bits need none, and each connection is 10 ms
        // cheaper
        List<String> initdb = List.of(
                binaries.program("initdb"),
                "--pgdata=" + data,
                "--username=" + Address.USER,
                "--pwfile=" + passwordForInitdb,
                "--auth=scram-sha-256",
                "--set=scram_iterations=1",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--data-checksums",
                "--no-instructions");
        run(initdb, "");
        List<String> alone = List.of(binaries.program("postgres"), "--single", "-D", data.toString(), "template1");
        run(alone, "CREATE DATABASE %s OWNER %s\n".formatted(Address.DATABASE, Address.USER));
    }

    private void requireCluster() {
        if (!Files.isRegularFile(home.data().resolve("PG_VERSION"))) {
            throw new EmbeddedPostgresException(
                    "%s exists but holds no PostgreSQL database. Choose another directory, or move that one away to begin with an empty database."
                            .formatted(home.data()));
        }
    }

    private void run(List<String> command, String input) throws IOException, InterruptedException {
        ServerLog log = home.log();
        long logStart = log.size();
        Process process = Launcher.helper(account, command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()))
                .start();
        try (var in = process.outputWriter()) {
            in.write(input);
        }
        int exit;
        try {
            exit = process.waitFor();
        } finally {
            process.destroyForcibly(); // an interrupted start leaves nobody behind
        }
        String output = log.since(logStart);
        if (exit != 0 || output.contains("ERROR:")) { // a single-user server ends well even if its statement did not
            throw Failure.in(output)
                    .toException("An empty database could not be created in " + home.directory(), output);
        }
    }

    private void removeUnfinished() throws IOException {
        try (Stream<Path> entries = Files.list(home.directory())) {
            for (Path entry : entries.filter(e -> e.getFileName().toString().startsWith(UNFINISHED))
                    .toList()) {
                Trees.delete(entry);
            }
        }
    }
}
