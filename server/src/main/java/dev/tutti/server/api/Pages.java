package dev.tutti.server.api;

import dev.tutti.server.http.Call;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;

/** Lists, a page at a time: the cursor is the code of the last one on the page before. */
final class Pages {
    private Pages() {}

    /** @param sorted all there are, by code */
    static <T> void reply(
            Call call, String name, List<T> sorted, Function<T, String> code, BiConsumer<JsonGenerator, T> write)
            throws IOException {
        String after = call.query("after");
        int limit = call.limit();
        List<T> page = sorted.stream()
                .filter(thing -> after == null || code.apply(thing).compareTo(after) > 0)
                .limit(limit)
                .toList();
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName(name);
            json.writeStartArray();
            page.forEach(thing -> write.accept(json, thing));
            json.writeEndArray();
            if (page.size() == limit) {
                json.writeStringProperty("next", code.apply(page.getLast()));
            }
            json.writeEndObject();
        });
    }
}
