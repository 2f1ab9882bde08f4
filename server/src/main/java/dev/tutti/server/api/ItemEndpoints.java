package dev.tutti.server.api;

import dev.tutti.inventory.Item;
import dev.tutti.inventory.ItemId;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.Json;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** Items: made known, looked up. */
final class ItemEndpoints {
    private final Engine engine;

    ItemEndpoints(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("PUT", "/v1/items", "items.write", this::put);
        routes.add("GET", "/v1/items", "items.read", this::list);
        routes.add("GET", "/v1/items/{sku}", "items.read", this::get);
    }

    private void put(Call call) throws IOException {
        new Upserts<>(
                        ItemEndpoints::read,
                        Item::sku,
                        items -> engine.catalogue().putItems(items, call.audit("")))
                .take(call);
    }

    static Item read(JsonReader in) {
        in.object();
        String sku = null;
        String description = "";
        SortedMap<String, String> attributes = new TreeMap<>();
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "sku" -> sku = in.nonEmptyText(100);
                case "description" -> description = in.isNull() ? "" : in.text(2_000);
                case "attributes" -> attributes = in.attributes();
                default -> throw in.unknownField();
            }
        }
        return new Item(new ItemId(0), in.required(sku, "sku"), description, attributes);
    }

    private void get(Call call) throws IOException {
        call.onlyQueries();
        Item item = engine.catalogue().itemOf(call.value(0));
        if (item == null) {
            throw NotDone.notFound("item");
        }
        call.reply(200, json -> write(json, item));
    }

    private void list(Call call) throws IOException {
        call.onlyQueries("after", "limit");
        int limit = call.limit();
        String after = call.query("after");
        List<Item> items = engine.catalogue().items(after == null ? "" : after, limit);
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("items");
            json.writeStartArray();
            items.forEach(item -> write(json, item));
            json.writeEndArray();
            if (items.size() == limit) {
                json.writeStringProperty("next", items.getLast().sku());
            }
            json.writeEndObject();
        });
    }

    static void write(JsonGenerator json, Item item) {
        json.writeStartObject();
        json.writeStringProperty("sku", item.sku());
        json.writeStringProperty("description", item.description());
        Json.attributes(json, "attributes", item.attributes());
        json.writeEndObject();
    }
}
