package dev.tutti.flow;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lengths of time as people write them: {@code 90s}, {@code 30m}, {@code 12h} or {@code 30d}. */
public final class Delays {
    private static final Pattern WRITTEN = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Delays() {}

    /** Null if it is written otherwise. */
    public static @Nullable Duration read(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "d" -> Duration.ofDays(count);
            case "h" -> Duration.ofHours(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofSeconds(count);
        };
    }

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
