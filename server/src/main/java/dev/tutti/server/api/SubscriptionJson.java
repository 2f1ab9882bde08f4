package dev.tutti.server.api;

import dev.tutti.order.OrderEvent;
import dev.tutti.postgres.EventJson;
import dev.tutti.postgres.Subscription;
import dev.tutti.server.events.AvailabilityTold;
import dev.tutti.server.events.KafkaTopic;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.json.Codes;
import dev.tutti.server.json.JsonReader;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.core.JsonGenerator;

/** A subscription on the wire. */
final class SubscriptionJson {
    private static final int MOST_CHANNELS = 10_000;

    /** What happens to orders. */
    static final TreeSet<String> KINDS = new TreeSet<>(Arrays.stream(OrderEvent.class.getPermittedSubclasses())
            .map(EventJson::name)
            .toList());

    private SubscriptionJson() {}

    static Subscription read(JsonReader in) {
        in.object();
        String code = null;
        String url = null;
        List<String> events = List.of();
        List<String> channels = List.of();
        int timeout = 10;
        int atOnce = 8;
        int attempts = 30;
        boolean inside = false;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "code" -> code = Codes.read(in);
                case "url" -> url = url(in);
                case "events" -> events = in.list(KINDS.size() + 1, each -> kind(in));
                case "channels" -> channels = in.list(MOST_CHANNELS, each -> Codes.read(in));
                case "timeoutSeconds" -> timeout = in.integer(1, 60);
                case "atOnce" -> atOnce = in.integer(1, 200);
                case "mostAttempts" -> attempts = in.integer(1, 1_000);
                case "inside" -> inside = in.bool();
                default -> throw in.unknownField();
            }
        }
        if (url != null && KafkaTopic.isMeant(url) && !inside) {
            throw BadJson.invalidAt(
                    in.path().isEmpty() ? "inside" : in.path() + ".inside",
                    "a broker names others at whichever address, and nobody looks at those: say inside: true");
        }
        return new Subscription(
                in.required(code, "code"),
                in.required(url, "url"),
                events,
                channels,
                timeout,
                atOnce,
                attempts,
                inside);
    }

    /** A topic of Kafka, or what can be called. */
    private static String url(JsonReader in) {
        String text = in.nonEmptyText(1_000);
        if (!KafkaTopic.isMeant(text)) {
            return DestinationJson.url(in, text);
        }
        if (KafkaTopic.of(text) == null) {
            throw in.invalid("a topic is kafka://host:port/name, or with more hosts, separated by commas");
        }
        return text;
    }

    private static String kind(JsonReader in) {
        String kind = in.nonEmptyText(64);
        if (!KINDS.contains(kind) && !kind.equals(AvailabilityTold.KIND)) {
            throw in.invalid(
                    "there are no events " + kind + ", but " + String.join(", ", KINDS) + ", " + AvailabilityTold.KIND);
        }
        return kind;
    }

    static void write(JsonGenerator json, Subscription subscription) {
        json.writeStartObject();
        fields(json, subscription);
        json.writeEndObject();
    }

    static void fields(JsonGenerator json, Subscription subscription) {
        json.writeStringProperty("code", subscription.code());
        json.writeStringProperty("url", subscription.url());
        texts(json, "events", subscription.events());
        texts(json, "channels", subscription.channels());
        json.writeNumberProperty("timeoutSeconds", subscription.timeoutSeconds());
        json.writeNumberProperty("atOnce", subscription.atOnce());
        json.writeNumberProperty("mostAttempts", subscription.mostAttempts());
        json.writeBooleanProperty("inside", subscription.inside());
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) {
        json.writeName(name);
        json.writeStartArray();
        texts.forEach(json::writeString);
        json.writeEndArray();
    }
}
