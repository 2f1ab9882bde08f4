package dev.tutti.server.demo;

import dev.tutti.server.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** Everybody's own key: a channel's, a node's, the stock keeper's. What is missing the administrator makes. */
final class Keyring {
    private static final String STOCK = "stock";
    private static final String SERVICE = "service";

    private final Map<String, String> keys;

    private Keyring(Map<String, String> keys) {
        this.keys = keys;
    }

    static Keyring complete(
            DemoDirectory directory, HubClient hub, String adminKey, List<String> channels, List<Place> places) {
        Map<String, String> keys = new TreeMap<>(directory.keys());
        int before = keys.size();
        keys.computeIfAbsent(STOCK, name -> make(hub, adminKey, "stock", "*", "*"));
        keys.computeIfAbsent(SERVICE, name -> make(hub, adminKey, "service", "*", "*"));
        for (String channel : channels) {
            keys.computeIfAbsent(channelName(channel), name -> make(hub, adminKey, "channel", channel, "*"));
        }
        for (Place place : places) {
            keys.computeIfAbsent(nodeName(place.code()), name -> make(hub, adminKey, "node", "*", place.code()));
        }
        if (keys.size() > before) {
            directory.writeKeys(keys);
        }
        return new Keyring(keys);
    }

    private static String make(HubClient hub, String adminKey, String role, String channel, String node) {
        Reply reply = hub.post(adminKey, "/v1/keys", Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("role", role);
            codes(json, "channels", channel);
            codes(json, "nodes", node);
            json.writeStringProperty("note", "demo");
            json.writeEndObject();
        }));
        if (!reply.isDone()) {
            throw new IllegalStateException("no key for " + role + ": " + reply.body());
        }
        return reply.json().path("key").asString();
    }

    private static void codes(JsonGenerator json, String name, String code) {
        json.writeName(name);
        json.writeStartArray();
        json.writeString(code);
        json.writeEndArray();
    }

    private static String channelName(String code) {
        return "channel " + code;
    }

    private static String nodeName(String code) {
        return "node " + code;
    }

    String stock() {
        return held(STOCK);
    }

    String service() {
        return held(SERVICE);
    }

    String channel(String code) {
        return held(channelName(code));
    }

    String node(String code) {
        return held(nodeName(code));
    }

    private String held(String name) {
        String key = keys.get(name);
        if (key == null) {
            throw new IllegalStateException("there is no key for " + name);
        }
        return key;
    }
}
