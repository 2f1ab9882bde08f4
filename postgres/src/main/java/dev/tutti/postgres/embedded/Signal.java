package dev.tutti.postgres.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the postmaster understands. Java itself can send but two signals, of which neither is one of these. */
enum Signal {
    /** Ends the sessions, writes everything out, leaves. */
    INT,
    /** Leaves at once, as in a crash; the next start recovers from the log. */
    QUIT;

    private static final Duration ENOUGH = Duration.ofSeconds(10);

    void send(long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name() + " " + pid)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD) // it is gone already: good
                .start();
        kill.waitFor(ENOUGH.toSeconds(), TimeUnit.SECONDS);
    }
}
