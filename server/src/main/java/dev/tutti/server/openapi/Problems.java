package dev.tutti.server.openapi;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every code a problem can have. That of a code which is a constant is known to the program, and its status with it; for
 * the others the status is written beside the text, and the tests compare it with the sources.
 */
final class Problems {
    /** For every operation. */
    private static final String ALWAYS = "always";
    /** For every operation that needs a key. */
    private static final String KEYED = "keyed";
    /** Where a request asks for what is no operation. */
    private static final String OUTSIDE = "outside";

    private final SortedMap<String, SortedSet<Integer>> statuses = new TreeMap<>();
    private final ObjectNode texts = JsonNodeFactory.instance.objectNode();
    private final ObjectNode sets;
    private final TreeSet<String> unused = new TreeSet<>();

    Problems(ObjectNode written, Facts facts) {
        sets = Written.part(written, "sets");
        Written.part(written, "problems").forEachEntry((code, entry) -> read(code, (ObjectNode) entry, facts));
        for (String code : facts.problems().keySet()) {
            if (!statuses.containsKey(code)) {
                throw new Flaw("nobody has written what the problem " + code + " means");
            }
        }
        unused.addAll(statuses.keySet());
        codes(OUTSIDE);
    }

    private void read(String code, ObjectNode entry, Facts facts) {
        SortedSet<Integer> all = new TreeSet<>(facts.problems().getOrDefault(code, new TreeSet<>()));
        for (JsonNode status : entry.path("status")) {
            if (!all.add(status.asInt())) {
                throw new Flaw("the program knows itself that " + code + " has the status " + status);
            }
        }
        if (all.isEmpty()) {
            throw new Flaw("the program knows no status of " + code);
        }
        statuses.put(code, all);
        ObjectNode text = texts.putObject(code);
        ArrayNode numbers = text.putArray("status");
        all.forEach(numbers::add);
        for (String part : List.of("when", "do")) {
            if (!entry.hasNonNull(part)) {
                throw new Flaw("of the problem " + code + " nobody has written: " + part);
            }
            text.set(part, entry.get(part));
        }
    }

    ArrayNode codes() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        statuses.keySet().forEach(all::add);
        return all;
    }

    /** By code: its status, when it happens and what to do. */
    ObjectNode texts() {
        return texts;
    }

    /** What an operation may be answered with, by status. */
    SortedMap<Integer, SortedSet<String>> of(ObjectNode operation, boolean keyed) {
        SortedMap<Integer, SortedSet<String>> found = codes(ALWAYS);
        if (keyed) {
            add(codes(KEYED), found);
        }
        add(named(operation, "problems"), found);
        return found;
    }

    /** What is listed under a name, by status. */
    SortedMap<Integer, SortedSet<String>> named(ObjectNode operation, String name) {
        SortedMap<Integer, SortedSet<String>> found = new TreeMap<>();
        operation.path(name).forEach(word -> add(codes(word.asString()), found));
        return found;
    }

    private static void add(SortedMap<Integer, SortedSet<String>> more, SortedMap<Integer, SortedSet<String>> to) {
        more.forEach((status, codes) ->
                to.computeIfAbsent(status, s -> new TreeSet<>()).addAll(codes));
    }

    /** @param word a set, a code, or one status of a code, as in {@code 400 unknown-field} */
    private SortedMap<Integer, SortedSet<String>> codes(String word) {
        SortedMap<Integer, SortedSet<String>> found = new TreeMap<>();
        if (sets.has(word)) {
            sets.get(word).forEach(member -> add(codes(member.asString()), found));
            return found;
        }
        String[] parts = word.split(" ", -1);
        String code = parts[parts.length - 1];
        SortedSet<Integer> known = statuses.get(code);
        if (known == null) {
            throw new Flaw("there is neither a problem nor a set named " + word);
        }
        int status = parts.length == 1 ? known.getFirst() : Integer.parseInt(parts[0]);
        if (!known.contains(status) || (parts.length == 1 && known.size() > 1)) {
            throw new Flaw(code + " has the status " + known + "; say which, as in " + known.getFirst() + " " + code);
        }
        unused.remove(code);
        found.put(status, new TreeSet<>(List.of(code)));
        return found;
    }

    void requireAllUsed() {
        if (!unused.isEmpty()) {
            throw new Flaw("no operation is answered with " + unused);
        }
    }
}
