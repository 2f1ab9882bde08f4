package dev.tutti.server.effects;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The calls to one service: how many are under way, and whether it is any use to make more. One that does not answer is
 * left alone for a while, longer each time, and then tried with a single call.
 */
final class Line {
    private static final int PATIENCE = 5;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private int underWay;
    private int failures;
    private long restsUntil = System.nanoTime();

    /** How many more calls may be made now. */
    synchronized int free(int atOnce) {
        if (failures < PATIENCE) {
            return Math.max(0, atOnce - underWay);
        }
        boolean tries = System.nanoTime() - restsUntil >= 0 && underWay == 0;
        return tries ? 1 : 0;
    }

    synchronized void begin() {
        underWay++;
    }

    synchronized void end(boolean reached) {
        underWay--;
        failures = reached ? 0 : failures + 1;
        restsUntil =
                System.nanoTime() + backOff(Math.max(0, failures - PATIENCE)).toNanos();
    }

    /** Twice as long each time, and never the same for two. */
    static Duration backOff(int before) {
        long most = Math.min(LONGEST.toMillis(), SHORTEST.toMillis() << Math.min(10, before));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }
}
