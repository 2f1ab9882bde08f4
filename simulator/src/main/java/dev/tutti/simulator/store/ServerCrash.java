package dev.tutti.simulator.store;

/** The server's process ends here and now; whoever drives it must forget all it knew. */
public final class ServerCrash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServerCrash() {
        super("kill -9", null, false, false);
    }
}
