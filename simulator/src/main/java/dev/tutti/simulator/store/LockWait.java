package dev.tutti.simulator.store;

/** The call would block now. Nothing has been answered; the same call, made again later, goes on where it stands. */
public final class LockWait extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LockWait(String what) {
        super(what, null, false, false);
    }
}
