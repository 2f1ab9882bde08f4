package dev.tutti.order;

import static dev.tutti.flow.FactType.NUMBER;
import static dev.tutti.flow.FactType.TEXT;
import static dev.tutti.flow.FactType.TRUTH;

import dev.tutti.flow.FactType;
import dev.tutti.flow.FlowFacts;
import dev.tutti.fulfilment.UnitState;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an order shows its flow. */
public enum OrderFact {
    /** Units that have neither gone nor been called off. */
    UNITS_LIVE("units.live", NUMBER),
    UNITS_OPEN("units.open", NUMBER),
    UNITS_BACKORDERED("units.backordered", NUMBER),
    UNITS_ALLOCATED("units.allocated", NUMBER),
    UNITS_RELEASED("units.released", NUMBER),
    /** Units the customer has. */
    UNITS_GONE("units.gone", NUMBER),
    ORDER_LINES("order.lines", NUMBER),
    /** Minor units, without what was called off. */
    ORDER_TOTAL("order.total", NUMBER),
    ORDER_PRIORITY("order.priority", NUMBER),
    /** Whole hours since it was placed. */
    ORDER_AGE_HOURS("order.ageHours", NUMBER),
    ORDER_FULFILMENT_ORDERS("order.fulfilmentOrders", NUMBER),
    /** Where its first parcel goes. */
    ORDER_COUNTRY("order.country", TEXT),
    /** Holds that stand. */
    ORDER_HOLDS("order.holds", NUMBER),
    /** Whether a person must look at it. */
    ORDER_EXCEPTION("order.exception", TRUTH),
    /** Minor units that a provider holds, and nobody has asked to take or let go. */
    PAYMENT_HELD("payment.held", NUMBER),
    /** Minor units for what the customer has, that nobody has asked for. */
    PAYMENT_DUE("payment.due", NUMBER),
    /** Minor units for what came back, that nobody has asked to give back. */
    PAYMENT_OWED_BACK("payment.owedBack", NUMBER),
    /** Whether a provider has yet to answer. */
    PAYMENT_BUSY("payment.busy", TRUTH),
    /** Whether the last that was asked of a payment, once it was authorised, was refused. */
    PAYMENT_FAILED("payment.failed", TRUTH);

    /** Custom fields of an order: a text each, empty where it has none of that name. */
    public static final String ATTRIBUTES = "attributes.";

    /** What services outside have answered: a text each, empty where none has answered anything of that name. */
    public static final String ANSWERS = "answers.";

    private static final Map<String, OrderFact> BY_NAME = Arrays.stream(values())
            .collect(Collectors.toMap(OrderFact::factName, Function.identity(), (a, b) -> a, TreeMap::new));

    private final String factName;
    private final FactType type;

    OrderFact(String factName, FactType type) {
        this.factName = factName;
        this.type = type;
    }

    /** As conditions spell it. */
    public String factName() {
        return factName;
    }

    public FactType type() {
        return type;
    }

    static @Nullable OrderFact named(String name) {
        return BY_NAME.get(name);
    }

    static FlowFacts of(Order order, Instant now) {
        return name -> {
            if (name.startsWith(ATTRIBUTES)) {
                return order.header().attributes().getOrDefault(name.substring(ATTRIBUTES.length()), "");
            }
            if (name.startsWith(ANSWERS)) {
                return order.outside().answer(name.substring(ANSWERS.length()));
            }
            OrderFact fact = named(name);
            if (fact == null) {
                throw new IllegalArgumentException("an order has no fact named " + name);
            }
            return fact.value(order, now);
        };
    }

    private Object value(Order order, Instant now) {
        return switch (this) {
            case UNITS_LIVE -> (long) order.live();
            case UNITS_OPEN -> (long) order.in(UnitState.OPEN);
            case UNITS_BACKORDERED -> (long) order.in(UnitState.BACKORDERED);
            case UNITS_ALLOCATED -> (long) order.in(UnitState.ALLOCATED);
            case UNITS_RELEASED -> (long) order.in(UnitState.RELEASED);
            case UNITS_GONE -> (long) order.in(UnitState.SHIPPED) + order.in(UnitState.COLLECTED);
            case ORDER_LINES -> (long) order.lines().size();
            case ORDER_TOTAL -> order.total();
            case ORDER_PRIORITY -> (long) order.header().priority();
            case ORDER_AGE_HOURS ->
                Math.max(0, Duration.between(order.header().placedAt(), now).toHours());
            case ORDER_FULFILMENT_ORDERS -> (long) order.fulfilmentOrders().size();
            case ORDER_COUNTRY -> order.header().shipGroups().getFirst().country();
            case ORDER_HOLDS -> (long) order.holds().open().size();
            case ORDER_EXCEPTION -> order.exception() != null;
            case PAYMENT_HELD -> Balance.of(order).held();
            case PAYMENT_DUE -> Balance.of(order).due();
            case PAYMENT_OWED_BACK -> Balance.of(order).owedBack();
            case PAYMENT_BUSY -> order.payments().busy();
            case PAYMENT_FAILED -> order.payments().failed();
        };
    }
}
