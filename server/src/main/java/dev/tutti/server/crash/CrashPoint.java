package dev.tutti.server.crash;

import org.jspecify.annotations.Nullable;

/**
 * A moment at which it matters what is durable and what is not: between two things that cannot happen in one transaction.
 * {@code -Dtutti.crash=NAME} ends the process there, as abruptly as a power cut; without it nothing happens.
 */
public enum CrashPoint {
    /** An effect was taken up, and nobody was called yet. */
    EFFECT_TAKEN_UP,
    /** The service has answered, and nobody here knows. */
    EFFECT_CALLED,
    /** The order knows what the service has answered, and the effect's row does not. */
    EFFECT_KNOWN,
    /** An event was sent, and it is not noted. */
    EVENT_SENT,
    /** All events of a turn were sent, and nothing of it is noted. */
    TURN_OVER,
    /** Orders of a topic are durable, and their messages are not done. */
    ORDERS_TAKEN_IN;

    private static final @Nullable String CHOSEN = System.getProperty("tutti.crash");
    private static final int KILLED = 137;

    /** Goes on, unless it is the end. */
    public void pass() {
        if (CHOSEN != null && name().equals(CHOSEN)) {
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
