package dev.tutti.order;

import dev.tutti.decision.Aggregate;
import dev.tutti.decision.BrokenInvariant;
import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.fulfilment.Units;
import dev.tutti.invoice.Invoices;
import dev.tutti.network.NodeId;
import dev.tutti.network.Slot;
import dev.tutti.order.OrderEvent.AddressCorrected;
import dev.tutti.order.OrderEvent.EffectAnswered;
import dev.tutti.order.OrderEvent.EffectIntended;
import dev.tutti.order.OrderEvent.ExceptionAssigned;
import dev.tutti.order.OrderEvent.ExceptionOpened;
import dev.tutti.order.OrderEvent.ExceptionResolved;
import dev.tutti.order.OrderEvent.FlowAdvanced;
import dev.tutti.order.OrderEvent.FlowMigrated;
import dev.tutti.order.OrderEvent.FlowPaused;
import dev.tutti.order.OrderEvent.FlowResumed;
import dev.tutti.order.OrderEvent.FulfilmentOrdersReleased;
import dev.tutti.order.OrderEvent.HoldPlaced;
import dev.tutti.order.OrderEvent.HoldReleased;
import dev.tutti.order.OrderEvent.InvoiceIssued;
import dev.tutti.order.OrderEvent.JourneyBegun;
import dev.tutti.order.OrderEvent.JourneyEnded;
import dev.tutti.order.OrderEvent.NewFulfilmentOrder;
import dev.tutti.order.OrderEvent.OrderClosed;
import dev.tutti.order.OrderEvent.OrderPlaced;
import dev.tutti.order.OrderEvent.ParcelArrived;
import dev.tutti.order.OrderEvent.PaymentWrittenOff;
import dev.tutti.order.OrderEvent.PlacedLine;
import dev.tutti.order.OrderEvent.PromiseKept;
import dev.tutti.order.OrderEvent.ReservationTaken;
import dev.tutti.order.OrderEvent.ReturnAnnounced;
import dev.tutti.order.OrderEvent.ReturnCancelled;
import dev.tutti.order.OrderEvent.ReturnDecided;
import dev.tutti.order.OrderEvent.Signalled;
import dev.tutti.order.OrderEvent.UnitsAllocated;
import dev.tutti.order.OrderEvent.UnitsBackordered;
import dev.tutti.order.OrderEvent.UnitsCancelled;
import dev.tutti.order.OrderEvent.UnitsCollected;
import dev.tutti.order.OrderEvent.UnitsFrom;
import dev.tutti.order.OrderEvent.UnitsHandedOver;
import dev.tutti.order.OrderEvent.UnitsPacked;
import dev.tutti.order.OrderEvent.UnitsPicked;
import dev.tutti.order.OrderEvent.UnitsRejected;
import dev.tutti.order.OrderEvent.UnitsReturned;
import dev.tutti.order.OrderEvent.UnitsYielded;
import dev.tutti.payment.Payments;
import dev.tutti.payment.Transaction;
import dev.tutti.returns.Return;
import dev.tutti.returns.ReturnLine;
import dev.tutti.returns.Returns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * An order's state: what its events come to. Immutable; {@link #apply} is the only way to a next one.
 *
 * @param version how many events there have been
 * @param lines by number, from 1 without a gap
 * @param fulfilmentOrders by number, from 1 without a gap
 * @param journeys where it and its parts are on their flows
 * @param exception why a person must look at it, or null
 * @param outside what services outside were asked and have answered
 * @param holds what keeps its units from going on
 * @param returns what customers send or bring back
 * @param invoices what was billed and credited
 * @param payments what became of the money at payment providers
 * @param promised what nodes keep for units that are still open
 * @param sourcingRuns how often nodes have been chosen for it
 */
public record Order(
        OrderHeader header,
        int version,
        List<OrderLine> lines,
        List<FulfilmentOrder> fulfilmentOrders,
        List<Blocked> blocked,
        Journeys journeys,
        @Nullable ExceptionCase exception,
        int sourcingRuns,
        boolean closed,
        Outside outside,
        Payments payments,
        Holds holds,
        Returns returns,
        Invoices invoices,
        Promised promised)
        implements Aggregate {

    public OrderId id() {
        return header.id();
    }

    /** Where it is on its own flow. */
    public FlowPosition flow() {
        return journeys.own();
    }

    public @Nullable OrderLine line(int number) {
        return number >= 1 && number <= lines.size() ? lines.get(number - 1) : null;
    }

    public @Nullable FulfilmentOrder fulfilmentOrder(int number) {
        return number >= 1 && number <= fulfilmentOrders.size() ? fulfilmentOrders.get(number - 1) : null;
    }

    public int in(UnitState state) {
        int sum = 0;
        for (OrderLine line : lines) {
            sum += line.units().in(state);
        }
        return sum;
    }

    /** Units that wait, by item: those that found no node, and those of which it was known before. */
    SortedMap<Integer, Integer> waiting() {
        TreeMap<Integer, Integer> waiting = new TreeMap<>();
        for (OrderLine line : lines) {
            int units = line.units().in(UnitState.BACKORDERED) + promised.waiting(line.number());
            if (units > 0) {
                waiting.merge(line.item(), units, Integer::sum);
            }
        }
        return waiting;
    }

    /** Units of an item that found none. */
    public int backordered(int item) {
        int sum = 0;
        for (OrderLine line : lines) {
            sum += line.item() == item ? line.units().in(UnitState.BACKORDERED) : 0;
        }
        return sum;
    }

    /** Slots in which its customer comes, by the number of the ship group: of those that were not called off as a whole. */
    public SortedMap<Integer, Slot> slots() {
        TreeMap<Integer, Slot> slots = new TreeMap<>();
        for (ShipGroup group : header.shipGroups()) {
            if (group.slot() != null) {
                slots.put(group.number(), group.slot());
            }
        }
        if (!slots.isEmpty()) {
            TreeSet<Integer> live = new TreeSet<>();
            for (OrderLine line : lines) {
                if (line.units().in(UnitState.CANCELLED) < line.units().total()) {
                    live.add(line.shipGroup());
                }
            }
            slots.keySet().retainAll(live);
        }
        return slots;
    }

    /** Who hands out what a node has worked on: the node itself, or the store that it has sent it to. */
    public NodeId handedOutAt(FulfilmentOrder work) {
        NodeId store = header.shipGroup(work.shipGroup()).pickUpNode();
        return work.method() == Method.SHIP_TO_STORE && store != null ? store : work.node();
    }

    /** Whether the money agrees with the units, and nothing more is held or awaited; also if no money was asked for. */
    public boolean isSettled() {
        return Balance.of(this).isSettled();
    }

    /** Units that have neither gone nor been called off. */
    public int live() {
        int sum = 0;
        for (OrderLine line : lines) {
            sum += line.units().cancellable();
        }
        return sum;
    }

    /** What the order comes to, in minor units, without what was called off. */
    public long total() {
        long total = 0;
        for (OrderLine line : lines) {
            int ordered = line.units().total();
            int kept = ordered - line.units().in(UnitState.CANCELLED);
            total = Math.addExact(total, line.money().ofUnits(ordered, 0, kept));
        }
        return total;
    }

    /**
     * The price of what the customer has, and of what came back while nobody has decided about its price, in minor
     * units: for any sequence of parts it adds up exactly.
     */
    public long earned() {
        long sum = 0;
        for (OrderLine line : lines) {
            int has = line.atCustomer() + returns.undecided(line.number());
            sum = Math.addExact(sum, line.money().ofUnits(line.units().total(), 0, has));
        }
        return sum;
    }

    /** Whether where a ship group goes can still be another. */
    public boolean mayCorrectAddress(int group) {
        return Addresses.mayCorrect(this, group);
    }

    /** Units that a customer has to pay for: those they have, and those that came back and are not paid back. */
    int toBill(OrderLine line) {
        return line.atCustomer() + returns.undecided(line.number()) + returns.kept(line.number());
    }

    /**
     * Minor units that are to be paid for what the customer has, and nobody has asked for; less than 0: that are to be
     * given back.
     */
    public long owes() {
        Balance balance = Balance.of(this);
        return balance.due() - balance.owedBack();
    }

    public OrderStatus status() {
        int kept = in(UnitState.SHIPPED) + in(UnitState.COLLECTED);
        int returned = in(UnitState.RETURNED);
        if (live() == 0) {
            if (kept > 0) {
                return OrderStatus.FULFILLED;
            }
            return returned > 0 ? OrderStatus.RETURNED : OrderStatus.CANCELLED;
        }
        if (kept + returned > 0) {
            return OrderStatus.PARTLY_FULFILLED;
        }
        if (in(UnitState.RELEASED) + in(UnitState.PICKED) + in(UnitState.PACKED) > 0) {
            return OrderStatus.RELEASED;
        }
        if (in(UnitState.BACKORDERED) > 0) {
            return OrderStatus.BACKORDERED;
        }
        return in(UnitState.OPEN) > 0 ? OrderStatus.ACCEPTED : OrderStatus.ALLOCATED;
    }

    /** The next state. {@code order} is null exactly before the first event. */
    public static Order apply(@Nullable Order order, OrderEvent event) {
        if (event instanceof OrderPlaced placed) {
            BrokenInvariant.unless(order == null, "an order is placed once");
            return placed(placed);
        }
        if (order == null) {
            throw new BrokenInvariant("nothing happens to an order before it is placed: " + event);
        }
        return order.after(event).promisingNoMoreThanIsOpen().counted();
    }

    private static Order placed(OrderPlaced event) {
        List<OrderLine> lines = new ArrayList<>(event.lines().size());
        for (PlacedLine line : event.lines()) {
            lines.add(new OrderLine(
                    line.number(),
                    line.item(),
                    line.shipGroup(),
                    line.splittable(),
                    line.money(),
                    line.kit(),
                    Units.of(UnitState.OPEN, line.quantity())));
        }
        FlowPosition start = new FlowPosition(
                event.flow(), event.flowVersion(), "", event.header().placedAt(), null);
        return new Order(
                event.header(),
                1,
                lines,
                List.of(),
                List.of(),
                new Journeys(start, List.of()),
                null,
                0,
                false,
                Outside.NOTHING,
                Payments.NONE,
                Holds.NONE,
                Returns.NONE,
                Invoices.NONE,
                Promised.NOTHING);
    }

    private Order after(OrderEvent event) {
        return switch (event) {
            case OrderPlaced e -> throw new BrokenInvariant("an order is placed once");
            case UnitsAllocated e -> allocated(e.run(), e.fulfilmentOrders());
            case ReservationTaken e -> with(new Promised(e.promised(), e.waiting()));
            case PromiseKept e -> allocated(sourcingRuns, e.fulfilmentOrders()).with(Promised.NOTHING);
            case UnitsBackordered e ->
                with(promised.parked(e.lines())).withLines(movedOf(e.lines(), UnitState.OPEN, UnitState.BACKORDERED));
            case FulfilmentOrdersReleased e -> released(e);
            case InvoiceIssued e -> withInvoices(invoices.with(e.invoice()));
            case AddressCorrected e -> withHeader(header.with(e.shipGroup()));
            case HoldPlaced e -> withHolds(holds.with(e.hold()));
            case HoldReleased e -> withHolds(holds.without(e.number()));
            case UnitsPicked e -> worked(e.fulfilmentOrder(), e.lines(), UnitState.RELEASED, UnitState.PICKED);
            case UnitsPacked e -> worked(e.fulfilmentOrder(), e.lines(), UnitState.PICKED, UnitState.PACKED);
            case UnitsHandedOver e -> worked(e.fulfilmentOrder(), e.lines(), UnitState.PACKED, UnitState.SHIPPED);
            case ParcelArrived e -> arrived(e);
            case UnitsCollected e -> {
                FulfilmentOrder work = fulfilmentOrders.get(e.fulfilmentOrder() - 1);
                yield worked(e.fulfilmentOrder(), e.lines(), work.handedOutFrom(), UnitState.COLLECTED);
            }
            case UnitsRejected e -> givenBack(e.units()).blocking(e.fulfilmentOrder(), e.units());
            case UnitsYielded e -> givenBack(e.units());
            case UnitsCancelled e -> finished(e.units(), UnitState.CANCELLED);
            case ReturnAnnounced e -> announced(e);
            case UnitsReturned e -> returned(e);
            case ReturnCancelled e -> withReturns(returns.cancelled(e.number()));
            case ReturnDecided e ->
                withReturns(returns.decided(e.number(), e.paidBack())).writingOffNoMoreThanIsMissing();
            case Signalled e -> this;
            case JourneyBegun e ->
                withJourneys(journeys.begun(e.journey(), new FlowPosition(e.flow(), e.version(), "", e.at(), null)));
            case FlowAdvanced e ->
                withPosition(e.journey(), position(e.journey()).at(e.step(), e.at()));
            case JourneyEnded e -> withJourneys(journeys.ended(e.journey()));
            case EffectIntended e -> asked(e);
            case EffectAnswered e -> answered(e);
            case PaymentWrittenOff e -> with(payments.givenUp(e.amount()));
            case FlowPaused e -> withPosition(Journey.ORDER, flow().paused(e.until()));
            case FlowResumed e -> withPosition(Journey.ORDER, flow().paused(null));
            case FlowMigrated e ->
                withPosition(e.journey(), position(e.journey()).in(e.version(), e.step()));
            case ExceptionOpened e -> withException(opened(e));
            case ExceptionAssigned e -> assigned(e);
            case ExceptionResolved e -> withException(null);
            case OrderClosed e -> over();
        };
    }

    private Order allocated(int run, List<NewFulfilmentOrder> allocated) {
        Moves moves = new Moves();
        List<FulfilmentOrder> next = new ArrayList<>(fulfilmentOrders);
        for (NewFulfilmentOrder made : allocated) {
            List<FulfilmentLine> held = new ArrayList<>(made.lines().size());
            for (LineQuantity part : made.lines()) {
                OrderLine line = lines.get(part.line() - 1);
                held.add(new FulfilmentLine(part.line(), line.item(), Units.of(UnitState.ALLOCATED, part.quantity())));
                moves.openTo(part.line(), UnitState.ALLOCATED, part.quantity());
            }
            BrokenInvariant.unless(made.number() == next.size() + 1, "fulfilment orders are numbered without a gap");
            next.add(new FulfilmentOrder(
                    made.number(),
                    made.node(),
                    made.shipGroup(),
                    made.method(),
                    made.dispatchBy(),
                    made.capacityDay(),
                    held,
                    null));
        }
        Draft after = new Draft(this);
        after.lines = moves.lines();
        after.fulfilmentOrders = next;
        after.sourcingRuns = run;
        return after.order();
    }

    private Order arrived(ParcelArrived event) {
        List<FulfilmentOrder> next = new ArrayList<>(fulfilmentOrders);
        next.set(
                event.fulfilmentOrder() - 1,
                next.get(event.fulfilmentOrder() - 1).arrivedOn(event.on()));
        return withFulfilmentOrders(next);
    }

    private Order released(FulfilmentOrdersReleased event) {
        Moves moves = new Moves();
        List<FulfilmentOrder> next = new ArrayList<>(fulfilmentOrders);
        for (int number : event.numbers()) {
            FulfilmentOrder work = next.get(number - 1);
            for (FulfilmentLine line : work.lines()) {
                moves.move(line.line(), UnitState.ALLOCATED, UnitState.RELEASED, toRelease(line));
            }
            next.set(
                    number - 1,
                    work.withUnits(
                            line -> line.units().move(UnitState.ALLOCATED, UnitState.RELEASED, toRelease(line))));
        }
        return withLines(moves.lines()).withFulfilmentOrders(next).withHolds(holds.holdingBack(event.heldBack()));
    }

    private int toRelease(FulfilmentLine line) {
        return holds.of(line.line()) == null ? line.units().in(UnitState.ALLOCATED) : 0;
    }

    private Order worked(int number, List<LineQuantity> quantities, UnitState from, UnitState to) {
        List<FulfilmentOrder> next = new ArrayList<>(fulfilmentOrders);
        LineSums sums = LineSums.of(quantities);
        next.set(number - 1, next.get(number - 1).withUnits(line -> line.units().move(from, to, sums.of(line.line()))));
        return withLines(movedOf(quantities, from, to)).withFulfilmentOrders(next);
    }

    private Order givenBack(List<UnitsFrom> units) {
        return withLines(movedFrom(units, UnitState.OPEN))
                .withFulfilmentOrders(without(units, (line, part) -> line.take(part.from(), part.quantity())));
    }

    /** Units that go no further, and stay with the fulfilment order that had them. */
    private Order finished(List<UnitsFrom> units, UnitState state) {
        return withLines(movedFrom(units, state))
                .withFulfilmentOrders(without(units, (line, part) -> line.move(part.from(), state, part.quantity())));
    }

    private Order announced(ReturnAnnounced event) {
        List<ReturnLine> expected = event.lines().stream()
                .map(part -> new ReturnLine(part.line(), part.quantity(), 0, 0, 0))
                .toList();
        return withReturns(
                returns.announced(new Return(event.number(), event.node(), event.reason(), event.at(), expected)));
    }

    private Order returned(UnitsReturned event) {
        Order after = finished(event.units(), UnitState.RETURNED);
        boolean decided = journeys.position(Journey.ofReturn(event.number())) == null;
        Returns next = returns;
        for (UnitsFrom part : event.units()) {
            next = next.received(event.number(), part.line(), part.quantity(), decided);
        }
        for (UnitsFrom part : event.units()) {
            next = next.expectingAtMost(
                    part.line(), after.lines.get(part.line() - 1).atCustomer());
        }
        return after.withReturns(next).writingOffNoMoreThanIsMissing();
    }

    /** What was written off is no more than what is still missing. */
    private Order writingOffNoMoreThanIsMissing() {
        return with(payments.writtenOffAtMost(earned()));
    }

    private List<OrderLine> movedFrom(List<UnitsFrom> units, UnitState to) {
        Moves moves = new Moves();
        for (UnitsFrom part : units) {
            moves.move(part.line(), part.from(), to, part.quantity());
        }
        return moves.lines();
    }

    /** The fulfilment orders after they have lost these units, each rebuilt once. */
    private List<FulfilmentOrder> without(List<UnitsFrom> units, BiFunction<Units, UnitsFrom, Units> lose) {
        Map<Integer, Map<Integer, List<UnitsFrom>>> lost = new TreeMap<>();
        for (UnitsFrom part : units) {
            if (part.fulfilmentOrder() != 0) {
                lost.computeIfAbsent(part.fulfilmentOrder(), n -> new TreeMap<>())
                        .computeIfAbsent(part.line(), n -> new ArrayList<>())
                        .add(part);
            }
        }
        List<FulfilmentOrder> next = new ArrayList<>(fulfilmentOrders);
        lost.forEach((number, byLine) ->
                next.set(number - 1, next.get(number - 1).withUnits(line -> {
                    Units left = line.units();
                    for (UnitsFrom part : byLine.getOrDefault(line.line(), List.of())) {
                        left = lose.apply(left, part);
                    }
                    return left;
                })));
        return next;
    }

    private Order blocking(int fulfilmentOrder, List<UnitsFrom> units) {
        NodeId node = fulfilmentOrders.get(fulfilmentOrder - 1).node();
        List<Blocked> next = new ArrayList<>(blocked);
        for (UnitsFrom part : units) {
            Blocked block = new Blocked(part.line(), node);
            if (!next.contains(block)) {
                next.add(block);
            }
        }
        Draft after = new Draft(this);
        after.blocked = next;
        return after.order();
    }

    private List<OrderLine> movedOf(List<LineQuantity> quantities, UnitState from, UnitState to) {
        Moves moves = new Moves();
        for (LineQuantity part : quantities) {
            moves.move(part.line(), from, to, part.quantity());
        }
        return moves.lines();
    }

    private Order withLines(List<OrderLine> changed) {
        Draft next = new Draft(this);
        next.lines = changed;
        return next.order();
    }

    private Order withFulfilmentOrders(List<FulfilmentOrder> changed) {
        Draft next = new Draft(this);
        next.fulfilmentOrders = changed;
        return next.order();
    }

    private FlowPosition position(Journey journey) {
        FlowPosition position = journeys.position(journey);
        if (position == null) {
            throw new BrokenInvariant(journey + " is not under way");
        }
        return position;
    }

    private Order withPosition(Journey journey, FlowPosition position) {
        return withJourneys(journeys.at(journey, position));
    }

    private Order withJourneys(Journeys changed) {
        Draft next = new Draft(this);
        next.journeys = changed;
        return next.order();
    }

    private Order withReturns(Returns changed) {
        Draft next = new Draft(this);
        next.returns = changed;
        return next.order();
    }

    private Order asked(EffectIntended event) {
        Transaction money = event.money();
        Order after = withOutside(outside.asked(event));
        return money == null ? after : after.with(payments.asked(money, event.number(), event.destination()));
    }

    private Order answered(EffectAnswered event) {
        Outside.Effect effect = outside.effect(event.number());
        BrokenInvariant.unless(effect != null && effect.done() == null, "what was asked is answered once");
        Transaction money = effect == null ? null : effect.money();
        Order after = withOutside(outside.answered(event));
        return money == null ? after : after.with(payments.answered(money, event.done()));
    }

    private Order with(Payments changed) {
        Draft next = new Draft(this);
        next.payments = changed;
        return next.order();
    }

    private Order with(Promised changed) {
        Draft next = new Draft(this);
        next.promised = changed;
        return next.order();
    }

    private Order promisingNoMoreThanIsOpen() {
        return promised.isNothing() ? this : with(promised.atMostOpen(lines));
    }

    private Order withHeader(OrderHeader changed) {
        Draft next = new Draft(this);
        next.header = changed;
        return next.order();
    }

    private Order withInvoices(Invoices changed) {
        Draft next = new Draft(this);
        next.invoices = changed;
        return next.order();
    }

    private Order withHolds(Holds changed) {
        Draft next = new Draft(this);
        next.holds = changed;
        return next.order();
    }

    private Order withOutside(Outside changed) {
        Draft next = new Draft(this);
        next.outside = changed;
        return next.order();
    }

    private ExceptionCase opened(ExceptionOpened e) {
        return exception == null
                ? new ExceptionCase(e.kind(), e.reason(), e.part(), e.at(), e.lookBy(), ExceptionCase.NOBODY, List.of())
                : exception.with(new ExceptionCase.Addition(e.kind(), e.reason(), e.part(), e.at()));
    }

    private Order withException(@Nullable ExceptionCase changed) {
        Draft next = new Draft(this);
        next.exception = changed;
        return next.order();
    }

    private Order assigned(ExceptionAssigned event) {
        BrokenInvariant.unless(exception != null, "what nobody must look at is nobody's");
        return withException(exception == null ? null : exception.assigned(event.owner(), event.lookBy()));
    }

    private Order counted() {
        Draft next = new Draft(this);
        next.version = version + 1;
        return next.order();
    }

    private Order over() {
        Draft next = new Draft(this);
        next.exception = null;
        next.holds = Holds.NONE;
        next.closed = true;
        return next.order();
    }

    /** A state in the making: what is not said otherwise is as it was. */
    private static final class Draft {
        private OrderHeader header;
        private int version;
        private List<OrderLine> lines;
        private List<FulfilmentOrder> fulfilmentOrders;
        private List<Blocked> blocked;
        private Journeys journeys;
        private @Nullable ExceptionCase exception;
        private int sourcingRuns;
        private boolean closed;
        private Outside outside;
        private Payments payments;
        private Holds holds;
        private Returns returns;
        private Invoices invoices;
        private Promised promised;

        Draft(Order order) {
            header = order.header;
            version = order.version;
            lines = order.lines;
            fulfilmentOrders = order.fulfilmentOrders;
            blocked = order.blocked;
            journeys = order.journeys;
            exception = order.exception;
            sourcingRuns = order.sourcingRuns;
            closed = order.closed;
            outside = order.outside;
            payments = order.payments;
            holds = order.holds;
            returns = order.returns;
            invoices = order.invoices;
            promised = order.promised;
        }

        Order order() {
            return new Order(
                    header,
                    version,
                    lines,
                    fulfilmentOrders,
                    blocked,
                    journeys,
                    exception,
                    sourcingRuns,
                    closed,
                    outside,
                    payments,
                    holds,
                    returns,
                    invoices,
                    promised);
        }
    }

    /** A copy of the lines on which units are moved. */
    private final class Moves {
        private final List<OrderLine> moved = new ArrayList<>(lines);

        void move(int line, UnitState from, UnitState to, int quantity) {
            OrderLine before = moved.get(line - 1);
            moved.set(line - 1, before.with(before.units().move(from, to, quantity)));
        }

        /** From OPEN, or from BACKORDERED where nothing is open any more. */
        void openTo(int line, UnitState to, int quantity) {
            int open = Math.min(quantity, moved.get(line - 1).units().in(UnitState.OPEN));
            move(line, UnitState.OPEN, to, open);
            move(line, UnitState.BACKORDERED, to, quantity - open);
        }

        List<OrderLine> lines() {
            return moved;
        }
    }
}
