package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.inventory.Atp;
import dev.tutti.inventory.Position;
import dev.tutti.network.Channel;
import dev.tutti.network.Node;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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

    /** What is told of an item. */
    private record Item(String sku, Atp.Units units, int waiting, int mayWait, List<Atp.Expected> expected) {}

    private void get(Call call) throws IOException {
        call.onlyQueries("channel", "sku", "node", "nodes", "nodesWith", "by", "customerGroup");
        Sight sight = new Sight(engine, call.caller().scope());
        Channel channel = sight.channel(call.requiredQuery("channel"));
        if (channel == null) {
            throw NotDone.at("channel", RefusalCode.UNKNOWN_CHANNEL, "there is no such channel");
        }
        String listed = call.query("nodes");
        if (listed != null && !listed.equals("none")) {
            throw NotDone.at("nodes", RefusalCode.INVALID_FIELD, "it is none, or left out");
        }
        String[] skus = call.requiredQuery("sku").split(",", -1);
        if (skus.length > MOST_ITEMS) {
            throw NotDone.at("sku", RefusalCode.INVALID_FIELD, "there are more than " + MOST_ITEMS + " of them");
        }
        String until = call.query("by");
        LocalDate by = until == null ? null : Wire.day("by", until);
        String group = call.query("customerGroup");
        Atp atp = new Atp(
                engine.overlay(),
                engine.catalogue().network(),
                channel,
                group == null ? "" : group,
                Engine.now(),
                counted(call, sight));
        List<Item> items = new ArrayList<>(skus.length);
        for (String sku : skus) {
            int item = engine.catalogue().item(sku);
            if (item < 0) {
                throw NotDone.at("sku", RefusalCode.UNKNOWN_ITEM, "there is no item " + Call.safe(sku));
            }
            items.add(new Item(
                    sku,
                    by == null ? atp.now(item) : atp.by(item, by),
                    atp.waiting(item),
                    atp.mayWait(item),
                    atp.expected(item)));
        }
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeStringProperty("channel", channel.code());
            json.writeNumberProperty("staleMs", engine.staleness().toMillis());
            if (by != null) {
                json.writeStringProperty("by", by.toString());
            }
            json.writeName("items");
            json.writeStartArray();
            items.forEach(item -> write(json, item, listed == null));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** One node, or those with an attribute; of those that the caller sees. */
    private Predicate<Node> counted(Call call, Sight sight) {
        String code = call.query("node");
        Node only = code == null ? null : sight.node(code);
        if (code != null && only == null) {
            throw NotDone.at("node", RefusalCode.UNKNOWN_NODE, "there is no such node");
        }
        String with = call.query("nodesWith");
        int colon = with == null ? 0 : with.indexOf(':');
        if (with == null || colon < 1) {
            if (with != null) {
                throw NotDone.at(
                        "nodesWith", RefusalCode.INVALID_FIELD, "it is an attribute and its value, like region:north");
            }
            return node -> sight.sees(node) && (only == null || only.equals(node));
        }
        String name = with.substring(0, colon);
        String value = with.substring(colon + 1);
        return node -> sight.sees(node)
                && (only == null || only.equals(node))
                && value.equals(node.attributes().get(name));
    }

    private static void write(JsonGenerator json, Item item, boolean withNodes) {
        json.writeStartObject();
        json.writeStringProperty("sku", item.sku());
        json.writeNumberProperty("ship", item.units().ship());
        json.writeNumberProperty("pickUp", item.units().pickUp());
        if (withNodes) {
            writeNodes(json, item.units().nodes());
        }
        json.writeNumberProperty("waiting", item.waiting());
        if (item.mayWait() != Position.MOST) {
            json.writeNumberProperty("mayWait", item.mayWait());
        }
        writeExpected(json, item.expected());
        json.writeEndObject();
    }

    private static void writeExpected(JsonGenerator json, List<Atp.Expected> expected) {
        long sum = 0;
        json.writeName("expected");
        json.writeStartArray();
        for (Atp.Expected due : expected) {
            boolean asManyAsWanted = due.units() == Position.MOST;
            sum += due.units();
            json.writeStartObject();
            json.writeStringProperty("from", due.day().toString());
            if (due.node() != null) {
                json.writeStringProperty("node", due.node().code());
            }
            if (asManyAsWanted) {
                json.writeBooleanProperty("asManyAsWanted", true);
            } else {
                json.writeNumberProperty("quantity", due.units());
                json.writeNumberProperty("together", sum);
            }
            json.writeEndObject();
            if (asManyAsWanted) {
                break;
            }
        }
        json.writeEndArray();
    }

    private static void writeNodes(JsonGenerator json, List<Atp.At> nodes) {
        json.writeName("nodes");
        json.writeStartArray();
        for (Atp.At at : nodes) {
            json.writeStartObject();
            json.writeStringProperty("node", at.node().code());
            json.writeNumberProperty("available", at.units());
            json.writeBooleanProperty("ships", at.node().ships());
            json.writeBooleanProperty("handsOut", at.node().handsOut());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
