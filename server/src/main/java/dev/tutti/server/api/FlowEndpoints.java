package dev.tutti.server.api;

import dev.tutti.flow.Flow;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.flow.FlowJson;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Flows: looked up. They are changed by a configuration alone, for channels may depend on them. */
final class FlowEndpoints {
    private final Engine engine;

    FlowEndpoints(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("GET", "/v1/flows", "flows.read", this::list);
        routes.add("GET", "/v1/flows/{code}", "flows.read", this::get);
    }

    private void list(Call call) throws IOException {
        call.onlyQueries("after", "limit");
        Pages.reply(call, "flows", engine.catalogue().flows().newest(), Flow::name, FlowEndpoints::write);
    }

    private void get(Call call) throws IOException {
        call.onlyQueries("version");
        List<Flow> versions = engine.catalogue().flows().versions(call.value(0));
        int wanted = call.number(
                "version",
                1,
                Integer.MAX_VALUE,
                versions.isEmpty() ? 1 : versions.getLast().version());
        Flow flow = versions.stream()
                .filter(version -> version.version() == wanted)
                .findFirst()
                .orElseThrow(() -> NotDone.notFound("flow"));
        call.reply(200, json -> write(json, flow));
    }

    private static void write(JsonGenerator json, Flow flow) {
        json.writeStartObject();
        json.writeNumberProperty("version", flow.version());
        FlowJson.writeFields(json, flow);
        json.writeEndObject();
    }
}
