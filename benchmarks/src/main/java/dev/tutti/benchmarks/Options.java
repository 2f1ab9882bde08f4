package dev.tutti.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a benchmark was asked for: {@code --name value}, or {@code --name} alone. */
record Options(Map<String, String> values) {
    static Options of(List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            if (!name.startsWith("--")) {
                throw new IllegalArgumentException("an option begins with --, not like " + name);
            }
            boolean hasValue = i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--");
            values.put(name.substring(2), hasValue ? arguments.get(++i) : "true");
        }
        return new Options(values);
    }

    boolean quick() {
        return values.containsKey("quick");
    }

    int number(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }
}
