package dev.tutti.postgres.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server process. The kernel sends its death signal when the <em>thread</em> that started the child ends, not the
 * process, so a keeper thread starts it, lives exactly as long, and meanwhile keeps the log short. No shutdown hook is
 * needed, hence none can race with the owner: when the JVM ends, by {@code exit}, a signal or a crash, the keeper is among
 * the last to go, and the server is told to stop after everybody who used it.
 */
final class Postmaster {
    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final long POLL_MILLIS = 10;
    private static final long LOG_CHECK_SECONDS = 5;
    private static final Duration IMMEDIATELY = Duration.ofSeconds(15); // PostgreSQL itself kills stragglers after 5

    enum Outcome {
        READY,
        ENDED,
        SILENT
    }

    private final Process process;
    private final CompletableFuture<Void> exit; // one for all: each that a process gives completes in its own time
    private final Home home;
    private final long logStart;
    private final @Nullable Watchdog watchdog;

    private Postmaster(Process process, Home home, long logStart, @Nullable Watchdog watchdog) {
        this.process = process;
        this.exit = process.onExit().thenAccept(_ -> {});
        this.home = home;
        this.logStart = logStart;
        this.watchdog = watchdog;
    }

    static Postmaster launch(Home home, Account account, Binaries binaries, boolean dieWithThread) throws IOException {
        home.log().rotate();
        long logStart = home.log().size();
        List<String> command = List.of(
                binaries.program("postgres"),
                "-D",
                home.data().toString(),
                "-c",
                "config_file=" + home.configuration());
        ProcessBuilder builder = Launcher.server(account, command, dieWithThread)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(home.log().file().toFile()));
        var started = new CompletableFuture<Process>();
        Thread.ofPlatform().daemon().name("tutti-postgres-keeper").start(() -> keep(builder, home.log(), started));
        Process process = result(started);
        process.getOutputStream().close();
        Watchdog watchdog = dieWithThread ? null : Watchdog.over(process.pid());
        return new Postmaster(process, home, logStart, watchdog);
    }

    private static Process result(CompletableFuture<Process> started) throws IOException {
        try {
            return started.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static void keep(ProcessBuilder builder, ServerLog log, CompletableFuture<Process> started) {
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            started.completeExceptionally(e);
            return;
        }
        started.complete(process);
        while (process.isAlive()) {
            try {
                process.waitFor(LOG_CHECK_SECONDS, TimeUnit.SECONDS);
                log.rotate();
            } catch (IOException e) {
                LOG.warn("The server's log {} cannot be kept short", log.file(), e);
            } catch (InterruptedException e) {
                LOG.debug("Interrupted, which means nothing here: this thread lives as long as the server", e);
            }
        }
    }

    /**
     * Waits until connections are accepted, the server ends instead, or it gives no sign of life for so long. A recovery
     * that takes long reports its progress, and each line it logs counts as a sign.
     */
    Outcome awaitReady(Duration patience) throws IOException, InterruptedException {
        long logged = -1;
        long deadline = System.nanoTime();
        while (true) {
            PidFile file = PidFile.read(home.data());
            if (file != null && file.pid() == process.pid() && file.ready()) {
                return Outcome.READY;
            }
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                return Outcome.ENDED;
            }
            if (home.log().size() != logged) {
                logged = home.log().size();
                deadline = System.nanoTime() + patience.toNanos();
            } else if (System.nanoTime() > deadline) {
                return Outcome.SILENT;
            }
        }
    }

    String output() throws IOException {
        return home.log().since(logStart);
    }

    long pid() {
        return process.pid();
    }

    CompletableFuture<Void> onExit() {
        return exit;
    }

    /** Ends the server, politely first where so asked; on return it is gone. An interruption means: hurry. */
    void stop(Signal signal, Duration patience) throws IOException {
        boolean interrupted = Thread.interrupted();
        boolean gone = false;
        if (signal == Signal.INT && !interrupted) {
            try {
                gone = ends(Signal.INT, patience);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try {
            gone = gone || ends(Signal.QUIT, IMMEDIATELY);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (!gone) {
            process.destroyForcibly();
            exit.join();
        }
        if (watchdog != null) {
            watchdog.dismiss();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean ends(Signal signal, Duration patience) throws IOException, InterruptedException {
        if (process.isAlive()) {
            signal.send(process.pid());
        }
        if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            exit.join();
        }
        return !process.isAlive();
    }
}
