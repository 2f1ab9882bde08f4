package dev.tutti.postgres.embedded;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server whose owner died is still going down, or was missed by the signal that should have told it to. Whoever comes
 * here holds the directory's lock, so nobody living owns that server: it may be told again, and waited for.
 */
final class Predecessor {
    private static final Logger LOG = LoggerFactory.getLogger(Predecessor.class);

    private Predecessor() {}

    static void awaitEnd(Home home, Duration patience) throws IOException, InterruptedException {
        PidFile old = PidFile.read(home.data());
        if (old == null) {
            return;
        }
        if (!old.isPostmasterOf(home.data())) {
            if (ProcessHandle.of(old.pid()).isPresent()) {
                PidFile.replaceStranger(home.data());
            }
            return; // PostgreSQL sees for itself that the file is stale
        }
        LOG.info("The server of an owner that died (process {}) is still going down; waiting for it", old.pid());
        Duration half = patience.dividedBy(2);
        if (!ends(old, home, Signal.INT, half) && !ends(old, home, Signal.QUIT, half)) {
            throw new EmbeddedPostgresException(
                    "An earlier PostgreSQL server (process %d) has not ended within %d s and still uses %s. End it with: kill -QUIT %d"
                            .formatted(old.pid(), patience.toSeconds(), home.data(), old.pid()));
        }
    }

    private static boolean ends(PidFile old, Home home, Signal signal, Duration patience)
            throws IOException, InterruptedException {
        signal.send(old.pid());
        long deadline = System.nanoTime() + patience.toNanos();
        while (old.isPostmasterOf(home.data())) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(10);
        }
        return true;
    }
}
