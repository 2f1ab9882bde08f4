package dev.tutti.server.openapi;

import java.util.ArrayDeque;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What goes in and out by messages: an AsyncAPI document, its schemas those of the OpenAPI document. */
final class AsyncDescription {
    private static final String SCHEMAS = "#/components/schemas/";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private AsyncDescription() {}

    /** @param openApi the whole document */
    static ObjectNode of(ObjectNode openApi) {
        ObjectNode document = Written.async();
        ObjectNode components = document.withObjectProperty("components");
        ObjectNode messages = components.withObjectProperty("messages");
        openApi.at("/components/schemas/OrderEvent/discriminator/mapping").forEachEntry((kind, schema) -> {
            messages.set(kind, message(openApi, kind, schema.asString()));
            for (String channel : new String[] {"webhook", "events"}) {
                document.withObjectProperty("channels")
                        .withObjectProperty(channel)
                        .withObjectProperty("messages")
                        .set(kind, JSON.objectNode().put("$ref", "#/components/messages/" + kind));
            }
        });
        addSchemas(components.withObjectProperty("schemas"), document, openApi);
        return document;
    }

    private static ObjectNode message(ObjectNode openApi, String kind, String schema) {
        ObjectNode message = JSON.objectNode();
        String name = schema.substring(SCHEMAS.length());
        message.put("name", "dev.tutti." + kind);
        message.set("summary", openApi.at("/components/schemas/" + name + "/description"));
        ObjectNode payload = message.putObject("payload");
        payload.putArray("allOf").addObject().put("$ref", SCHEMAS + "CloudEvent");
        ObjectNode properties = payload.putObject("properties");
        properties.putObject("type").put("const", "dev.tutti." + kind);
        properties.putObject("data").putObject("properties").putObject("event").put("$ref", schema);
        ObjectNode key = message.putObject("bindings").putObject("kafka").putObject("key");
        key.put("type", "string").put("description", "The order's number.");
        return message;
    }

    /** All that is named, and what is named in that. */
    private static void addSchemas(ObjectNode schemas, ObjectNode document, ObjectNode openApi) {
        TreeMap<String, JsonNode> wanted = new TreeMap<>();
        ArrayDeque<JsonNode> open = new ArrayDeque<>();
        open.add(document);
        for (JsonNode node = open.poll(); node != null; node = open.poll()) {
            for (JsonNode reference : node.findValues("$ref")) {
                String name = reference.asString().startsWith(SCHEMAS)
                        ? reference.asString().substring(SCHEMAS.length())
                        : "";
                if (!name.isEmpty() && !schemas.has(name) && !wanted.containsKey(name)) {
                    JsonNode schema = openApi.at("/components/schemas").get(name);
                    if (schema == null) {
                        throw new Flaw("there is no schema " + name);
                    }
                    wanted.put(name, schema);
                    open.add(schema);
                }
            }
        }
        wanted.forEach(schemas::set);
    }
}
