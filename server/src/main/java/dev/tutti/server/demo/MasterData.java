package dev.tutti.server.demo;

import dev.tutti.network.GeoPoint;
import dev.tutti.server.demo.Assortment.Article;
import dev.tutti.server.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Makes the retailer known at the first start: items, nodes, channels, and what is on the shelves. All of it may be sent
 * again, so a first start that was cut short is simply repeated.
 */
final class MasterData {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final YAMLMapper YAML = YAMLMapper.builder().build();
    private static final int POSITIONS_AT_ONCE = 5_000;
    private static final int PAGE = 500;

    /** Files of examples/flows. */
    private static final List<String> FLOWS = List.of("checked", "paid", "partners", "parts", "retail");

    private final HubClient hub;
    private final String adminKey;

    MasterData(HubClient hub, String adminKey) {
        this.hub = hub;
        this.adminKey = adminKey;
    }

    /** @param stores so many of the stores, and all other nodes */
    void send(Assortment assortment, int stores) {
        put("/v1/items", items(assortment));
        put("/v1/nodes", nodes(stores));
    }

    /** The ready flows, and the channels whose orders take them. */
    void configure() {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode flows = document.putArray("flows");
        for (String name : FLOWS) {
            file("flows/" + name, "flows").forEach(flows::add);
        }
        document.set("channels", file("channels", "channels"));
        apply(document, "how its orders travel");
    }

    /** Everybody outside: they have other addresses each time. */
    void reach(Outsiders outsiders) {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode destinations = document.putArray("destinations");
        for (Outsider service : outsiders.services()) {
            destinations
                    .addObject()
                    .put("code", service.name())
                    .put("url", service.url())
                    .put("ability", "keyed")
                    .put("inside", true);
        }
        ArrayNode subscriptions = document.putArray("subscriptions");
        for (Outsider listener : outsiders.listeners()) {
            subscriptions
                    .addObject()
                    .put("code", listener.name())
                    .put("url", listener.url())
                    .put("inside", true);
        }
        if (outsiders.eventsTopic() != null) {
            subscriptions
                    .addObject()
                    .put("code", "events")
                    .put("url", outsiders.eventsTopic())
                    .put("inside", true);
        }
        subscriptions
                .path(0)
                .withArray("events")
                .add("order-placed")
                .add("units-handed-over")
                .add("units-cancelled");
        apply(document, "where it is now");
        for (Outsider listener : outsiders.listeners()) {
            String path = "/v1/subscriptions/" + listener.name() + "/secrets";
            done(path, hub.post(adminKey, path, new byte[0]));
        }
    }

    private void apply(ObjectNode document, String reason) {
        document.put("author", "the demo").put("reason", reason);
        done(reason, hub.post(adminKey, "/v1/configuration/apply", JSON.writeValueAsBytes(document)));
    }

    private void put(String path, byte[] json) {
        done(path, hub.put(adminKey, path, json));
    }

    private static Reply done(String what, Reply reply) {
        if (!reply.isDone()) {
            throw new IllegalStateException(what + ": " + reply.body());
        }
        return reply;
    }

    private static byte[] items(Assortment assortment) {
        return Json.bytes(json -> {
            json.writeStartArray();
            for (Article article : assortment.articles()) {
                json.writeStartObject();
                json.writeStringProperty("sku", article.sku());
                json.writeStringProperty("description", article.description());
                Json.attributes(json, "attributes", new TreeMap<>(Map.of("department", article.department())));
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static byte[] nodes(int stores) {
        ArrayNode some = JSON.createArrayNode();
        int left = stores;
        for (JsonNode node : file("nodes", "nodes")) {
            boolean store = isStore(node);
            if (!store || left > 0) {
                some.add(node);
                left -= store ? 1 : 0;
            }
        }
        return JSON.writeValueAsBytes(some);
    }

    private static boolean isStore(JsonNode node) {
        return node.path("type").asString("").equals("store");
    }

    /** A list in one of the examples: what the API takes, field for field. */
    private static JsonNode file(String name, String list) {
        try (InputStream in = Demo.resource(name + ".yaml")) {
            return YAML.readTree(in).path(list);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The nodes as the hub knows them: somebody may have added some. Those of no location have no part in the demo. */
    List<Place> places() {
        List<Place> places = new ArrayList<>();
        String after = "";
        while (true) {
            String path = "/v1/nodes?limit=" + PAGE + (after.isEmpty() ? "" : "&after=" + after);
            JsonNode page = done("nodes", hub.get(adminKey, path)).json();
            for (JsonNode node : page.path("nodes")) {
                JsonNode location = node.path("location");
                if (location.isObject() && node.path("active").asBoolean(true)) {
                    GeoPoint at = new GeoPoint(
                            location.path("latitude").asDouble(),
                            location.path("longitude").asDouble());
                    places.add(new Place(node.path("code").asString(), isStore(node), at.toVector()));
                }
            }
            if (!page.has("next")) {
                return places;
            }
            after = page.path("next").asString();
        }
    }

    /** Fills all shelves, as a first count. */
    void fillShelves(String stockKey, Assortment assortment, List<Place> places) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        int count = 0;
        for (Place place : places) {
            for (Article article : assortment.articles()) {
                if (assortment.isKeptAt(place, article)) {
                    lines.writeBytes(line(article.sku(), place.code(), assortment.openingStock(place, article)));
                    count++;
                }
                if (count == POSITIONS_AT_ONCE) {
                    snapshot(stockKey, lines);
                    count = 0;
                }
            }
        }
        snapshot(stockKey, lines);
    }

    private void snapshot(String stockKey, ByteArrayOutputStream lines) {
        Reply reply =
                done("stock", hub.manyLines(stockKey, "/v1/stock/snapshot?reference=opening", lines.toByteArray()));
        if (!reply.problems().isEmpty()) {
            throw new IllegalStateException("stock: " + reply.problems().getFirst());
        }
        lines.reset();
    }

    /** A line of any document about stock. */
    static byte[] line(String sku, String node, int quantity) {
        return "{\"sku\":\"%s\",\"node\":\"%s\",\"quantity\":%d}\n"
                .formatted(sku, node, quantity)
                .getBytes(StandardCharsets.UTF_8);
    }
}
