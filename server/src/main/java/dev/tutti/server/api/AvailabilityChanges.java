package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.network.Channel;
import dev.tutti.server.engine.AvailabilityNews;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import dev.tutti.server.http.Streams;
import dev.tutti.server.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What has changed of what a channel can sell: page by page, or line by line for as long as somebody listens. */
final class AvailabilityChanges {
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int AT_ONCE = 500;

    private final Engine engine;
    private final Streams streams;

    AvailabilityChanges(Engine engine, Streams streams) {
        this.engine = engine;
        this.streams = streams;
    }

    void register(Routes routes) {
        routes.add("GET", "/v1/availability/changes", "availability.read", this::changes);
    }

    /** Who asks from where on. */
    private record Asked(Channel channel, boolean goesOn, long from) {}

    private void changes(Call call) throws IOException {
        if (call.wantsLines()) {
            call.onlyQueries("channel", "after");
            Asked asked = asked(call);
            streams.open(call, Call.NDJSON, out -> stream(call, asked, out));
            return;
        }
        call.onlyQueries("channel", "after", "limit", "wait");
        int limit = call.limit();
        int wait = call.number("wait", 0, FeedEndpoints.LONGEST_WAIT_SECONDS, 0);
        Asked asked = asked(call);
        List<AvailabilityNews.Change> changes = waitedFor(asked, limit, wait);
        long next = changes.isEmpty() ? asked.from() : changes.getLast().number();
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeStringProperty("channel", asked.channel().code());
            json.writeBooleanProperty("fromTheBeginning", !asked.goesOn());
            json.writeName("items");
            json.writeStartArray();
            for (AvailabilityNews.Change change : changes) {
                json.writeStartObject();
                figures(json, change);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringProperty("next", cursor(next));
            json.writeBooleanProperty("more", changes.size() == limit);
            json.writeEndObject();
        });
    }

    private Asked asked(Call call) {
        Sight sight = new Sight(engine, call.caller().scope());
        Channel channel = sight.channel(call.requiredQuery("channel"));
        if (channel == null) {
            throw NotDone.at("channel", RefusalCode.UNKNOWN_CHANNEL, "there is no such channel");
        }
        if (!call.caller().scope().allNodes()) {
            throw NotDone.at(
                    "channel", RefusalCode.INVALID_FIELD, "sums over all nodes are for keys that see all nodes");
        }
        String after = call.query("after");
        if (after != null && !after.matches("[0-9a-z]{1,13}-[0-9]{1,18}")) {
            throw NotDone.at("after", RefusalCode.INVALID_FIELD, "it is what an answer before said is next");
        }
        boolean goesOn = after != null && after.startsWith(engine.news().epoch() + "-");
        return new Asked(
                channel,
                goesOn,
                after == null || !goesOn ? 0 : Long.parseLong(after.substring(after.indexOf('-') + 1)));
    }

    private List<AvailabilityNews.Change> waitedFor(Asked asked, int limit, int seconds) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<AvailabilityNews.Change> found =
                engine.news().after(asked.channel().id(), asked.from(), limit);
        while (found.isEmpty() && System.nanoTime() < until && !streams.areOverWithin(LOOK_EVERY_MILLIS)) {
            found = engine.news().after(asked.channel().id(), asked.from(), limit);
        }
        return found;
    }

    /** The first line says from where on, the others what has changed; when nothing does, one says so now and then. */
    private void stream(Call call, Asked asked, OutputStream out) throws IOException {
        long from = asked.from();
        line(out, null, from, asked.goesOn() ? null : Boolean.TRUE);
        out.flush();
        long told = System.nanoTime();
        do {
            List<AvailabilityNews.Change> changes =
                    engine.news().after(asked.channel().id(), from, AT_ONCE);
            for (AvailabilityNews.Change change : changes) {
                from = change.number();
                line(out, change, from, null);
            }
            boolean silent = changes.isEmpty() && System.nanoTime() - told > HEARTBEAT_NANOS;
            if (silent) {
                line(out, null, from, null);
            }
            if (silent || !changes.isEmpty()) {
                out.flush();
                told = System.nanoTime();
            }
            if (streams.areOverWithin(changes.size() == AT_ONCE ? 0 : LOOK_EVERY_MILLIS)) {
                return;
            }
        } while (call.callerIsStillIn());
    }

    private void line(
            OutputStream out, AvailabilityNews.@Nullable Change change, long next, @Nullable Boolean fromTheBeginning)
            throws IOException {
        byte[] line = Json.bytes(json -> {
            json.writeStartObject();
            if (change != null) {
                figures(json, change);
            }
            if (fromTheBeginning != null) {
                json.writeBooleanProperty("fromTheBeginning", fromTheBeginning);
            }
            json.writeStringProperty("next", cursor(next));
            json.writeEndObject();
        });
        out.write(line);
        out.write("\n".getBytes(StandardCharsets.UTF_8));
    }

    private void figures(JsonGenerator json, AvailabilityNews.Change change) {
        json.writeStringProperty("sku", engine.catalogue().sku(change.item()));
        json.writeNumberProperty("ship", change.ship());
        json.writeNumberProperty("pickUp", change.pickUp());
    }

    private String cursor(long number) {
        return engine.news().epoch() + "-" + number;
    }
}
