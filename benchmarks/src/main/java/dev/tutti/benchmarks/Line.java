package dev.tutti.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One result: a JSON object on a line of standard output. */
final class Line {
    private final Map<String, String> fields = new LinkedHashMap<>();

    Line(String benchmark) {
        fields.put("bench", quoted(benchmark));
    }

    Line with(String name, double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        fields.put(
                name,
                whole
                        ? Long.toString((long) value)
                        : String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.1f", value));
        return this;
    }

    Line with(String name, long value) {
        fields.put(name, Long.toString(value));
        return this;
    }

    Line with(String name, String value) {
        fields.put(name, quoted(value));
        return this;
    }

    void print() {
        StringBuilder json = new StringBuilder("{");
        fields.forEach((name, value) -> json.append(json.length() == 1 ? "" : ",")
                .append(quoted(name))
                .append(':')
                .append(value));
        System.out.println(json.append('}'));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
