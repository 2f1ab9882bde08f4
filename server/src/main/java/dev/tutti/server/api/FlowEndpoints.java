package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Flow;
import dev.tutti.postgres.FlowReads.Waiting;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.flow.FlowJson;
import dev.tutti.server.flow.FlowPicture;
import dev.tutti.server.flow.VerifiedFlows;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.Codes;
import dev.tutti.server.json.JsonReader;
import dev.tutti.server.security.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/**
 * Flows: looked up, with where their orders are, and orders moved from one version to another. Flows themselves are
 * changed by a configuration alone, for channels may depend on them.
 */
final class FlowEndpoints {
    private final Engine engine;
    private final VerifiedFlows verified;

    FlowEndpoints(Engine engine, VerifiedFlows verified) {
        this.engine = engine;
        this.verified = verified;
    }

    void register(Routes routes) {
        routes.add("GET", "/v1/flows", "flows.read", this::list);
        routes.add("GET", "/v1/flows/{code}", "flows.read", this::get);
        routes.add("GET", "/v1/flows/{code}/orders", "flows.read", this::orders);
        routes.add("GET", "/v1/flows/{code}/picture", "flows.read", this::picture);
        routes.add("POST", "/v1/flows/{code}/migrations", "flows.migrate", this::migrate);
    }

    private void list(Call call) throws IOException {
        call.onlyQueries("after", "limit");
        Pages.reply(call, "flows", engine.catalogue().flows().newest(), Flow::name, FlowEndpoints::write);
    }

    private void get(Call call) throws IOException {
        call.onlyQueries("version");
        Flow flow = asked(call);
        call.reply(200, json -> write(json, flow));
    }

    private Flow asked(Call call) {
        List<Flow> versions = engine.catalogue().flows().versions(call.value(0));
        int wanted = call.number(
                "version",
                1,
                Integer.MAX_VALUE,
                versions.isEmpty() ? 1 : versions.getLast().version());
        return versions.stream()
                .filter(version -> version.version() == wanted)
                .findFirst()
                .orElseThrow(() -> NotDone.notFound("flow"));
    }

    /** With the orders that take this version, for keys that see all. */
    private void picture(Call call) throws IOException {
        call.onlyQueries("version", "format");
        Flow flow = asked(call);
        Scope scope = call.caller().scope();
        Map<String, Long> waiting = new TreeMap<>();
        if (scope.allChannels() && scope.allNodes()) {
            engine.database().flows().waiting(flow.name()).stream()
                    .filter(step -> step.version() == flow.version())
                    .forEach(step -> waiting.put(step.step(), step.orders()));
        }
        String format = call.query("format");
        if (format != null && !format.equals("svg") && !format.equals("mermaid")) {
            throw NotDone.at("format", RefusalCode.INVALID_FIELD, "a picture is svg or mermaid");
        }
        boolean svg = !"mermaid".equals(format);
        String picture = svg ? FlowPicture.svg(flow, waiting) : FlowPicture.mermaid(flow, waiting);
        call.reply(200, svg ? "image/svg+xml" : "text/plain; charset=utf-8", picture.getBytes(StandardCharsets.UTF_8));
    }

    /** How many orders are where, and since when. */
    private void orders(Call call) throws IOException {
        call.onlyQueries();
        new Sight(engine, call.caller().scope()).requireEverything();
        String code = call.value(0);
        if (engine.catalogue().flows().newest(code) == null) {
            throw NotDone.notFound("flow");
        }
        List<Waiting> waiting = engine.database().flows().waiting(code);
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("steps");
            json.writeStartArray();
            for (Waiting step : waiting) {
                json.writeStartObject();
                json.writeNumberProperty("version", step.version());
                json.writeStringProperty("step", step.step());
                json.writeNumberProperty("orders", step.orders());
                json.writeStringProperty("oldestSince", step.oldest().toString());
                json.writeNumberProperty("medianSeconds", step.median().toSeconds());
                json.writeNumberProperty("exceptions", step.exceptions());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void migrate(Call call) throws IOException {
        call.onlyQueries();
        int from = 0;
        int to = 0;
        SortedMap<String, String> steps = new TreeMap<>();
        boolean preview = false;
        String reason = null;
        long after = 0;
        try (JsonReader in = call.json()) {
            in.begin();
            in.object();
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                switch (name) {
                    case "from" -> from = in.integer(1, Integer.MAX_VALUE);
                    case "to" -> to = in.integer(1, Integer.MAX_VALUE);
                    case "steps" -> {
                        in.object();
                        for (String step = in.nextField(); step != null; step = in.nextField()) {
                            steps.put(step, Codes.read(in));
                        }
                    }
                    case "preview" -> preview = in.bool();
                    case "reason" -> reason = in.nonEmptyText(500);
                    case "after" -> {
                        String text = in.text(18);
                        if (!text.matches("[0-9]+")) {
                            throw in.invalid("it is the next of the answer before");
                        }
                        after = Long.parseLong(text);
                    }
                    default -> throw in.unknownField();
                }
            }
            in.required(from == 0 ? null : Integer.valueOf(from), "from");
            in.required(to == 0 ? null : Integer.valueOf(to), "to");
            if (!preview) {
                in.required(reason, "reason");
            }
            in.end();
        }
        if (from == to) {
            throw NotDone.at("to", RefusalCode.INVALID_FIELD, "they take another version, or stay as they are");
        }
        Flow target = version(call.value(0), to, "to");
        FlowMigration migration =
                new FlowMigration(engine, version(call.value(0), from, "from"), target, verified.of(target), steps);
        if (preview) {
            migration.preview(after);
        } else {
            migration.carryOut(after, call.audit(reason == null ? "" : reason));
        }
        boolean only = preview;
        call.reply(200, json -> migration.write(json, only));
    }

    private Flow version(String code, int version, String path) {
        if (engine.catalogue().flows().newest(code) == null) {
            throw NotDone.notFound("flow");
        }
        Flow flow = engine.catalogue().flows().find(code, version);
        if (flow == null) {
            throw NotDone.at(path, RefusalCode.UNKNOWN_FLOW, "flow " + code + " has no version " + version);
        }
        return flow;
    }

    private static void write(JsonGenerator json, Flow flow) {
        json.writeStartObject();
        json.writeNumberProperty("version", flow.version());
        FlowJson.writeFields(json, flow);
        json.writeEndObject();
    }
}
