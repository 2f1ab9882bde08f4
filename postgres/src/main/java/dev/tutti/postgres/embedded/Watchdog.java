package dev.tutti.postgres.embedded;

import java.io.IOException;

/**
 * Stops the server when this process dies, where the kernel does not offer to. It waits on a pipe that only this process
 * holds open; the pipe's end, which the kernel brings about whatever kills us, wakes it.
 */
final class Watchdog {
    private final Process shell;

    private Watchdog(Process shell) {
        this.shell = shell;
    }

    static Watchdog over(long postmaster) throws IOException {
        return new Watchdog(
                new ProcessBuilder("/bin/sh", "-c", "trap '' INT HUP TERM; read -r line; kill -INT " + postmaster)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    /** When the server is gone its process id may soon be somebody else's: the watchdog must not see the pipe end. */
    void dismiss() {
        shell.destroyForcibly();
    }
}
