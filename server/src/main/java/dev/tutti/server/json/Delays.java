package dev.tutti.server.json;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time as people write it: {@code 90s}, {@code 30m}, {@code 12h} or {@code 30d}. */
public final class Delays {
    private static final Pattern DELAY = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
    /** The greatest first. */
    private static final Map<String, Duration> UNITS = new LinkedHashMap<>();

    static {
        UNITS.put("d", Duration.ofDays(1));
        UNITS.put("h", Duration.ofHours(1));
        UNITS.put("m", Duration.ofMinutes(1));
        UNITS.put("s", Duration.ofSeconds(1));
    }

    private Delays() {}

    /** @param tooLong what is said of one that is longer than {@code longest} */
    public static Duration read(JsonReader in, Duration longest, String tooLong) {
        Matcher delay = DELAY.matcher(in.nonEmptyText(10));
        if (!delay.matches()) {
            throw in.invalid("it is a time such as 90s, 30m, 12h or 30d");
        }
        Duration read = UNITS.getOrDefault(delay.group(2), Duration.ZERO).multipliedBy(Long.parseLong(delay.group(1)));
        if (read.compareTo(longest) > 0) {
            throw in.invalid(tooLong);
        }
        return read;
    }
}
