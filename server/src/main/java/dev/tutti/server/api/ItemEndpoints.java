package dev.tutti.server.api;

import dev.tutti.inventory.Item;
import dev.tutti.postgres.MasterData.Outcome;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.util.List;
import java.util.Map;

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
                        ItemJson::read,
                        Item::sku,
                        items -> TermsCheck.of(engine, items).wrong(),
                        items -> put(items, call))
                .take(call);
    }

    private Map<String, Problem> put(List<Item> items, Call call) {
        return engine.catalogue().putItems(items, call.audit("")) instanceof Outcome.Contradicted item
                ? Map.of(item.sku(), TermsCheck.contradicted(item))
                : Map.of();
    }

    private void get(Call call) throws IOException {
        call.onlyQueries();
        Item item = engine.catalogue().itemOf(call.value(0));
        if (item == null) {
            throw NotDone.notFound("item");
        }
        call.reply(200, json -> ItemJson.write(json, item));
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
            items.forEach(item -> ItemJson.write(json, item));
            json.writeEndArray();
            if (items.size() == limit) {
                json.writeStringProperty("next", items.getLast().sku());
            }
            json.writeEndObject();
        });
    }
}
