package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.inventory.Position;
import dev.tutti.postgres.ApiKeys.ApiKey;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.JsonReader;
import dev.tutti.server.security.Keys;
import dev.tutti.server.security.Role;
import dev.tutti.server.security.Scope;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.core.JsonGenerator;

/** The keys themselves: made, listed, revoked. */
final class KeyEndpoints {
    private final Engine engine;
    private final Keys keys;

    KeyEndpoints(Engine engine, Keys keys) {
        this.engine = engine;
        this.keys = keys;
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/keys", "keys.create", this::create);
        routes.add("GET", "/v1/keys", "keys.list", this::list);
        routes.add("DELETE", "/v1/keys/{prefix}", "keys.revoke", this::revoke);
    }

    private void create(Call call) throws IOException {
        Role role = null;
        List<String> channels = null;
        List<String> nodes = null;
        String note = "";
        int mostHeld = 0;
        Role given;
        Scope scope;
        try (JsonReader in = call.json()) {
            in.begin();
            in.object();
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                switch (name) {
                    case "role" -> role = in.oneOf(Role.values());
                    case "channels" ->
                        channels = codes(
                                in,
                                RefusalCode.UNKNOWN_CHANNEL,
                                code -> engine.catalogue().channel(code) != null);
                    case "nodes" ->
                        nodes = codes(
                                in,
                                RefusalCode.UNKNOWN_NODE,
                                code -> engine.catalogue().node(code) != null);
                    case "mostHeld" -> mostHeld = in.integer(1, Position.MOST);
                    case "note" -> note = in.text(500);
                    default -> throw in.unknownField();
                }
            }
            given = in.required(role, "role");
            // A key that sees nothing because one list was forgotten helps nobody: both must be said.
            scope = given == Role.ADMIN
                    ? Scope.EVERYTHING
                    : Scope.of(in.required(channels, "channels"), in.required(nodes, "nodes"));
            in.end();
        }
        int most = mostHeld;
        String key = keys.create(given, scope, mostHeld, note, call.audit(note));
        call.reply(201, json -> {
            json.writeStartObject();
            json.writeStringProperty("key", key);
            json.writeStringProperty("prefix", key.split("_", -1)[1]);
            json.writeStringProperty("role", given.wire());
            codes(json, "channels", List.copyOf(scope.channels()));
            codes(json, "nodes", List.copyOf(scope.nodes()));
            mostHeld(json, most);
            json.writeEndObject();
        });
    }

    private static List<String> codes(JsonReader in, RefusalCode unknown, Predicate<String> exists) {
        return in.list(10_000, element -> {
            String code = in.nonEmptyText(64);
            if (!code.equals(Scope.ALL) && !exists.test(code)) {
                throw NotDone.at(in.path(), unknown, "there is no such code; " + Scope.ALL + " stands for all");
            }
            return code;
        });
    }

    private void list(Call call) throws IOException {
        call.onlyQueries();
        List<ApiKey> all = keys.all();
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("keys");
            json.writeStartArray();
            all.forEach(key -> write(json, key));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, ApiKey key) {
        json.writeStartObject();
        json.writeStringProperty("prefix", key.prefix());
        json.writeStringProperty("role", key.role());
        codes(json, "channels", key.channels());
        codes(json, "nodes", key.nodes());
        mostHeld(json, key.mostHeld());
        json.writeStringProperty("note", key.note());
        json.writeStringProperty("madeAt", key.madeAt().toString());
        json.writeStringProperty("madeBy", key.madeBy());
        json.writeBooleanProperty("revoked", key.revoked());
        json.writeEndObject();
    }

    private static void mostHeld(JsonGenerator json, int mostHeld) {
        if (mostHeld > 0) {
            json.writeNumberProperty("mostHeld", mostHeld);
        }
    }

    private static void codes(JsonGenerator json, String name, List<String> codes) {
        json.writeName(name);
        json.writeStartArray();
        codes.forEach(json::writeString);
        json.writeEndArray();
    }

    private void revoke(Call call) throws IOException {
        if (!keys.revoke(call.value(0), call.audit(""))) {
            throw NotDone.notFound("key");
        }
        call.replyNothing();
    }
}
