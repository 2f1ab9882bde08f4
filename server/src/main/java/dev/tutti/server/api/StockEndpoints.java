package dev.tutti.server.api;

import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockDocument;
import dev.tutti.network.Node;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Stock: what others know of it, and what we know. */
final class StockEndpoints {
    private final Engine engine;

    StockEndpoints(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/stock/snapshot", "stock.snapshot", call -> post(call, StockDocument.Kind.SNAPSHOT));
        routes.add("POST", "/v1/stock/delta", "stock.delta", call -> post(call, StockDocument.Kind.DELTA));
        routes.add("POST", "/v1/stock/sales", "stock.sales", call -> post(call, StockDocument.Kind.SALE));
        routes.add("POST", "/v1/stock/returns", "stock.returns", call -> post(call, StockDocument.Kind.RETURN));
        routes.add("POST", "/v1/stock/settings", "stock.settings", call -> post(call, StockDocument.Kind.SETTINGS));
        routes.add("GET", "/v1/stock", "stock.read", this::get);
    }

    private void post(Call call, StockDocument.Kind kind) throws IOException {
        call.onlyQueries("reference");
        String reference = call.query("reference");
        new StockLines(engine, call, kind, reference == null ? "" : reference).take();
    }

    private void get(Call call) throws IOException {
        call.onlyQueries("sku", "node");
        Sight sight = new Sight(engine, call.caller().scope());
        String sku = call.requiredQuery("sku");
        int item = engine.catalogue().item(sku);
        if (item < 0) {
            throw NotDone.notFound("item");
        }
        List<Node> nodes = nodes(call.query("node"), sight);
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeStringProperty("sku", sku);
            json.writeName("positions");
            json.writeStartArray();
            for (Node node : nodes) {
                Position position =
                        engine.index().position(new PositionKey(item, node.id().value()));
                if (position != null) {
                    write(json, node, position);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private List<Node> nodes(@Nullable String code, Sight sight) {
        if (code == null) {
            List<Node> seen = new ArrayList<>(engine.catalogue().network().nodes());
            seen.removeIf(node -> !sight.sees(node));
            seen.sort(Comparator.comparing(Node::code));
            return seen;
        }
        Node node = sight.node(code);
        if (node == null) {
            throw NotDone.notFound("node");
        }
        return List.of(node);
    }

    private static void write(JsonGenerator json, Node node, Position position) {
        json.writeStartObject();
        json.writeStringProperty("node", node.code());
        json.writeNumberProperty("onHand", position.onHand());
        json.writeNumberProperty("reserved", position.reserved());
        json.writeNumberProperty("available", position.available());
        json.writeNumberProperty("shortage", position.shortage());
        json.writeNumberProperty("backorderCap", position.backorderCap());
        json.writeNumberProperty("safetyStock", position.safetyStock());
        json.writeNumberProperty("version", position.version());
        json.writeEndObject();
    }
}
