package dev.tutti.server.openapi;

import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Puts what the program knows where the texts name it: {@code $NAME} alone is the value, among words it is its text. */
final class Values {
    private static final Pattern NAME = Pattern.compile("\\$([A-Za-z_]{2,})");

    private final SortedMap<String, JsonNode> values;
    private final TreeSet<String> unused;

    Values(SortedMap<String, JsonNode> values) {
        this.values = values;
        this.unused = new TreeSet<>(values.keySet());
    }

    JsonNode putInto(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> putInto(object);
            case ArrayNode array -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> copy.add(putInto(element)));
                yield copy;
            }
            case StringNode text -> putInto(text);
            default -> node;
        };
    }

    ObjectNode putInto(ObjectNode object) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object.forEachEntry((name, value) -> copy.set(name, putInto(value)));
        return copy;
    }

    private JsonNode putInto(StringNode node) {
        String text = node.asString().strip();
        Matcher names = NAME.matcher(text);
        if (names.matches()) {
            return value(names.group(1)).deepCopy();
        }
        return StringNode.valueOf(
                names.reset().replaceAll(found -> Matcher.quoteReplacement(inWords(value(found.group(1))))));
    }

    private JsonNode value(String name) {
        JsonNode value = values.get(name);
        if (value == null) {
            throw new Flaw("the program knows no $" + name);
        }
        unused.remove(name);
        return value;
    }

    private static String inWords(JsonNode value) {
        return value instanceof ArrayNode array
                ? array.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "))
                : value.asString();
    }

    void requireAllUsed() {
        if (!unused.isEmpty()) {
            throw new Flaw("nothing in the document names " + unused);
        }
    }
}
