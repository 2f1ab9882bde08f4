package dev.tutti.flow;

import java.time.Duration;

/** Lengths of time as people write them: {@code 90s}, {@code 30m}, {@code 12h} or {@code 30d}. */
public final class Delays {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Delays() {}

    /**
     * In the greatest unit of which it is a whole number.
     *
     * @throws IllegalArgumentException if it is no number of whole seconds, or none at all
     */
    public static String written(Duration delay) {
        long seconds = delay.toSeconds();
        if (seconds <= 0 || !delay.equals(Duration.ofSeconds(seconds))) {
            throw new IllegalArgumentException("a length of time is whole seconds, not " + delay);
        }
        return seconds % DAY == 0
                ? seconds / DAY + "d"
                : seconds % HOUR == 0
                        ? seconds / HOUR + "h"
                        : seconds % MINUTE == 0 ? seconds / MINUTE + "m" : seconds + "s";
    }
}
