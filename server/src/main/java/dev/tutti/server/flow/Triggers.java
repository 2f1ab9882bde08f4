package dev.tutti.server.flow;

import dev.tutti.flow.Trigger;
import dev.tutti.server.json.JsonReader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What moves a flow on, as it is written: {@code done}, {@code failed}, the name of an event; or {@code 12h}. */
final class Triggers {
    private static final Pattern EVENT = Pattern.compile("[a-z][a-z0-9-]{0,49}");
    private static final Pattern DELAY = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
    private static final Duration LONGEST = Duration.ofDays(3_650);
    /** The greatest first. */
    private static final Map<String, Duration> UNITS = new LinkedHashMap<>();

    static {
        UNITS.put("d", Duration.ofDays(1));
        UNITS.put("h", Duration.ofHours(1));
        UNITS.put("m", Duration.ofMinutes(1));
        UNITS.put("s", Duration.ofSeconds(1));
    }

    private Triggers() {}

    static Trigger named(JsonReader in) {
        String name = in.nonEmptyText(50);
        return switch (name) {
            case "done" -> Trigger.DONE;
            case "failed" -> Trigger.FAILED;
            default -> {
                if (!EVENT.matcher(name).matches()) {
                    throw in.invalid("it is done, failed, or the name of an event: small letters, digits and hyphens");
                }
                yield new Trigger.Event(name);
            }
        };
    }

    static Trigger after(JsonReader in) {
        Matcher delay = DELAY.matcher(in.nonEmptyText(10));
        if (!delay.matches()) {
            throw in.invalid("it is a time such as 90s, 30m, 12h or 30d");
        }
        Duration after = UNITS.getOrDefault(delay.group(2), Duration.ZERO).multipliedBy(Long.parseLong(delay.group(1)));
        if (after.compareTo(LONGEST) > 0) {
            throw in.invalid("nothing waits for more than ten years");
        }
        return new Trigger.After(after);
    }

    static String text(Trigger trigger) {
        return switch (trigger) {
            case Trigger.Done d -> "done";
            case Trigger.Failed f -> "failed";
            case Trigger.Event(var name) -> name;
            case Trigger.After(var delay) -> text(delay);
        };
    }

    private static String text(Duration delay) {
        for (Map.Entry<String, Duration> unit : UNITS.entrySet()) {
            long count = delay.dividedBy(unit.getValue());
            if (count > 0 && unit.getValue().multipliedBy(count).equals(delay)) {
                return count + unit.getKey();
            }
        }
        throw new IllegalArgumentException("a flow waits for whole seconds, not for " + delay);
    }
}
