package dev.tutti.server.api;

import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** All that is wrong with one document: whoever corrects files wants to know it at once. */
final class Problems {
    private static final int MOST_LISTED = 200;

    private final List<Problem> listed = new ArrayList<>();
    private int count;

    void add(Problem problem) {
        count++;
        if (listed.size() < MOST_LISTED) {
            listed.add(problem);
        }
    }

    void add(String path, BadJson.Kind kind, String detail) {
        add(new Problem(422, kind.code(), detail, path));
    }

    boolean isEmpty() {
        return count == 0;
    }

    /**
     * Reads a part of the document. A reader stops at the first thing it cannot read; the field that is wrong is then
     * taken out and the rest is read again, until nothing else is wrong.
     *
     * @return null if anything was wrong
     */
    <T> @Nullable T read(JsonNode part, String path, Function<JsonReader, T> read) {
        List<String> takenOut = new ArrayList<>();
        while (true) {
            Problem problem;
            try (JsonReader in = JsonReader.of(part, path)) {
                in.begin();
                T value = read.apply(in);
                in.end();
                return takenOut.isEmpty() ? value : null;
            } catch (BadJson e) {
                problem = Problem.of(e);
            } catch (NotDone e) {
                problem = e.problem();
            }
            boolean missing = problem.code().equals(BadJson.Kind.MISSING_FIELD.code());
            // What was taken out is missing now, which is no news.
            if (!missing || !takenOut.contains(problem.path())) {
                add(problem);
            }
            String wrong = missing ? parent(problem.path()) : problem.path();
            String gone = wrong.startsWith(path + ".") ? takeOut(part, wrong.substring(path.length() + 1)) : null;
            if (gone == null) {
                return null;
            }
            takenOut.add(path + "." + gone);
        }
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('.')));
    }

    /**
     * Takes a field out, or the list it stands in: an element of one cannot go alone, as those after it would be told
     * under the wrong number.
     *
     * @return the path of what is gone, or null if nothing is
     */
    private static @Nullable String takeOut(JsonNode from, String path) {
        JsonNode at = from;
        String before = "";
        String rest = path;
        while (at instanceof ObjectNode object) {
            int dot = rest.indexOf('.');
            String name = (dot < 0 ? rest : rest.substring(0, dot)).replaceFirst("(\\[\\d+])+$", "");
            JsonNode next = object.get(name);
            if (dot < 0 || !(next instanceof ObjectNode)) {
                return object.remove(name) == null ? null : before + name;
            }
            before += name + ".";
            at = next;
            rest = rest.substring(dot + 1);
        }
        return null;
    }

    /** The first is told like any problem; all are listed. */
    void write(JsonGenerator json) {
        Problem first = listed.getFirst();
        json.writeStartObject();
        json.writeStringProperty("type", "/problems/configuration-refused");
        json.writeStringProperty("title", "Configuration refused");
        json.writeNumberProperty("status", 422);
        json.writeStringProperty("code", "configuration-refused");
        json.writeStringProperty(
                "detail",
                (count == 1 ? "one thing is wrong" : count + " things are wrong") + "; nothing was changed. "
                        + (first.path().isEmpty() ? "" : first.path() + ": ") + first.detail());
        json.writeName("problems");
        json.writeStartArray();
        for (Problem problem : listed) {
            json.writeStartObject();
            json.writeStringProperty("code", problem.code());
            json.writeStringProperty("path", problem.path());
            json.writeStringProperty("detail", problem.detail());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberProperty("count", count);
        json.writeEndObject();
    }
}
