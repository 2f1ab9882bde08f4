package dev.tutti.server.api;

import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import dev.tutti.server.openapi.Description;
import dev.tutti.server.security.Operations;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What this server says of itself: its OpenAPI and AsyncAPI documents, and the page behind the {@code type} of each problem. */
final class DescriptionEndpoints {
    private final Routes routes;
    private final Operations rights;
    private @Nullable Description description;
    private byte @Nullable [] document;

    DescriptionEndpoints(Routes routes, Operations rights) {
        this.routes = routes;
        this.rights = rights;
    }

    void register(Routes to) {
        to.addOpen("GET", "/openapi.json", this::document);
        to.addOpen("GET", "/asyncapi.json", this::async);
        to.addOpen("GET", "/problems/{code}", this::problem);
    }

    /** Put together when it is first asked for: by then all routes are there, and a start need not wait for it. */
    private synchronized Description description() {
        Description known = description;
        if (known == null) {
            known = Api.description(routes, rights);
            description = known;
        }
        return known;
    }

    private synchronized byte[] bytes() {
        byte[] known = document;
        if (known == null) {
            known = description().json();
            document = known;
        }
        return known;
    }

    private void document(Call call) throws IOException {
        call.onlyQueries();
        call.reply(200, Call.JSON, bytes());
    }

    private void async(Call call) throws IOException {
        call.onlyQueries();
        call.reply(200, Call.JSON, description().async());
    }

    private void problem(Call call) throws IOException {
        call.onlyQueries();
        String code = call.value(0);
        ObjectNode text = description().problem(code);
        if (text == null) {
            throw NotDone.notFound("problem");
        }
        call.reply(200, json -> write(json, code, text));
    }

    private static void write(JsonGenerator json, String code, ObjectNode text) {
        json.writeStartObject();
        json.writeStringProperty("code", code);
        json.writeName("status");
        json.writeStartArray();
        for (JsonNode status : text.get("status")) {
            json.writeNumber(status.asInt());
        }
        json.writeEndArray();
        json.writeStringProperty("when", text.get("when").asString());
        json.writeStringProperty("do", text.get("do").asString());
        json.writeEndObject();
    }
}
