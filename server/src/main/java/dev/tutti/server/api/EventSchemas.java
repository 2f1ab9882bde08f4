package dev.tutti.server.api;

import dev.tutti.flow.Journey;
import dev.tutti.network.ChannelId;
import dev.tutti.network.NodeId;
import dev.tutti.order.Kit;
import dev.tutti.order.OrderEvent;
import dev.tutti.order.OrderId;
import dev.tutti.postgres.EventJson;
import dev.tutti.reservation.ReservationId;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schemas of what {@link EventsOnWire} writes, read off the records themselves. */
final class EventSchemas {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final SortedMap<String, ObjectNode> schemas = new TreeMap<>();

    private EventSchemas() {}

    /** {@code OrderEvent}, each kind of it and what they are made of, by name. */
    static SortedMap<String, ObjectNode> all() {
        EventSchemas all = new EventSchemas();
        ObjectNode any = JSON.objectNode();
        ArrayNode kinds = any.putArray("oneOf");
        ObjectNode discriminator = any.putObject("discriminator");
        discriminator.put("propertyName", "type");
        ObjectNode mapping = discriminator.putObject("mapping");
        for (Class<?> event : OrderEvent.class.getPermittedSubclasses()) {
            String name = event.getSimpleName() + "Event";
            ObjectNode schema = object();
            schema.withArrayProperty("required").add("type");
            schema.withObjectProperty("properties").putObject("type").put("const", EventJson.name(event));
            all.schemas.put(name, all.withComponents(schema, event));
            kinds.addObject().put("$ref", reference(name));
            mapping.put(EventJson.name(event), reference(name));
        }
        all.schemas.put("OrderEvent", any);
        return all.schemas;
    }

    private static String reference(String name) {
        return "#/components/schemas/" + name;
    }

    private static ObjectNode object() {
        ObjectNode schema = JSON.objectNode().put("type", "object");
        schema.putArray("required");
        schema.putObject("properties");
        return schema;
    }

    private ObjectNode withComponents(ObjectNode schema, Class<?> record) {
        ArrayNode required = schema.withArrayProperty("required");
        ObjectNode properties = schema.withObjectProperty("properties");
        for (RecordComponent component : record.getRecordComponents()) {
            boolean item = (record == OrderEvent.PlacedLine.class || record == Kit.class)
                    && component.getName().equals("item");
            String name = item ? "sku" : component.getName();
            required.add(name);
            properties.set(name, item ? JSON.objectNode().put("type", "string") : of(component.getAnnotatedType()));
        }
        return schema;
    }

    private ObjectNode of(AnnotatedType type) {
        ObjectNode schema = notNull(type);
        if (!type.isAnnotationPresent(Nullable.class)) {
            return schema;
        }
        ObjectNode orNull = JSON.objectNode();
        ArrayNode either = orNull.putArray("anyOf");
        either.add(schema);
        either.addObject().put("type", "null");
        return orNull;
    }

    private ObjectNode notNull(AnnotatedType type) {
        ObjectNode schema = JSON.objectNode();
        Class<?> raw = type.getType() instanceof ParameterizedType generic
                ? (Class<?>) generic.getRawType()
                : (Class<?>) type.getType();
        if (raw == int.class || raw == long.class || raw == Integer.class || raw == Long.class) {
            return schema.put("type", "integer");
        }
        if (raw == double.class) {
            return schema.put("type", "number");
        }
        if (raw == boolean.class) {
            return schema.put("type", "boolean");
        }
        if (raw == String.class
                || raw == NodeId.class
                || raw == ChannelId.class
                || raw == OrderId.class
                || raw == ReservationId.class) {
            return schema.put("type", "string");
        }
        if (raw == Journey.class) {
            return schema.put("type", "string").put("pattern", "^(order|(fulfilment-order|return)-[1-9][0-9]*)$");
        }
        if (raw == Currency.class) {
            return schema.put("type", "string").put("pattern", "^[A-Z]{3}$");
        }
        if (raw == Instant.class) {
            return schema.put("type", "string").put("format", "date-time");
        }
        if (raw == LocalDate.class) {
            return schema.put("type", "string").put("format", "date");
        }
        if (raw.isEnum()) {
            schema.put("type", "string").set("enum", Known.spelt((Enum<?>[]) raw.getEnumConstants()));
            return schema;
        }
        if (List.class.isAssignableFrom(raw)) {
            schema.put("type", "array").set("items", of(argument(type, 0)));
            return schema;
        }
        if (Map.class.isAssignableFrom(raw)) {
            schema.put("type", "object").set("additionalProperties", of(argument(type, 1)));
            return schema;
        }
        if (raw.isRecord()) {
            return schema.put("$ref", reference(part(raw)));
        }
        throw new IllegalStateException("events have nothing of the type " + type.getType());
    }

    private static AnnotatedType argument(AnnotatedType type, int number) {
        return ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments()[number];
    }

    /** Named apart: what REST v1 itself calls a ship group, say, is written otherwise. */
    private String part(Class<?> record) {
        String name = record.getSimpleName() + "InEvent";
        if (!schemas.containsKey(name)) {
            ObjectNode schema = object();
            schemas.put(name, schema);
            withComponents(schema, record);
        }
        return name;
    }
}
