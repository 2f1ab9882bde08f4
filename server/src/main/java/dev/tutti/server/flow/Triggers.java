package dev.tutti.server.flow;

import dev.tutti.flow.Trigger;
import dev.tutti.server.json.DelayReader;
import dev.tutti.server.json.JsonReader;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What moves a flow on, as it is written: {@code done}, {@code failed}, the name of an event; or {@code 12h}. */
final class Triggers {
    private static final Pattern EVENT = Pattern.compile("[a-z][a-z0-9-]{0,49}");
    private static final Duration LONGEST = Duration.ofDays(3_650);

    /** What a flow hears of without anybody sending a signal. */
    private static final List<String> EVENTS =
            List.of("units-changed", "hold-released", "address-changed", "payment-changed", "supply-arrived");

    private Triggers() {}

    /** How many letters one must add, leave out or change to get from one to the other. */
    private static int distance(String one, String other) {
        int[] row = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = corner + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                corner = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }

    static Trigger named(JsonReader in) {
        String name = in.nonEmptyText(50);
        return switch (name) {
            case "done" -> Trigger.DONE;
            case "failed" -> Trigger.FAILED;
            default -> {
                if (!EVENT.matcher(name).matches()) {
                    throw in.invalid("it is done, failed, or the name of an event: small letters, digits and hyphens");
                }
                for (String known : EVENTS) {
                    if (!name.equals(known) && distance(name, known) == 1) {
                        throw in.invalid("is " + known + " meant? A signal of your own must not be so like it");
                    }
                }
                yield new Trigger.Event(name);
            }
        };
    }

    static Trigger after(JsonReader in) {
        return new Trigger.After(DelayReader.read(in, LONGEST, "nothing waits for more than ten years"));
    }

    static String text(Trigger trigger) {
        return switch (trigger) {
            case Trigger.Done d -> "done";
            case Trigger.Failed f -> "failed";
            case Trigger.Event(var name) -> name;
            case Trigger.After after -> after.written();
        };
    }
}
