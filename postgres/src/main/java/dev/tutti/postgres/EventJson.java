package dev.tutti.postgres;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.tutti.conveyor.StoreFailure;
import dev.tutti.flow.Journey;
import dev.tutti.inventory.ItemId;
import dev.tutti.network.ChannelId;
import dev.tutti.network.NodeId;
import dev.tutti.order.OrderEvent;
import dev.tutti.order.OrderId;
import dev.tutti.reservation.ReservationId;
import java.sql.SQLDataException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;

/**
 * Events as JSON, the form in which they are kept for ever: an array of objects, each with its {@code type} first.
 *
 * <p>The core's records carry no annotations; what JSON needs to know of them is said here.
 */
public final class EventJson {
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    private interface Typed {}

    @SuppressWarnings("UnusedVariable")
    private abstract static class OrderIdForm {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        OrderIdForm(long value) {}

        @JsonValue
        abstract long value();
    }

    @SuppressWarnings("UnusedVariable")
    private abstract static class NumberForm {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        NumberForm(int value) {}

        @JsonValue
        abstract int value();
    }

    @SuppressWarnings("UnusedVariable")
    private abstract static class JourneyForm {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Journey parse(String text) {
            throw new UnsupportedOperationException(text);
        }

        @JsonValue
        abstract String text();
    }

    /** The escape itself, not an escaped backslash before the letters. */
    private static final Pattern NUL = Pattern.compile("(?<!\\\\)(\\\\\\\\)*\\\\u0000");

    private static final TypeReference<List<OrderEvent>> EVENTS = new TypeReference<>() {};

    private final ObjectWriter writer;
    private final ObjectReader reader;

    /** Knows how the core's numbers are written. */
    static JsonMapper.Builder mapper() {
        return JsonMapper.builder()
                .addMixIn(ReservationId.class, OrderIdForm.class)
                .addMixIn(OrderId.class, OrderIdForm.class)
                .addMixIn(Journey.class, JourneyForm.class)
                .addMixIn(NodeId.class, NumberForm.class)
                .addMixIn(ChannelId.class, NumberForm.class)
                .addMixIn(ItemId.class, NumberForm.class)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    public EventJson() {
        JsonMapper.Builder mapper = mapper().addMixIn(OrderEvent.class, Typed.class);
        for (Class<?> event : OrderEvent.class.getPermittedSubclasses()) {
            mapper.registerSubtypes(new NamedType(event, name(event)));
        }
        JsonMapper built = mapper.build();
        writer = built.writerFor(EVENTS);
        reader = built.readerFor(EVENTS);
    }

    /** The stable name of a kind of event, such as {@code units-allocated}. */
    public static String name(Class<?> event) {
        return event.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /**
     * @throws StoreFailure.Unstorable if a text has the character U+0000, which PostgreSQL's JSON cannot hold
     */
    public String write(List<OrderEvent> events) {
        String json = writer.writeValueAsString(events);
        if (json.contains("u0000") && NUL.matcher(json).find()) {
            throw new StoreFailure.Unstorable("a text has the character U+0000", new SQLDataException("U+0000"));
        }
        return json;
    }

    public List<OrderEvent> read(String json) {
        return reader.readValue(json);
    }
}
