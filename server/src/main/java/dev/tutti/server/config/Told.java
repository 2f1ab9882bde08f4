package dev.tutti.server.config;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A server's plan, for people. */
final class Told {
    private final JsonNode plan;
    private final PrintStream out;

    Told(JsonNode plan, PrintStream out) {
        this.plan = plan;
        this.out = out;
    }

    void tell(Options.Action action) {
        out.println("against version " + plan.path("against").asLong());
        changes("new", "new");
        changes("changed", "changed");
        int unlisted = plan.path("changesNotListed").asInt();
        if (unlisted > 0) {
            out.println("and " + unlisted + " more that are new or changed");
        }
        section("in the system and not in the files, left alone", texts("leftAlone"));
        section("what follows", texts("follows"));
        out.println();
        boolean nothing = plan.path("nothingToDo").asBoolean();
        out.println(nothing ? "nothing to do" : counts());
        if (action == Options.Action.APPLY && !nothing) {
            out.println("applied as version " + plan.path("version").asLong());
        }
    }

    private void changes(String title, String change) {
        List<String> words = new ArrayList<>();
        for (JsonNode entry : plan.path("changes")) {
            if (entry.path("change").asString().equals(change)) {
                words.add(entry.path("words").asString());
            }
        }
        section(title, words);
    }

    private List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        plan.path(name).forEach(text -> texts.add(text.asString()));
        return texts;
    }

    private void section(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            out.println(title);
            lines.forEach(line -> out.println("  " + printable(line)));
        }
    }

    /** A code may hold any character; a terminal obeys some. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "\uFFFD");
    }

    private String counts() {
        List<String> words = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            JsonNode tally = plan.path(kind.key());
            List<String> parts = new ArrayList<>();
            for (String part : List.of("new", "changed", "same")) {
                long count = tally.path(part).asLong();
                if (count > 0) {
                    parts.add(count + " " + part);
                }
            }
            if (!parts.isEmpty()) {
                words.add(kind.key() + ": " + String.join(", ", parts));
            }
        }
        return String.join("; ", words);
    }
}
