package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.decision.Spelling;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.inventory.Fences;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.promise.Option;
import dev.tutti.promise.Promises;
import dev.tutti.promise.Wish;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.JsonReader;
import dev.tutti.sourcing.Offered;
import dev.tutti.sourcing.Sourcing;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.core.JsonGenerator;

/** How somebody can have what is in their cart, when, and what that costs. Holds nothing. */
final class PromiseEndpoint {
    static final int MOST_STORES = 20;
    static final int USUAL_STORES = 3;

    private final Engine engine;
    /** Searches with their memory, each used by one call at a time. */
    private final ConcurrentLinkedQueue<Sourcing> searches = new ConcurrentLinkedQueue<>();

    PromiseEndpoint(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/promises", "promises.read", this::promise);
    }

    private void promise(Call call) throws IOException {
        Sight sight = new Sight(engine, call.caller().scope());
        Instant now = Engine.now();
        CartReader.Cart cart;
        List<NodeId> stores = new ArrayList<>();
        int nearest = USUAL_STORES;
        try (JsonReader in = call.json()) {
            in.begin();
            in.object();
            CartReader reader = new CartReader(in, sight);
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                switch (name) {
                    case "stores" -> in.list(MOST_STORES, each -> stores.add(store(each, sight)));
                    case "nearest" -> nearest = in.integer(0, MOST_STORES);
                    default -> {
                        if (name.equals("shipGroups") || !reader.take(name)) {
                            throw in.unknownField();
                        }
                    }
                }
            }
            cart = reader.cart();
            in.end();
        }
        var to = cart.groups().getFirst();
        Fences fences = Fences.of(engine.catalogue().network(), cart.channel().id(), cart.customerGroup(), now);
        Wish wish = new Wish(
                now, to.destination(), cart.country(), cart.postcode(), fences, cart.demands(), stores, nearest);
        Network network = engine.catalogue().network();
        Offered offered = Offered.of(network, wish.demands());
        List<Option> options = options(network, wish);
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeStringProperty("askedAt", now.toString());
            json.writeNumberProperty("staleMs", engine.staleness().toMillis());
            json.writeName("options");
            json.writeStartArray();
            options.forEach(option -> write(json, option, offered));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private List<Option> options(Network network, Wish wish) {
        Sourcing free = searches.poll();
        Sourcing search = free == null ? new Sourcing() : free;
        try {
            return Promises.options(
                    network, engine.overlay(), search, engine.learned().reliability(), wish);
        } finally {
            searches.add(search);
        }
    }

    private static NodeId store(JsonReader in, Sight sight) {
        Node node = sight.catalogue().node(in.nonEmptyText(64));
        if (node == null) {
            throw NotDone.at(in.path(), RefusalCode.UNKNOWN_NODE, "there is no such node");
        }
        return node.id();
    }

    private void write(JsonGenerator json, Option option, Offered offered) {
        json.writeStartObject();
        json.writeStringProperty("method", Spelling.of(option.way()));
        if (!option.service().isEmpty()) {
            json.writeStringProperty("service", option.service());
        }
        NodeId store = option.store();
        if (store != null) {
            json.writeStringProperty("store", Names.node(engine.catalogue(), store.value()));
        }
        json.writeBooleanProperty("onHand", option.isOnHand());
        json.writeBooleanProperty("split", option.isSplit());
        if (option.confidence() != null) {
            json.writeNumberProperty("confidence", option.confidence());
        }
        json.writeStringProperty("earliest", option.earliest().toString());
        json.writeStringProperty("latest", option.latest().toString());
        Option.Collect collect = option.collect();
        if (collect != null) {
            json.writeName("collect");
            json.writeStartObject();
            json.writeStringProperty("from", collect.from().toString());
            json.writeStringProperty("until", collect.until().toString());
            json.writeEndObject();
        }
        json.writeNumberProperty("cost", option.cost());
        json.writeName("parcels");
        json.writeStartArray();
        for (Option.Leg leg : option.parcels()) {
            json.writeStartObject();
            json.writeStringProperty(
                    "node", Names.node(engine.catalogue(), leg.node().value()));
            json.writeStringProperty("handedOver", leg.handedOver().toString());
            json.writeStringProperty("earliest", leg.earliest().toString());
            json.writeStringProperty("latest", leg.latest().toString());
            json.writeName("lines");
            json.writeStartArray();
            for (LineQuantity part : leg.lines()) {
                json.writeStartObject();
                json.writeNumberProperty("line", offered.asked().get(part.line() - 1));
                json.writeStringProperty(
                        "sku",
                        engine.catalogue()
                                .sku(offered.demands().get(part.line() - 1).item()));
                json.writeNumberProperty("quantity", part.quantity());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
