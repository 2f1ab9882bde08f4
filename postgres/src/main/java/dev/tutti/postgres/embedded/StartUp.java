package dev.tutti.postgres.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;

/** The way from a locked directory to a server that accepts connections. */
record StartUp(Home home, Map<String, String> parameters, EmbeddedPostgres.Settings settings, boolean dieWithThread) {
    private static final int ANOTHER_TRY_MILLIS = 100;

    record Started(Postmaster postmaster, int port) {}

    Started run() throws IOException, InterruptedException {
        Account account = Account.forData(home.data());
        account.requirePassageTo(home.directory());
        var binaries = Binaries.unpackedIn(settings.cache());
        account.requirePassageTo(binaries.root());
        Predecessor.awaitEnd(home, settings.patience());
        new Cluster(home, account, binaries).createIfMissing();
        return launch(account, binaries);
    }

    private Started launch(Account account, Binaries binaries) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + settings.patience().toNanos();
        int port = Port.choose(settings.port(), ServerFile.read(home));
        while (true) {
            configure(port);
            var postmaster = Postmaster.launch(home, account, binaries, dieWithThread);
            Postmaster.Outcome outcome = outcomeOf(postmaster);
            if (outcome == Postmaster.Outcome.READY) {
                return new Started(postmaster, port);
            }
            String output = postmaster.output();
            var failure = outcome == Postmaster.Outcome.SILENT ? Failure.SILENT : Failure.in(output);
            boolean passes =
                    failure == Failure.STILL_IN_USE // by backends that have not yet noticed their postmaster's end
                            || (failure == Failure.PORT_TAKEN && settings.port() == 0);
            if (!passes || System.nanoTime() > deadline) {
                throw failure.toException(
                        "PostgreSQL did not start in %s on port %d".formatted(home.directory(), port), output);
            }
            Thread.sleep(ANOTHER_TRY_MILLIS);
            port = settings.port() == 0 && failure == Failure.PORT_TAKEN ? Port.anyFree() : port;
        }
    }

    private Postmaster.Outcome outcomeOf(Postmaster postmaster) throws IOException, InterruptedException {
        var outcome = Postmaster.Outcome.SILENT;
        try {
            outcome = postmaster.awaitReady(settings.patience());
            return outcome;
        } finally {
            if (outcome != Postmaster.Outcome.READY) { // also where an exception passes
                postmaster.stop(Signal.QUIT, Duration.ZERO);
            }
        }
    }

    private void configure(int port) throws IOException {
        Path file = home.configuration();
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(written, Parameters.asFile(parameters, port));
        Files.setPosixFilePermissions(
                written, PosixFilePermissions.fromString("rw-r--r--")); // for the server's account
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
