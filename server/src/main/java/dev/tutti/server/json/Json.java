package dev.tutti.server.json;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes JSON. */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();

    private Json() {}

    /** One document, in UTF-8. */
    public static byte[] bytes(Consumer<JsonGenerator> content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            content.accept(json);
        }
        return bytes.toByteArray();
    }

    public static void attributes(JsonGenerator json, String name, Map<String, String> attributes) {
        if (!attributes.isEmpty()) {
            json.writeName(name);
            json.writeStartObject();
            attributes.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
    }
}
