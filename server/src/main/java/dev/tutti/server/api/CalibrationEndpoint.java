package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.network.Channel;
import dev.tutti.postgres.ArrivalReads;
import dev.tutti.promise.Reliability;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What was promised against what happened, and what is learned from it. */
final class CalibrationEndpoint {
    private static final int USUAL_DAYS = 90;
    private static final int MOST_DAYS = 366;

    private final Engine engine;

    CalibrationEndpoint(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("GET", "/v1/promises/calibration", "promises.calibration", this::get);
    }

    private void get(Call call) throws IOException {
        call.onlyQueries("channel", "from", "to");
        Sight sight = new Sight(engine, call.caller().scope());
        int channel = channel(call.query("channel"), sight);
        LocalDate yesterday = LocalDate.ofInstant(Engine.now(), ZoneOffset.UTC).minusDays(1);
        LocalDate to = day(call, "to", yesterday);
        LocalDate from = day(call, "from", to.minusDays(USUAL_DAYS - 1L));
        if (to.isBefore(from) || to.isAfter(from.plusDays(MOST_DAYS))) {
            throw NotDone.at(
                    "to", RefusalCode.INVALID_FIELD, "it is from then on, and at most " + MOST_DAYS + " days later");
        }
        ArrivalReads reads = engine.database().arrivals();
        List<ArrivalReads.Outcome> outcomes = reads.outcomes(from, to, channel);
        // Ways are those of all channels, so they are for keys that see all.
        boolean seesAll = sight.seesAllChannels() && call.caller().scope().allNodes();
        List<Reliability.Arrivals> arrivals = seesAll ? reads.between(from, to) : List.of();
        Reliability learned = engine.learned().reliability();
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeStringProperty("from", from.toString());
            json.writeStringProperty("to", to.toString());
            json.writeName("promises");
            json.writeStartArray();
            outcomes.forEach(outcome -> write(json, outcome));
            json.writeEndArray();
            json.writeName("ways");
            json.writeStartArray();
            arrivals.forEach(one -> write(json, one, learned));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** @return 0 for all */
    private static int channel(@Nullable String code, Sight sight) {
        if (code == null) {
            if (!sight.seesAllChannels()) {
                throw NotDone.at(
                        "channel", RefusalCode.INVALID_FIELD, "this key sees some channels alone: name one of them");
            }
            return 0;
        }
        Channel channel = sight.channel(code);
        if (channel == null) {
            throw NotDone.at("channel", RefusalCode.UNKNOWN_CHANNEL, "there is no such channel");
        }
        return channel.id().value();
    }

    private static LocalDate day(Call call, String name, LocalDate usual) {
        String text = call.query(name);
        return text == null ? usual : Wire.day(name, text);
    }

    private static void write(JsonGenerator json, ArrivalReads.Outcome outcome) {
        json.writeStartObject();
        if (outcome.confidence() != null) {
            json.writeNumberProperty("confidence", outcome.confidence());
            json.writeNumberProperty("told", Math.round(outcome.told() * 10) / 10.0);
        }
        json.writeNumberProperty("promises", outcome.promises());
        json.writeNumberProperty("kept", outcome.kept());
        json.writeNumberProperty("late", outcome.late());
        json.writeNumberProperty("unknown", outcome.unknown());
        long known = outcome.kept() + outcome.late();
        if (known > 0) {
            json.writeNumberProperty("keptPercent", Math.round(outcome.kept() * 1_000.0 / known) / 10.0);
        }
        if (outcome.middle() != null && outcome.ninth() != null) {
            json.writeName("daysLate");
            json.writeStartObject();
            json.writeNumberProperty("p50", outcome.middle());
            json.writeNumberProperty("p90", outcome.ninth());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void write(JsonGenerator json, Reliability.Arrivals one, Reliability learned) {
        json.writeStartObject();
        json.writeStringProperty("node", Names.node(engine.catalogue(), one.node()));
        if (!one.service().isEmpty()) {
            json.writeStringProperty("service", one.service());
            json.writeNumberProperty("zone", one.zone());
        }
        json.writeNumberProperty("parcels", one.parcels());
        json.writeNumberProperty("inTime", one.inTime());
        Long share = learned.share(one.service(), one.zone(), one.node());
        if (share != null) {
            json.writeNumberProperty("confidence", Math.round(share * 100.0 / Reliability.ALWAYS));
        }
        json.writeEndObject();
    }
}
