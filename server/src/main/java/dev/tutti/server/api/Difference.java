package dev.tutti.server.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A field in which two things differ, as they look on the wire. Knows nothing of what the things are: a new field of a
 * node is compared as soon as it is written.
 *
 * @param path within the thing, such as {@code calendar.cutOff}
 * @param before null if the field was not there
 * @param after null if it would be there no more
 */
record Difference(
        String path, @Nullable JsonNode before, @Nullable JsonNode after) {
    private static final int LONGEST_SHOWN = 160;
    private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();

    static List<Difference> between(JsonNode before, JsonNode after) {
        List<Difference> found = new ArrayList<>();
        collect("", before, after, found);
        return found;
    }

    private static void collect(
            String path, @Nullable JsonNode before, @Nullable JsonNode after, List<Difference> found) {
        if (isObjectOrMissing(before) && isObjectOrMissing(after)) {
            JsonNode old = Objects.requireNonNullElse(before, NOTHING);
            JsonNode young = Objects.requireNonNullElse(after, NOTHING);
            young.propertyNames().forEach(name -> collect(under(path, name), old.get(name), young.get(name), found));
            old.propertyNames().stream()
                    .filter(name -> young.get(name) == null)
                    .forEach(name -> collect(under(path, name), old.get(name), null, found));
        } else if (areCoded(before) && areCoded(after)) {
            collect(path, byCode(before), byCode(after), found);
        } else if (!same(before, after)) {
            found.add(new Difference(path, before, after));
        }
    }

    /** A list of things that have a code each, such as the steps of a flow: compared by it, and not by their place. */
    private static boolean areCoded(@Nullable JsonNode list) {
        return list != null
                && list.isArray()
                && !list.isEmpty()
                && list.values().stream().allMatch(thing -> thing.path("code").isString());
    }

    private static ObjectNode byCode(@Nullable JsonNode list) {
        ObjectNode things = JsonNodeFactory.instance.objectNode();
        if (list != null) {
            ArrayNode order = JsonNodeFactory.instance.arrayNode();
            list.values().forEach(thing -> order.add(thing.path("code").asString()));
            list.values().forEach(thing -> things.set(thing.path("code").asString(), thing));
            things.set("order", order);
        }
        return things;
    }

    private static boolean isObjectOrMissing(@Nullable JsonNode node) {
        return node == null || node.isObject();
    }

    private static String under(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static boolean same(@Nullable JsonNode before, @Nullable JsonNode after) {
        if (before == null || after == null) {
            return before == null && after == null;
        }
        boolean numbers = before.isNumber() && after.isNumber();
        return numbers ? before.decimalValue().compareTo(after.decimalValue()) == 0 : before.equals(after);
    }

    /** Such as {@code dailyCapacity 40 → 60}; of lists, what is added and what is taken away. */
    String words() {
        if (before != null && after != null && before.isArray() && after.isArray()) {
            List<String> words = new ArrayList<>();
            words.add(path);
            after.values().stream().filter(v -> !has(before, v)).forEach(v -> words.add("+ " + shown(v)));
            before.values().stream().filter(v -> !has(after, v)).forEach(v -> words.add("− " + shown(v)));
            if (words.size() > 1) {
                return String.join(" ", words);
            }
        }
        return path + " " + shown(before) + " → " + shown(after);
    }

    private static boolean has(JsonNode list, JsonNode value) {
        return list.values().stream().anyMatch(value::equals);
    }

    private static String shown(@Nullable JsonNode value) {
        if (value == null) {
            return "none";
        }
        String text = value.isString() ? value.asString() : value.toString();
        if (text.isBlank()) {
            return '"' + text + '"';
        }
        String safe = text.replaceAll("\\p{Cntrl}", "\uFFFD");
        return safe.length() > LONGEST_SHOWN ? safe.substring(0, LONGEST_SHOWN) + "…" : safe;
    }
}
