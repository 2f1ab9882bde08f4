package dev.tutti.server.flow;

import dev.tutti.flow.Trigger;
import dev.tutti.server.json.Delays;
import dev.tutti.server.json.JsonReader;
import java.time.Duration;
import java.util.regex.Pattern;

/** What moves a flow on, as it is written: {@code done}, {@code failed}, the name of an event; or {@code 12h}. */
final class Triggers {
    private static final Pattern EVENT = Pattern.compile("[a-z][a-z0-9-]{0,49}");
    private static final Duration LONGEST = Duration.ofDays(3_650);

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
        return new Trigger.After(Delays.read(in, LONGEST, "nothing waits for more than ten years"));
    }

    static String text(Trigger trigger) {
        return switch (trigger) {
            case Trigger.Done d -> "done";
            case Trigger.Failed f -> "failed";
            case Trigger.Event(var name) -> name;
            case Trigger.After(var delay) -> Delays.text(delay);
        };
    }
}
