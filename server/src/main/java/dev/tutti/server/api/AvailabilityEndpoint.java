package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.inventory.Fences;
import dev.tutti.inventory.Supply;
import dev.tutti.network.Channel;
import dev.tutti.network.Node;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * What a channel can sell of items now: over all nodes that are open, and node by node, with what ring-fences keep for it.
 * Answered from the picture of the stock in memory, whose age is said.
 */
final class AvailabilityEndpoint {
    static final int MOST_ITEMS = 50;

    private final Engine engine;

    AvailabilityEndpoint(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("GET", "/v1/availability", "availability.read", this::get);
    }

    /** An item, and the nodes that have some of it. */
    private record Item(String sku, List<At> nodes) {
        long units(boolean shipped) {
            return nodes.stream()
                    .filter(at -> shipped ? at.node().ships() : at.node().handsOut())
                    .mapToLong(At::units)
                    .sum();
        }
    }

    private record At(Node node, int units) {}

    private void get(Call call) throws IOException {
        call.onlyQueries("channel", "sku", "node", "customerGroup");
        Sight sight = new Sight(engine, call.caller().scope());
        Channel channel = sight.channel(call.requiredQuery("channel"));
        if (channel == null) {
            throw NotDone.at("channel", RefusalCode.UNKNOWN_CHANNEL, "there is no such channel");
        }
        String nodeCode = call.query("node");
        Node only = nodeCode == null ? null : sight.node(nodeCode);
        if (nodeCode != null && only == null) {
            throw NotDone.at("node", RefusalCode.UNKNOWN_NODE, "there is no such node");
        }
        String[] skus = call.requiredQuery("sku").split(",", -1);
        if (skus.length > MOST_ITEMS) {
            throw NotDone.at("sku", RefusalCode.INVALID_FIELD, "there are more than " + MOST_ITEMS + " of them");
        }
        String group = call.query("customerGroup");
        Supply supply = engine.overlay()
                .with(Fences.of(engine.catalogue().network(), channel.id(), group == null ? "" : group, Engine.now()));
        List<Item> items = new ArrayList<>(skus.length);
        Supply.Candidates candidates = new Supply.Candidates();
        for (String sku : skus) {
            int item = engine.catalogue().item(sku);
            if (item < 0) {
                throw NotDone.at("sku", RefusalCode.UNKNOWN_ITEM, "there is no item " + Call.safe(sku));
            }
            supply.read(item, candidates);
            List<At> nodes = new ArrayList<>();
            for (int i = 0; i < candidates.size(); i++) {
                Node node = engine.catalogue().network().node(candidates.place(i));
                if (node != null && node.active() && sight.sees(node) && (only == null || only.equals(node))) {
                    nodes.add(new At(node, candidates.units(i)));
                }
            }
            items.add(new Item(sku, nodes));
        }
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeStringProperty("channel", channel.code());
            json.writeNumberProperty("staleMs", engine.staleness().toMillis());
            json.writeName("items");
            json.writeStartArray();
            items.forEach(item -> write(json, item));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, Item item) {
        json.writeStartObject();
        json.writeStringProperty("sku", item.sku());
        json.writeNumberProperty("ship", item.units(true));
        json.writeNumberProperty("pickUp", item.units(false));
        json.writeName("nodes");
        json.writeStartArray();
        for (At at : item.nodes()) {
            json.writeStartObject();
            json.writeStringProperty("node", at.node().code());
            json.writeNumberProperty("available", at.units());
            json.writeBooleanProperty("ships", at.node().ships());
            json.writeBooleanProperty("handsOut", at.node().handsOut());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
