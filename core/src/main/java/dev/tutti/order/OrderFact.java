package dev.tutti.order;

import static dev.tutti.flow.FactType.NUMBER;
import static dev.tutti.flow.FactType.TEXT;
import static dev.tutti.flow.FactType.TRUTH;
import static dev.tutti.flow.FlowKind.FULFILMENT_ORDER;
import static dev.tutti.flow.FlowKind.ORDER;
import static dev.tutti.flow.FlowKind.RETURN;

import dev.tutti.decision.Spelling;
import dev.tutti.flow.FactType;
import dev.tutti.flow.FlowFacts;
import dev.tutti.flow.FlowKind;
import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.returns.Return;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an order and its parts show their flows. Units are those of whatever travels. */
public enum OrderFact {
    /** Units that have neither gone nor been called off. */
    UNITS_LIVE("units.live", NUMBER, ORDER, FULFILMENT_ORDER),
    UNITS_OPEN("units.open", NUMBER, ORDER),
    UNITS_BACKORDERED("units.backordered", NUMBER, ORDER),
    UNITS_ALLOCATED("units.allocated", NUMBER, ORDER, FULFILMENT_ORDER),
    UNITS_RELEASED("units.released", NUMBER, ORDER, FULFILMENT_ORDER),
    UNITS_PICKED("units.picked", NUMBER, FULFILMENT_ORDER),
    /** Units in parcels, or staged for collection. */
    UNITS_PACKED("units.packed", NUMBER, FULFILMENT_ORDER),
    /** Units the customer has. */
    UNITS_GONE("units.gone", NUMBER, ORDER, FULFILMENT_ORDER),
    /** Announced units that have not come. */
    UNITS_EXPECTED("units.expected", NUMBER, RETURN),
    UNITS_RECEIVED("units.received", NUMBER, RETURN),
    /** Received units of whose price it is not decided yet whether it is given back. */
    UNITS_UNDECIDED("units.undecided", NUMBER, RETURN),
    ORDER_LINES("order.lines", NUMBER, FlowKind.values()),
    /** Minor units, without what was called off. */
    ORDER_TOTAL("order.total", NUMBER, FlowKind.values()),
    ORDER_PRIORITY("order.priority", NUMBER, FlowKind.values()),
    /** Whole hours since it was placed. */
    ORDER_AGE_HOURS("order.ageHours", NUMBER, FlowKind.values()),
    /** Whole hours since it was due: since it was placed or, if its customer was told a later day, since the end of that. */
    ORDER_OVERDUE_HOURS("order.overdueHours", NUMBER, FlowKind.values()),
    ORDER_FULFILMENT_ORDERS("order.fulfilmentOrders", NUMBER, FlowKind.values()),
    /** Where its first parcel goes. */
    ORDER_COUNTRY("order.country", TEXT, FlowKind.values()),
    /** What is wrong with where it goes, such as {@code wrong-postcode}; empty if nothing is. */
    ORDER_ADDRESS_PROBLEM("order.addressProblem", TEXT, ORDER),
    /** Whether it may be an order sent twice. */
    ORDER_DUPLICATE("order.duplicate", TRUTH, FlowKind.values()),
    /** Whether the channel did not say which customer it is. */
    ORDER_GUEST("order.guest", TRUTH, FlowKind.values()),
    /** Units that were ordered, also those that were called off. */
    ORDER_UNITS("order.units", NUMBER, FlowKind.values()),
    /** The most units of one line. */
    ORDER_LARGEST_LINE("order.largestLine", NUMBER, FlowKind.values()),
    /** The channel's code. */
    ORDER_CHANNEL("order.channel", TEXT, FlowKind.values()),
    /** Holds that stand. */
    ORDER_HOLDS("order.holds", NUMBER, FlowKind.values()),
    /** Whether a person must look at it. */
    ORDER_EXCEPTION("order.exception", TRUTH, FlowKind.values()),
    /** The node that has the work: its code. */
    NODE_CODE("node.code", TEXT, FULFILMENT_ORDER),
    /** Such as {@code store} or {@code supplier}. */
    NODE_TYPE("node.type", TEXT, FULFILMENT_ORDER),
    /**
     * How its customer has it: {@code ship}, {@code pick-up} or {@code ship-to-store}, also of what the store takes from its
     * own shelf while the rest is sent there.
     */
    WORK_METHOD("work.method", TEXT, FULFILMENT_ORDER),
    /** Whole hours since it should have left; 0 before. */
    WORK_HOURS_LATE("work.hoursLate", NUMBER, FULFILMENT_ORDER),
    RETURN_REASON("returned.reason", TEXT, RETURN),
    /** Minor units that a provider holds, and nobody has asked to take or let go. */
    PAYMENT_HELD("payment.held", NUMBER, ORDER),
    /** Minor units for what the customer has, that nobody has asked for. */
    PAYMENT_DUE("payment.due", NUMBER, ORDER),
    /** Minor units for what came back, that nobody has asked to give back. */
    PAYMENT_OWED_BACK("payment.owedBack", NUMBER, ORDER, RETURN),
    /** Whether a provider has yet to answer. */
    PAYMENT_BUSY("payment.busy", TRUTH, ORDER, RETURN),
    /** Whether the last that was asked of a payment, once it was authorised, was refused. */
    PAYMENT_FAILED("payment.failed", TRUTH, ORDER, RETURN);

    /** Custom fields of an order: a text each, empty where it has none of that name. */
    public static final String ATTRIBUTES = "attributes.";

    /** What services outside have answered: a text each, empty where none has answered anything of that name. */
    public static final String ANSWERS = "answers.";

    private static final Map<String, OrderFact> BY_NAME = Arrays.stream(values())
            .collect(Collectors.toMap(OrderFact::factName, Function.identity(), (a, b) -> a, TreeMap::new));

    private final String factName;
    private final FactType type;
    /** A bit for each. */
    private final int kinds;

    OrderFact(String factName, FactType type, FlowKind... kinds) {
        this.factName = factName;
        this.type = type;
        this.kinds = Arrays.stream(kinds).mapToInt(kind -> 1 << kind.ordinal()).sum();
    }

    /** As conditions spell it. */
    public String factName() {
        return factName;
    }

    public FactType type() {
        return type;
    }

    /** Whether what travels along a flow of this kind has it. */
    public boolean isOf(FlowKind kind) {
        return (kinds & 1 << kind.ordinal()) != 0;
    }

    static @Nullable OrderFact named(String name) {
        return BY_NAME.get(name);
    }

    static FlowFacts of(Order order, Journey journey, Network network, Instant now) {
        return name -> {
            if (name.startsWith(ATTRIBUTES)) {
                return order.header().attributes().getOrDefault(name.substring(ATTRIBUTES.length()), "");
            }
            if (name.startsWith(ANSWERS)) {
                return order.outside().answer(name.substring(ANSWERS.length()));
            }
            OrderFact fact = named(name);
            if (fact == null || !fact.isOf(journey.kind())) {
                throw new IllegalArgumentException(journey + " has no fact named " + name);
            }
            return fact.value(order, journey, network, now);
        };
    }

    private Object value(Order order, Journey journey, Network network, Instant now) {
        return switch (journey.kind()) {
            case ORDER -> ofOrder(order, network, now);
            case FULFILMENT_ORDER -> ofWork(order, order.fulfilmentOrders().get(journey.number() - 1), network, now);
            case RETURN -> ofReturn(order, order.returns().all().get(journey.number() - 1), network, now);
        };
    }

    private Object ofOrder(Order order, Network network, Instant now) {
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
            case ORDER_AGE_HOURS -> hoursSince(order.header().placedAt(), now);
            case ORDER_OVERDUE_HOURS -> hoursSince(due(order), now);
            case ORDER_FULFILMENT_ORDERS -> (long) order.fulfilmentOrders().size();
            case ORDER_COUNTRY -> order.header().shipGroups().getFirst().country();
            case ORDER_ADDRESS_PROBLEM -> {
                AddressProblem problem = Addresses.problem(order);
                yield problem == null ? "" : Spelling.of(problem);
            }
            case ORDER_DUPLICATE -> order.header().duplicateOf() != null;
            case ORDER_GUEST -> order.header().customer().isEmpty();
            case ORDER_UNITS ->
                order.lines().stream().mapToLong(line -> line.units().total()).sum();
            case ORDER_LARGEST_LINE ->
                order.lines().stream()
                        .mapToLong(line -> line.units().total())
                        .max()
                        .orElse(0);
            case ORDER_CHANNEL -> {
                Channel channel = network.channel(order.header().channel());
                yield channel == null ? "" : channel.code();
            }
            case ORDER_HOLDS -> (long) order.holds().open().size();
            case ORDER_EXCEPTION -> order.exception() != null;
            case PAYMENT_HELD -> Balance.of(order).held();
            case PAYMENT_DUE -> Balance.of(order).due();
            case PAYMENT_OWED_BACK -> Balance.of(order).owedBack();
            case PAYMENT_BUSY -> order.payments().busy();
            case PAYMENT_FAILED -> order.payments().failed();
            default -> throw new IllegalStateException(this + " is no fact of an order");
        };
    }

    private Object ofWork(Order order, FulfilmentOrder work, Network network, Instant now) {
        return switch (this) {
            case UNITS_LIVE -> (long) work.live();
            case UNITS_ALLOCATED -> (long) work.in(UnitState.ALLOCATED);
            case UNITS_RELEASED -> (long) work.in(UnitState.RELEASED);
            case UNITS_PICKED -> (long) work.in(UnitState.PICKED);
            case UNITS_PACKED -> (long) work.in(UnitState.PACKED);
            case UNITS_GONE -> (long) work.in(UnitState.SHIPPED) + work.in(UnitState.COLLECTED);
            case NODE_CODE -> {
                Node node = network.node(work.node().value());
                yield node == null ? "" : node.code();
            }
            case NODE_TYPE -> {
                Node node = network.node(work.node().value());
                yield node == null ? "" : Spelling.of(node.type());
            }
            case WORK_METHOD ->
                Spelling.of(order.header().shipGroup(work.shipGroup()).method());
            case WORK_HOURS_LATE -> hoursSince(work.dispatchBy(), now);
            default -> ofOrder(order, network, now);
        };
    }

    private Object ofReturn(Order order, Return one, Network network, Instant now) {
        return switch (this) {
            case UNITS_EXPECTED -> (long) one.expected();
            case UNITS_RECEIVED -> (long) one.received();
            case UNITS_UNDECIDED -> (long) one.undecided();
            case RETURN_REASON -> one.reason();
            default -> ofOrder(order, network, now);
        };
    }

    /** The end of the last day that its customer was told, or when it was placed. */
    private static Instant due(Order order) {
        Instant due = order.header().placedAt();
        for (ShipGroup group : order.header().shipGroups()) {
            DatePromise promise = group.promise();
            Instant told = promise == null
                    ? due
                    : promise.latest().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
            due = told.isAfter(due) ? told : due;
        }
        return due;
    }

    private static long hoursSince(Instant then, Instant now) {
        return Math.max(0, Duration.between(then, now).toHours());
    }
}
