package dev.tutti.server.api;

import dev.tutti.postgres.MasterData;
import dev.tutti.postgres.MasterData.Outcome;
import dev.tutti.postgres.MasterData.Version;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.BadJson.Kind;
import dev.tutti.server.json.Json;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The configuration as a whole: planned, applied as one version, and the versions there have been. */
final class ConfigurationEndpoints {
    private static final long PATIENCE_SECONDS = 90;

    private final Engine engine;
    private final MasterData data;
    /** A document may be large, so one is in memory at a time. */
    private final Lock oneAtATime = new ReentrantLock();

    ConfigurationEndpoints(Engine engine) {
        this.engine = engine;
        this.data = engine.database().masterData();
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/configuration/plan", "configuration.plan", this::plan);
        routes.add("POST", "/v1/configuration/apply", "configuration.apply", this::apply);
        routes.add("GET", "/v1/configuration/versions", "configuration.read", this::versions);
    }

    private void plan(Call call) throws IOException {
        call.onlyQueries();
        takeTurn();
        try {
            ConfigurationDocument document = document(call, new Problems());
            if (document == null) {
                return;
            }
            ConfigurationPlan plan = ConfigurationPlan.of(document, engine.catalogue(), data);
            if (document.ifVersion() != 0 && document.ifVersion() != plan.against()) {
                throw stale(document.ifVersion(), plan.against());
            }
            call.reply(200, json -> plan.write(json, plan.against()));
        } finally {
            oneAtATime.unlock();
        }
    }

    private void apply(Call call) throws IOException {
        call.onlyQueries();
        // Whoever names no version means the one they could see when they asked, also if they had to wait.
        long seen = data.version();
        takeTurn();
        try {
            Problems problems = new Problems();
            ConfigurationDocument document = document(call, problems);
            if (document == null) {
                return;
            }
            String reason = document.reason();
            if (reason == null) {
                problems.add("reason", Kind.MISSING_FIELD, "a version needs its reason");
                refuse(call, problems);
                return;
            }
            ConfigurationPlan plan = ConfigurationPlan.of(document, engine.catalogue(), data);
            if (plan.against() != (document.ifVersion() == 0 ? seen : document.ifVersion())) {
                throw stale(document.ifVersion(), plan.against());
            }
            String author = document.author() == null ? call.caller().name() : document.author();
            long version = plan.isNothing()
                    ? plan.against()
                    : applied(plan.change(author), document.ifVersion(), call, reason);
            call.reply(200, json -> plan.write(json, version));
        } finally {
            oneAtATime.unlock();
        }
    }

    private void takeTurn() {
        try {
            if (oneAtATime.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new NotDone(
                Problem.of(503, "unavailable", "another document is still being read and looked at; try again soon"));
    }

    private long applied(MasterData.Change change, long ifVersion, Call call, String reason) {
        return switch (engine.catalogue().apply(change, call.audit(reason))) {
            case Outcome.Made made -> made.version();
            case Outcome.Nothing nothing -> nothing.version();
            case Outcome.Stale stale -> throw stale(ifVersion, stale.version());
            case Outcome.Contradicted item ->
                throw new NotDone(TermsCheck.contradicted(item).at(""));
        };
    }

    /** @param wanted 0 if the caller named no version */
    private static NotDone stale(long wanted, long newest) {
        if (wanted == 0) {
            return new NotDone(Problem.of(
                    412,
                    "stale-version",
                    "somebody has changed the configuration since this was sent; its newest version is " + newest
                            + ". Nothing was changed by this. Plan again"));
        }
        return new NotDone(new Problem(
                412,
                "stale-version",
                "the newest version is " + newest + ", not " + wanted + "; nothing was changed. Plan again",
                "ifVersion"));
    }

    /** Null if it has been refused. */
    private @Nullable ConfigurationDocument document(Call call, Problems problems) throws IOException {
        ConfigurationDocument document;
        try (JsonReader in = call.largeJson()) {
            document = ConfigurationDocument.read(in, engine, problems);
        }
        if (problems.isEmpty()) {
            return document;
        }
        refuse(call, problems);
        return null;
    }

    private static void refuse(Call call, Problems problems) throws IOException {
        call.reply(422, "application/problem+json", Json.bytes(problems::write));
    }

    private void versions(Call call) throws IOException {
        call.onlyQueries("after", "limit");
        new Sight(engine, call.caller().scope()).requireEverything();
        int limit = call.limit();
        List<Version> versions = data.versions(after(call), limit);
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("versions");
            json.writeStartArray();
            versions.forEach(version -> write(json, version));
            json.writeEndArray();
            if (versions.size() == limit) {
                json.writeStringProperty(
                        "next", Long.toString(versions.getLast().version()));
            }
            json.writeEndObject();
        });
    }

    private static long after(Call call) {
        int after = call.number("after", 1, 999_999_999, 0);
        return after == 0 ? Long.MAX_VALUE : after;
    }

    private static void write(JsonGenerator json, Version version) {
        json.writeStartObject();
        json.writeNumberProperty("version", version.version());
        json.writeStringProperty("at", version.at().toString());
        json.writeStringProperty("author", version.author().isEmpty() ? version.actor() : version.author());
        json.writeStringProperty("actor", version.actor());
        json.writeStringProperty("reason", version.reason());
        json.writeStringProperty("change", version.change());
        json.writeName("details");
        json.writeStartArray();
        version.details().lines().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }
}
