package dev.tutti.server.effects;

import dev.tutti.server.backoff.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The calls to one service: how many are under way, and whether it is any use to make more. One that does not answer is
 * left alone for a while, longer each time, and then tried with a single call.
 */
final class Line {
    private static final int PATIENCE = 5;
    private static final Duration LONGEST = Duration.ofMinutes(1);
    /** A service that is well again is not left alone for much longer. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(10);

    private int underWay;
    private int failures;
    /** Single calls that were tried since it was left alone, and failed as well. */
    private int tries;

    private long restsUntil = System.nanoTime();

    /** How many more calls may be made now. */
    synchronized int free(int atOnce) {
        if (failures < PATIENCE) {
            return Math.max(0, atOnce - underWay);
        }
        boolean mayTry = System.nanoTime() - restsUntil >= 0 && underWay == 0;
        return mayTry ? 1 : 0;
    }

    /** @return whether this one tries whether it answers again */
    synchronized boolean begin() {
        underWay++;
        return failures >= PATIENCE;
    }

    /**
     * Many that fail side by side are no worse than one: only a try that fails makes the next wait longer.
     *
     * @param reached null if it was not called after all, which says nothing about it
     */
    synchronized void end(@Nullable Boolean reached, boolean isTry) {
        underWay--;
        if (reached == null) {
            return;
        }
        if (reached) {
            failures = 0;
            tries = 0;
        } else if (isTry) {
            tries++;
            restsUntil =
                    System.nanoTime() + Backoff.after(tries + 1, LONGEST_REST).toNanos();
        } else if (failures < PATIENCE && ++failures == PATIENCE) {
            restsUntil = System.nanoTime() + Backoff.after(1, LONGEST_REST).toNanos();
        }
    }

    /** How long one call waits for its next attempt. */
    static Duration backOff(int before) {
        return Backoff.after(before + 1, LONGEST);
    }
}
