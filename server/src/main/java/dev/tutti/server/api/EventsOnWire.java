package dev.tutti.server.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.tutti.decision.Spelling;
import dev.tutti.flow.Journey;
import dev.tutti.network.ChannelId;
import dev.tutti.network.NodeId;
import dev.tutti.order.Kit;
import dev.tutti.order.OrderEvent;
import dev.tutti.order.OrderId;
import dev.tutti.postgres.EventJson;
import dev.tutti.reservation.ReservationId;
import dev.tutti.server.engine.Catalogue;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.module.SimpleModule;

/**
 * What happened to orders, as others read it: items, nodes and channels by their codes and states spelt as everywhere on
 * the wire. (As they are stored, events carry our own numbers.)
 */
final class EventsOnWire {
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    private interface Typed {}

    private interface WithSku {
        @JsonProperty("sku")
        @JsonSerialize(using = Sku.class)
        int item();
    }

    /** Writes a value by what the catalogue calls it. */
    private abstract static class Named<T> extends ValueSerializer<T> {
        @Override
        public void serialize(T value, JsonGenerator json, SerializationContext context) {
            json.writeString(name(value, (Catalogue) context.getAttribute(Catalogue.class)));
        }

        abstract String name(T value, Catalogue catalogue);
    }

    private static final class Sku extends Named<Integer> {
        @Override
        String name(Integer item, Catalogue catalogue) {
            return catalogue.sku(item);
        }
    }

    private static final class NodeCode extends Named<NodeId> {
        @Override
        String name(NodeId node, Catalogue catalogue) {
            return Names.node(catalogue, node.value());
        }
    }

    private static final class ChannelCode extends Named<ChannelId> {
        @Override
        String name(ChannelId channel, Catalogue catalogue) {
            return Names.channel(catalogue, channel.value());
        }
    }

    private static final class OrderNumber extends Named<OrderId> {
        @Override
        String name(OrderId order, Catalogue catalogue) {
            return Long.toString(order.value());
        }
    }

    private static final class ReservationNumber extends Named<ReservationId> {
        @Override
        String name(ReservationId reservation, Catalogue catalogue) {
            return Long.toString(reservation.value());
        }
    }

    private static final class JourneyText extends Named<Journey> {
        @Override
        String name(Journey journey, Catalogue catalogue) {
            return journey.text();
        }
    }

    private static final class Spelt extends Named<Enum<?>> {
        @Override
        String name(Enum<?> constant, Catalogue catalogue) {
            return Spelling.of(constant);
        }
    }

    private final ObjectWriter writer;
    private final ObjectWriter one;

    @SuppressWarnings("unchecked")
    EventsOnWire(Catalogue catalogue) {
        SimpleModule names = new SimpleModule()
                .addSerializer(NodeId.class, new NodeCode())
                .addSerializer(ChannelId.class, new ChannelCode())
                .addSerializer(OrderId.class, new OrderNumber())
                .addSerializer(ReservationId.class, new ReservationNumber())
                .addSerializer(Journey.class, new JourneyText())
                .addSerializer((Class<Enum<?>>) (Class<?>) Enum.class, new Spelt());
        JsonMapper.Builder mapper = JsonMapper.builder()
                .addMixIn(OrderEvent.class, Typed.class)
                .addMixIn(OrderEvent.PlacedLine.class, WithSku.class)
                .addMixIn(Kit.class, WithSku.class)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .addModule(names);
        for (Class<?> event : OrderEvent.class.getPermittedSubclasses()) {
            mapper.registerSubtypes(new NamedType(event, EventJson.name(event)));
        }
        JsonMapper built = mapper.build();
        writer = built.writerFor(new TypeReference<List<OrderEvent>>() {}).withAttribute(Catalogue.class, catalogue);
        one = built.writerFor(OrderEvent.class).withAttribute(Catalogue.class, catalogue);
    }

    /** One event, as an object with its {@code type}. */
    String json(OrderEvent event) {
        return one.writeValueAsString(event);
    }

    /** A JSON array of objects, each with its {@code type}. */
    String json(List<OrderEvent> events) {
        return writer.writeValueAsString(events);
    }
}
