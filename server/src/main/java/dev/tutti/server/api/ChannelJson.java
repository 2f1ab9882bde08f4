package dev.tutti.server.api;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.decision.Spelling;
import dev.tutti.flow.Delays;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowKind;
import dev.tutti.flow.Flows;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelFlows;
import dev.tutti.network.ChannelId;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.json.Codes;
import dev.tutti.server.json.DelayReader;
import dev.tutti.server.json.JsonReader;
import java.time.Duration;
import java.util.Currency;
import java.util.function.BiConsumer;
import tools.jackson.core.JsonGenerator;

/** A channel on the wire. */
public final class ChannelJson {
    private ChannelJson() {}

    /** @throws NotDone if it names a flow that is not among {@code flows} */
    public static Channel read(JsonReader in, Flows flows) {
        return read(in, (path, named) -> {
            Flow flow = flows.newest(named.name());
            if (flow == null || flow.kind() != named.kind()) {
                throw new NotDone(noSuchFlow(path, named));
            }
        });
    }

    /** A flow that a channel names, and what for. */
    record NamedFlow(FlowKind kind, String name) {}

    private static String flow(JsonReader in, FlowKind kind, BiConsumer<String, NamedFlow> named) {
        String flow = kind == FlowKind.ORDER ? in.nonEmptyText(100) : in.text(100);
        if (!flow.isEmpty()) {
            named.accept(in.path(), new NamedFlow(kind, flow));
        }
        return flow;
    }

    /** @param named hears which flows it names, and where */
    static Channel read(JsonReader in, BiConsumer<String, NamedFlow> named) {
        in.object();
        String code = null;
        Currency currency = null;
        String flow = "ship";
        String fulfilmentFlow = "";
        String returnFlow = "";
        String brand = "";
        String legalEntity = "";
        Duration duplicatesWithin = Duration.ZERO;
        int threshold = 0;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "code" -> code = Codes.read(in);
                case "currency" -> currency = currency(in);
                case "flow" -> flow = flow(in, FlowKind.ORDER, named);
                case "fulfilmentFlow" -> fulfilmentFlow = flow(in, FlowKind.FULFILMENT_ORDER, named);
                case "returnFlow" -> returnFlow = flow(in, FlowKind.RETURN, named);
                case "brand" -> brand = in.text(100);
                case "legalEntity" -> legalEntity = in.text(100);
                case "duplicatesWithin" -> duplicatesWithin = duplicatesWithin(in);
                case "threshold" -> threshold = in.integer(0, Channel.MOST_THRESHOLD);
                default -> throw in.unknownField();
            }
        }
        return new Channel(
                new ChannelId(0),
                in.required(code, "code"),
                in.required(currency, "currency"),
                new ChannelFlows(flow, fulfilmentFlow, returnFlow),
                brand,
                legalEntity,
                duplicatesWithin,
                threshold);
    }

    private static Duration duplicatesWithin(JsonReader in) {
        return in.isNull()
                ? Duration.ZERO
                : DelayReader.read(
                        in,
                        Channel.LONGEST_FOR_DUPLICATES,
                        "what a customer orders again after more than a month is meant");
    }

    private static Currency currency(JsonReader in) {
        String text = in.nonEmptyText(3);
        Currency currency;
        try {
            currency = Currency.getInstance(text);
        } catch (IllegalArgumentException e) {
            throw in.invalid("a currency is one of ISO 4217, in capital letters");
        }
        if (currency.getDefaultFractionDigits() < 0) {
            throw in.invalid(text + " has no minor unit, in which amounts could be");
        }
        return currency;
    }

    static Problem noSuchFlow(String path, NamedFlow named) {
        String parts = Spelling.of(named.kind()).replace('-', ' ') + "s";
        return Problem.of(
                Refusal.at(path, RefusalCode.UNKNOWN_FLOW, "there is no flow for " + parts + " of this name"));
    }

    static void write(JsonGenerator json, Channel channel) {
        json.writeStartObject();
        json.writeStringProperty("code", channel.code());
        json.writeStringProperty("currency", channel.currency().getCurrencyCode());
        json.writeStringProperty("flow", channel.flows().order());
        json.writeStringProperty("fulfilmentFlow", channel.flows().fulfilmentOrder());
        json.writeStringProperty("returnFlow", channel.flows().returns());
        json.writeStringProperty("brand", channel.brand());
        json.writeStringProperty("legalEntity", channel.legalEntity());
        if (!channel.duplicatesWithin().isZero()) {
            json.writeStringProperty("duplicatesWithin", Delays.written(channel.duplicatesWithin()));
        }
        if (channel.threshold() > 0) {
            json.writeNumberProperty("threshold", channel.threshold());
        }
        json.writeEndObject();
    }
}
