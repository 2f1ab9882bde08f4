package dev.tutti.order;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowKind;
import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.inventory.DailyCapacity;
import dev.tutti.inventory.Fences;
import dev.tutti.inventory.Overlay;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Slots;
import dev.tutti.inventory.Stock;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import dev.tutti.inventory.Taking;
import dev.tutti.network.Channel;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.network.RingFence;
import dev.tutti.network.Slot;
import dev.tutti.order.OrderEvent.NewFulfilmentOrder;
import dev.tutti.order.OrderEvent.UnitsFrom;
import dev.tutti.reservation.Reservation;
import dev.tutti.reservation.Reservations;
import dev.tutti.sourcing.SourcingPlan;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A decision in the making: the state so far, what has happened, what is claimed. */
final class Change {
    private static final Duration LOOKED_AT_WITHIN = Duration.ofDays(1);

    /** As the decision found it; null while it is being placed. */
    private final @Nullable Order found;

    private Order order;
    private final OrderFacts facts;
    private Stock stock;
    private final List<OrderEvent> events = new ArrayList<>();
    private final List<StockChange> claims = new ArrayList<>();
    private final List<SourcingPlan> sourcing = new ArrayList<>();
    private final List<Contact> contacts = new ArrayList<>();
    private @Nullable Reservation reservation;
    private List<Slot> slotsTakenOver = List.of();
    /** Units whose claims the order has got from a reservation, less those whose claims fulfilment orders have now. */
    private final TreeMap<PositionKey, Integer> ownedWithoutClaiming = new TreeMap<>();

    /** Units by item that are counted as waiting for the order, or were for its cart, before this. */
    private final TreeMap<Integer, Integer> waited;

    private final Map<Journey, Object> lastHeard = new TreeMap<>();

    Change(Order order, OrderFacts facts) {
        this(order, order, facts);
    }

    private Change(@Nullable Order found, Order order, OrderFacts facts) {
        this.found = found;
        this.order = order;
        this.facts = facts;
        this.stock = facts.stock();
        this.waited = found == null ? new TreeMap<>() : new TreeMap<>(found.waiting());
    }

    static Change placing(OrderEvent.OrderPlaced placed, OrderFacts facts) {
        Change change = new Change(null, Order.apply(null, placed), facts);
        change.events.add(placed);
        return change;
    }

    Order order() {
        return order;
    }

    OrderFacts facts() {
        return facts;
    }

    /** The flow that a journey under way keeps. */
    Flow flow(Journey journey) {
        FlowPosition position = order.journeys().position(journey);
        if (position == null) {
            throw new BrokenInvariant(journey + " is not under way");
        }
        return facts.flows().of(position.flow(), position.version());
    }

    /** The flow that parts of this kind take now if they begin one, or null if they have none. */
    @Nullable
    Flow flowOf(FlowKind kind) {
        Channel channel = facts.network().channel(order.header().channel());
        String name = channel == null
                ? ""
                : switch (kind) {
                    case ORDER -> channel.flows().order();
                    case FULFILMENT_ORDER -> channel.flows().fulfilmentOrder();
                    case RETURN -> channel.flows().returns();
                };
        Flow flow = name.isEmpty() ? null : facts.flows().newest(name);
        return flow == null || flow.kind() != kind ? null : flow;
    }

    void begins(Journey journey, Flow flow) {
        happens(new OrderEvent.JourneyBegun(journey, flow.name(), flow.version(), facts.now()));
    }

    /** Whether what a journey is about differs from when it last heard of it. */
    boolean isNews(Journey journey) {
        Object last =
                lastHeard.containsKey(journey) ? lastHeard.get(journey) : found == null ? null : about(found, journey);
        return !about(order, journey).equals(last);
    }

    /** A journey knows how its units stand now. */
    void heard(Journey journey) {
        lastHeard.put(journey, about(order, journey));
    }

    private static Object about(Order order, Journey journey) {
        return switch (journey.kind()) {
            case ORDER -> order.lines();
            case FULFILMENT_ORDER -> order.fulfilmentOrders().get(journey.number() - 1);
            case RETURN -> order.returns().all().get(journey.number() - 1);
        };
    }

    int nextEffect() {
        return order.outside().effects().size() + 1;
    }

    void happens(OrderEvent event) {
        order = Order.apply(order, event);
        events.add(event);
    }

    /** A person must look at it; what a case says already is not said again. */
    void opensException(ExceptionKind kind, Journey part, String reason) {
        ExceptionCase open = order.exception();
        if (open == null || open.isNews(kind, reason, part)) {
            happens(new OrderEvent.ExceptionOpened(
                    kind, reason, part, facts.now(), facts.now().plus(LOOKED_AT_WITHIN)));
        }
    }

    void claim(int line, NodeId node, StockMove move, int quantity) {
        int item = order.lines().get(line - 1).item();
        claims.add(StockChange.of(item, node.value(), move, quantity));
    }

    /** Claims what a plan takes: its units, and the nodes' capacity on the days on which they leave. */
    void claim(SourcingPlan plan) {
        Taking taking = new Taking(stock, fences());
        for (SourcingPlan.Parcel parcel : plan.parcels()) {
            for (LineQuantity part : parcel.lines()) {
                taking.take(order.lines().get(part.line() - 1).item(), parcel.node(), part.quantity());
            }
        }
        List<StockChange> claimed = new ArrayList<>(taking.claims());
        plan.parcels().forEach(parcel -> claimed.addAll(parcel.claimsOfDay(facts.network(), stock)));
        plan(claimed);
    }

    /**
     * Counts units that are held for one day of a node on another, if the node has room then.
     *
     * @return whether it has; if not, nothing has changed
     */
    boolean countsOn(Node node, LocalDate day, LocalDate before, int units) {
        // Who has lost at the guard too often keeps what is held.
        if (!facts.stock().isShown() || DailyCapacity.free(node, day, stock) < units) {
            return false;
        }
        List<StockChange> moved = new ArrayList<>(DailyCapacity.claims(node, day, units, stock));
        moved.add(DailyCapacity.release(node.id(), before, units));
        plan(moved);
        return true;
    }

    private void plan(List<StockChange> claimed) {
        claims.addAll(claimed);
        Overlay left = new Overlay(stock);
        left.plan(claimed);
        stock = left;
    }

    /** What planning sees, less what this decision has claimed already. */
    Stock stock() {
        return stock;
    }

    /** The ring-fences whose units it may have, by item: who waits may have what came for those who wait. */
    IntFunction<Fences> fences() {
        OrderHeader header = order.header();
        String group = header.attributes().getOrDefault(RingFence.GROUP, "");
        Fences asked = Fences.of(facts.network(), header.channel(), group, facts.now());
        // A margin is kept when something is sold, and not from what was sold.
        Fences fences = found == null ? asked : asked.withoutThreshold();
        return item -> waited.containsKey(item) ? fences.ofWaiting() : fences;
    }

    /** How many more units of an item may wait, as far as the order's own are not among those that wait already. */
    int mayWait(int item) {
        long more = (long) stock.balance(PositionKey.ofWaiting(item)).available()
                + waited.getOrDefault(item, 0)
                - order.backordered(item);
        return Math.clamp(more, 0, Position.MOST);
    }

    /** Units that have no node and wait claim at a place of their own. */
    private List<StockChange> nowWaiting() {
        TreeMap<Integer, Integer> more = new TreeMap<>(order.waiting());
        waited.forEach((item, units) -> more.merge(item, -units, Integer::sum));
        List<StockChange> changes = new ArrayList<>();
        more.forEach((item, units) -> {
            if (units != 0) {
                changes.add(new StockChange(
                        PositionKey.ofWaiting(item),
                        units > 0 ? StockMove.RESERVE : StockMove.RELEASE,
                        Math.abs(units)));
            }
        });
        return changes;
    }

    /** Slots that the order has now and had not, and the other way round; what a reservation held for it, it had. */
    private List<StockChange> slots() {
        List<Slot> before =
                new ArrayList<>(found == null ? slotsTakenOver : found.slots().values());
        List<StockChange> changes = new ArrayList<>();
        for (Slot slot : order.slots().values()) {
            if (!before.remove(slot)) {
                changes.addAll(Slots.claims(facts.network(), stock, slot));
            }
        }
        before.forEach(slot -> changes.addFirst(Slots.release(slot)));
        return changes;
    }

    /** Takes over what a reservation holds, as far as the order wants it, and gives back the rest. */
    void takesOver(
            Reservation held,
            List<NewFulfilmentOrder> wanted,
            List<LineQuantity> waiting,
            List<StockChange> givenBack) {
        claims.addAll(givenBack);
        for (LineQuantity part : waiting) {
            waited.merge(order.lines().get(part.line() - 1).item(), part.quantity(), Integer::sum);
        }
        slotsTakenOver = held.slots();
        reservation = Reservations.taken(held, order.id().value());
        happens(new OrderEvent.ReservationTaken(held.id(), wanted, waiting));
        order.promised()
                .claims(order.lines())
                .forEach((key, units) -> ownedWithoutClaiming.merge(key, units, Integer::sum));
    }

    /** The nodes that keep units for the order get them as work; what is not there is for sourcing to look for. */
    void keepsPromise() {
        if (order.promised().isNothing()) {
            return;
        }
        List<NewFulfilmentOrder> made = new ArrayList<>();
        int number = order.fulfilmentOrders().size();
        for (NewFulfilmentOrder parcel : order.promised().parcels()) {
            made.add(parcel.numbered(++number));
        }
        order.promised()
                .claims(order.lines())
                .forEach((key, units) -> ownedWithoutClaiming.merge(key, -units, Integer::sum));
        happens(new OrderEvent.PromiseKept(made));
    }

    /** What nodes keep for it and the order no longer waits for is given back. */
    private List<StockChange> noLongerPromised() {
        TreeMap<PositionKey, Integer> units = new TreeMap<>(ownedWithoutClaiming);
        if (found != null) {
            found.promised().claims(found.lines()).forEach((key, was) -> units.merge(key, was, Integer::sum));
        }
        order.promised().claims(order.lines()).forEach((key, are) -> units.merge(key, -are, Integer::sum));
        List<StockChange> changes = new ArrayList<>();
        units.forEach((key, left) -> {
            BrokenInvariant.unless(left >= 0, () -> "nobody keeps " + -left + " units at " + key + " for the order");
            if (left > 0) {
                changes.add(new StockChange(key, StockMove.RELEASE, left));
            }
        });
        return changes;
    }

    /** Gives up what nodes hold of these units, and the capacity they would have taken up there. */
    void giveBack(List<UnitsFrom> units, StockMove move) {
        Map<Integer, Integer> byWork = new TreeMap<>();
        for (UnitsFrom part : units) {
            if (part.from().holdsStock()) {
                claim(part.line(), work(part.fulfilmentOrder()).node(), move, part.quantity());
                byWork.merge(part.fulfilmentOrder(), part.quantity(), Integer::sum);
            }
        }
        byWork.forEach((number, sum) -> {
            FulfilmentOrder work = work(number);
            @Nullable LocalDate day = work.capacityDay();
            if (day != null) {
                claims.add(DailyCapacity.release(work.node(), day, sum));
            }
        });
    }

    private FulfilmentOrder work(int number) {
        return order.fulfilmentOrders().get(number - 1);
    }

    void sourced(SourcingPlan plan) {
        sourcing.add(plan);
    }

    /** Whether the newest run found the line's units, but no node that could take them on. */
    boolean lacksCapacity(int line) {
        return !sourcing.isEmpty()
                && sourcing.getLast().lackingCapacity().stream().anyMatch(part -> part.line() == line);
    }

    boolean isPlacing() {
        return !events.isEmpty() && events.getFirst() instanceof OrderEvent.OrderPlaced;
    }

    /** Who receives a ship group, which no event says. */
    void keeps(Contact contact) {
        contacts.add(contact);
    }

    OrderDecision accepted() {
        boolean isOver = order.closed() && order.journeys().others().isEmpty();
        boolean forgotten = !isOver && order.exception() == null && FlowRun.nextDue(order, facts) == null;
        if (forgotten) {
            opensException(
                    ExceptionKind.FORGOTTEN,
                    Journey.ORDER,
                    "it waits at " + order.flow().step() + ", and no timer runs");
        }
        Arriving.staged(this);
        claims.addAll(noLongerPromised());
        claims.addAll(nowWaiting());
        claims.addAll(slots());
        return new OrderDecision.Accepted(
                order, events, claims, FlowRun.nextDue(order, facts), sourcing, contacts, reservation);
    }
}
