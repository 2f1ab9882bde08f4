package dev.tutti.server.events;

import dev.tutti.order.OrderEvent;
import dev.tutti.postgres.EventJson;
import dev.tutti.postgres.Outbox.EventId;
import dev.tutti.postgres.Reads.FeedEntry;
import dev.tutti.postgres.Reads.JournalEntry;
import dev.tutti.server.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * An event as it is told outside: <a href="https://cloudevents.io">CloudEvents 1.0</a>, structured, in JSON.
 *
 * @param kind the event's stable name, such as {@code units-handed-over}
 * @param id what a reader tells repetitions by: the same however often it is sent
 * @param channel of the order
 * @param partitionKey what must come in its order has the same
 */
public record CloudEvent(EventId event, String kind, String id, String channel, String partitionKey, byte[] body) {
    public static final String CONTENT_TYPE = "application/cloudevents+json";
    /** Before an event's stable name. */
    public static final String TYPE_PREFIX = "dev.tutti.";

    /** The events that one command led to. */
    public static List<CloudEvent> of(FeedEntry entry, String channel, EventOnWire onWire) {
        List<CloudEvent> events = new ArrayList<>();
        int version = entry.entry().versionFrom();
        for (OrderEvent event : entry.entry().events()) {
            events.add(of(entry, channel, version++, event, onWire));
        }
        return events;
    }

    private static CloudEvent of(FeedEntry entry, String channel, int version, OrderEvent event, EventOnWire onWire) {
        long order = entry.cursor().order();
        JournalEntry command = entry.entry();
        String kind = EventJson.name(event.getClass());
        // Numbers may come again after a restore to an earlier time; a moment does not.
        String id = order + "-" + version + "-" + Long.toString(command.at().toEpochMilli(), 36);
        byte[] body = Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("specversion", "1.0");
            json.writeStringProperty("id", id);
            json.writeStringProperty("source", "/v1/orders");
            json.writeStringProperty("type", TYPE_PREFIX + kind);
            json.writeStringProperty("subject", Long.toString(order));
            json.writeStringProperty("time", command.at().toString());
            json.writeStringProperty("datacontenttype", "application/json");
            json.writeStringProperty("partitionkey", Long.toString(order));
            json.writeStringProperty("sequence", "%010d".formatted(version));
            json.writeName("data");
            json.writeStartObject();
            json.writeStringProperty("order", Long.toString(order));
            json.writeNumberProperty("version", version);
            json.writeStringProperty("channel", channel);
            json.writeStringProperty("externalId", entry.externalId());
            json.writeStringProperty("command", command.command());
            json.writeName("event");
            json.writeRawValue(onWire.json(event));
            json.writeEndObject();
            json.writeEndObject();
        });
        return new CloudEvent(new EventId(order, version), kind, id, channel, Long.toString(order), body);
    }
}
