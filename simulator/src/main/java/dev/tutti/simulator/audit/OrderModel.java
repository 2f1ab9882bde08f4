package dev.tutti.simulator.audit;

import static dev.tutti.simulator.audit.Invariant.HELD_STAYS;
import static dev.tutti.simulator.audit.Invariant.INVOICES_FOLLOW_UNITS;
import static dev.tutti.simulator.audit.Invariant.MONEY_FOLLOWS_UNITS;
import static dev.tutti.simulator.audit.Invariant.MONEY_SUMS;
import static dev.tutti.simulator.audit.Invariant.SHIPPED_ONCE;
import static dev.tutti.simulator.audit.Invariant.UNITS_CONSERVED;

import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockMove;
import dev.tutti.invoice.Invoice;
import dev.tutti.invoice.InvoiceKind;
import dev.tutti.invoice.InvoiceLine;
import dev.tutti.network.Slot;
import dev.tutti.order.FlowPosition;
import dev.tutti.order.Hold;
import dev.tutti.order.LineMoney;
import dev.tutti.order.OrderEvent;
import dev.tutti.order.OrderEvent.UnitsFrom;
import dev.tutti.order.RejectReason;
import dev.tutti.order.ShipGroup;
import dev.tutti.payment.Transaction;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An order as the auditor counts it: from the events alone, in its own way. */
final class OrderModel {
    private static final int STATES = UnitState.values().length;

    /** Units by state, for the line and for each fulfilment order that ever held some of it. */
    static final class Line {
        final int item;
        final int group;
        final int ordered;
        final LineMoney money;
        final int[] units = new int[STATES];
        final Map<Integer, int[]> byWork = new TreeMap<>();
        long refunded;
        int billed;
        long billedFor;

        Line(int item, int group, int ordered, LineMoney money) {
            this.item = item;
            this.group = group;
            this.ordered = ordered;
            this.money = money;
            units[UnitState.OPEN.ordinal()] = ordered;
        }
    }

    final String name;
    final List<Line> lines = new ArrayList<>();
    final List<Integer> nodes = new ArrayList<>();
    /** The day on which each fulfilment order takes up capacity; null where nobody counts. */
    final List<@Nullable LocalDate> capacityDays = new ArrayList<>();

    int version;
    boolean closed;

    @Nullable
    String exception;

    /** Where it and its parts are on their flows; its own stays when it is over. */
    final TreeMap<Journey, FlowPosition> journeys = new TreeMap<>();

    final PromisedModel promised = new PromisedModel();
    final ReturnsModel returns = new ReturnsModel();

    @Nullable
    Instant pausedUntil;

    final Purse purse = new Purse();
    final Map<Integer, Hold> holds = new TreeMap<>();
    final TreeSet<Integer> heldBack = new TreeSet<>();
    final TreeMap<Integer, LocalDate> arrived = new TreeMap<>();
    /** The fulfilment orders that send things to a store. */
    private final TreeSet<Integer> toStore = new TreeSet<>();

    /** By the number of the ship group. */
    private final TreeMap<Integer, Slot> slots = new TreeMap<>();

    private final TreeSet<Integer> claimedSlots = new TreeSet<>();

    OrderModel(long id) {
        this.name = "order " + id;
    }

    /** Takes in one event and says what it must have done to the stock. */
    void apply(OrderEvent event, List<Expected> moves) {
        happened(event, moves);
        for (int number = 1; number <= lines.size(); number++) {
            int[] units = lines.get(number - 1).units;
            promised.atMost(
                    number,
                    lines.get(number - 1).item,
                    units[UnitState.OPEN.ordinal()] + units[UnitState.BACKORDERED.ordinal()],
                    moves);
        }
    }

    /** After a command: the customer comes in a slot for as long as anything of the ship group was not called off. */
    void slots(List<Expected> moves) {
        for (Map.Entry<Integer, Slot> group : slots.entrySet()) {
            boolean live = false;
            for (Line line : lines) {
                live |= line.group == group.getKey() && line.units[UnitState.CANCELLED.ordinal()] < line.ordered;
            }
            if (live ? claimedSlots.add(group.getKey()) : claimedSlots.remove(group.getKey())) {
                moves.add(new Expected(
                        PositionKey.ofSlot(group.getValue()), live ? StockMove.RESERVE : StockMove.RELEASE, 1));
            }
        }
    }

    private void happened(OrderEvent event, List<Expected> moves) {
        version++;
        switch (event) {
            case OrderEvent.OrderPlaced e -> placed(e);
            case OrderEvent.UnitsAllocated e -> e.fulfilmentOrders().forEach(work -> allocated(work, moves));
            // The reservation's claims are the order's now.
            case OrderEvent.ReservationTaken e -> {
                e.promised().forEach(promised::add);
                e.waiting().forEach(promised::addWaiting);
            }
            case OrderEvent.PromiseKept e -> {
                e.fulfilmentOrders().forEach(work -> allocated(work, new ArrayList<>()));
                promised.clear();
            }
            case OrderEvent.UnitsBackordered e -> {
                for (LineQuantity part : e.lines()) {
                    promised.parked(part.line(), part.quantity());
                    move(line(part.line()).units, UnitState.OPEN, UnitState.BACKORDERED, part.quantity());
                }
            }
            case OrderEvent.FulfilmentOrdersReleased e -> {
                e.numbers().forEach(this::released);
                heldBack.clear();
                heldBack.addAll(e.heldBack());
            }
            case OrderEvent.AddressCorrected e -> {}
            case OrderEvent.HoldPlaced e -> holds.put(e.hold().number(), e.hold());
            case OrderEvent.HoldReleased e -> holds.remove(e.number());
            case OrderEvent.UnitsPicked e ->
                worked(e.fulfilmentOrder(), e.lines(), UnitState.RELEASED, UnitState.PICKED);
            case OrderEvent.UnitsPacked e -> worked(e.fulfilmentOrder(), e.lines(), UnitState.PICKED, UnitState.PACKED);
            case OrderEvent.UnitsHandedOver e -> {
                worked(e.fulfilmentOrder(), e.lines(), UnitState.PACKED, UnitState.SHIPPED);
                e.lines()
                        .forEach(
                                p -> moves.add(expected(e.fulfilmentOrder(), p.line(), StockMove.ISSUE, p.quantity())));
            }
            case OrderEvent.ParcelArrived e -> arrived(e);
            case OrderEvent.UnitsCollected e -> collected(e, moves);
            case OrderEvent.UnitsRejected e -> {
                boolean lost = e.reason() == RejectReason.NOT_FOUND || e.reason() == RejectReason.DAMAGED;
                e.units().forEach(p -> givenBack(p, lost ? StockMove.LOSE : StockMove.RELEASE, moves));
            }
            case OrderEvent.UnitsYielded e -> e.units().forEach(p -> givenBack(p, StockMove.YIELD, moves));
            case OrderEvent.UnitsCancelled e -> e.units().forEach(p -> cancelled(p, moves));
            case OrderEvent.ReturnAnnounced e -> returns.announced(e);
            case OrderEvent.UnitsReturned e -> {
                e.units().forEach(p -> returned(p, e, moves));
                returns.returned(e, journeys, number -> atCustomer(line(number)));
            }
            case OrderEvent.ReturnCancelled e -> returns.cancelled(e.number());
            case OrderEvent.ReturnDecided e -> returns.decided(e.number(), e.paidBack());
            case OrderEvent.InvoiceIssued e -> billed(e.invoice());
            case OrderEvent.Signalled e -> {}
            case OrderEvent.JourneyBegun e ->
                journeys.put(e.journey(), new FlowPosition(e.flow(), e.version(), "", e.at(), null));
            case OrderEvent.FlowAdvanced e ->
                journeys.computeIfPresent(
                        e.journey(), (j, was) -> new FlowPosition(was.flow(), was.version(), e.step(), e.at(), null));
            case OrderEvent.JourneyEnded e -> {
                FlowPosition ended = journeys.remove(e.journey());
                if (ended != null && ended.flow().equals("inspected")) {
                    allIsCredited();
                }
            }
            case OrderEvent.EffectIntended e -> {
                purse.asked(e);
                if (e.money() != null && e.money().kind() == Transaction.Kind.CAPTURE && purse.taken() > earned()) {
                    throw MONEY_FOLLOWS_UNITS.violatedAt(name, "asks for more than the " + earned() + " due; " + purse);
                }
            }
            case OrderEvent.EffectAnswered e -> purse.answered(e);
            case OrderEvent.PaymentWrittenOff e -> purse.writtenOff(e.amount());
            case OrderEvent.ExceptionResolved e -> exception = null;
            case OrderEvent.FlowPaused e -> pausedUntil = e.until();
            case OrderEvent.FlowResumed e -> pausedUntil = null;
            case OrderEvent.FlowMigrated e ->
                journeys.computeIfPresent(
                        e.journey(),
                        (j, was) -> new FlowPosition(was.flow(), e.version(), e.step(), was.entered(), null));
            case OrderEvent.ExceptionOpened e -> exception = exception == null ? e.reason() : exception;
            case OrderEvent.ExceptionAssigned e -> {}
            case OrderEvent.OrderClosed e -> {
                FlowPosition own = journeys.get(Journey.ORDER);
                if (own != null && own.flow().equals("paid")) {
                    allIsBilled();
                }
                closed = true;
                exception = null;
                holds.clear();
                heldBack.clear();
            }
        }
    }

    /** Units that wait, by item. */
    TreeMap<Integer, Integer> waiting() {
        TreeMap<Integer, Integer> waiting = new TreeMap<>();
        for (int number = 1; number <= lines.size(); number++) {
            Line line = lines.get(number - 1);
            int units = line.units[UnitState.BACKORDERED.ordinal()] + promised.waiting(number);
            if (units > 0) {
                waiting.merge(line.item, units, Integer::sum);
            }
        }
        return waiting;
    }

    /** The price of what the customer has, and of what came back while nobody has decided about its price. */
    long earned() {
        long sum = 0;
        for (int number = 1; number <= lines.size(); number++) {
            Line line = lines.get(number - 1);
            sum += line.money.ofUnits(line.ordered, 0, atCustomer(line) + returns.undecided(number));
        }
        return sum;
    }

    private static int atCustomer(Line line) {
        return line.units[UnitState.SHIPPED.ordinal()] + line.units[UnitState.COLLECTED.ordinal()];
    }

    /** What was sent to a store left its node before, and is not handed out before it has arrived. */
    private void collected(OrderEvent.UnitsCollected e, List<Expected> moves) {
        int work = e.fulfilmentOrder();
        if (toStore.contains(work)) {
            worked(work, e.lines(), UnitState.SHIPPED, UnitState.COLLECTED);
            check(arrived.containsKey(work), SHIPPED_ONCE, () -> "handed out before it arrived: " + e);
            return;
        }
        worked(work, e.lines(), UnitState.PACKED, UnitState.COLLECTED);
        e.lines().forEach(p -> moves.add(expected(work, p.line(), StockMove.ISSUE, p.quantity())));
    }

    /** Once, and not before anything is there. */
    private void arrived(OrderEvent.ParcelArrived e) {
        boolean once = arrived.put(e.fulfilmentOrder(), e.on()) == null;
        boolean anything = false;
        for (Line line : lines) {
            int[] units = held(line, e.fulfilmentOrder());
            anything |= units[UnitState.PACKED.ordinal()]
                            + units[UnitState.SHIPPED.ordinal()]
                            + units[UnitState.RETURNED.ordinal()]
                    > 0;
        }
        check(once && anything, SHIPPED_ONCE, () -> "nothing arrives twice, or before it was sent or staged: " + e);
    }

    private void placed(OrderEvent.OrderPlaced e) {
        for (OrderEvent.PlacedLine line : e.lines()) {
            lines.add(new Line(line.item(), line.shipGroup(), line.quantity(), line.money()));
        }
        for (ShipGroup group : e.header().shipGroups()) {
            if (group.slot() != null) {
                slots.put(group.number(), group.slot());
            }
        }
        journeys.put(
                Journey.ORDER,
                new FlowPosition(e.flow(), e.flowVersion(), "", e.header().placedAt(), null));
    }

    private void allocated(OrderEvent.NewFulfilmentOrder work, List<Expected> moves) {
        if (work.method() == Method.SHIP_TO_STORE) {
            toStore.add(work.number());
        }
        nodes.add(work.node().value());
        capacityDays.add(work.capacityDay());
        check(work.number() == nodes.size(), SHIPPED_ONCE, () -> "fulfilment orders are not numbered without a gap");
        for (LineQuantity part : work.lines()) {
            Line line = line(part.line());
            int open = Math.min(part.quantity(), line.units[UnitState.OPEN.ordinal()]);
            move(line.units, UnitState.OPEN, UnitState.ALLOCATED, open);
            move(line.units, UnitState.BACKORDERED, UnitState.ALLOCATED, part.quantity() - open);
            held(line, work.number())[UnitState.ALLOCATED.ordinal()] += part.quantity();
            moves.add(expected(work.number(), part.line(), StockMove.RESERVE, part.quantity()));
            capacity(work.number(), StockMove.RESERVE, part.quantity(), moves);
        }
    }

    private void released(int work) {
        for (int number = 1; number <= lines.size(); number++) {
            Line line = lines.get(number - 1);
            int[] there = line.byWork.get(work);
            if (there != null && !isHeld(number)) {
                int units = there[UnitState.ALLOCATED.ordinal()];
                move(line.units, UnitState.ALLOCATED, UnitState.RELEASED, units);
                move(there, UnitState.ALLOCATED, UnitState.RELEASED, units);
            }
        }
    }

    private boolean isHeld(int line) {
        return holds.values().stream()
                .anyMatch(hold -> hold.lines().isEmpty() || hold.lines().contains(line));
    }

    private void worked(int work, List<LineQuantity> parts, UnitState from, UnitState to) {
        for (LineQuantity part : parts) {
            check(!isHeld(part.line()), HELD_STAYS, () -> part + " goes on and is held");
            move(line(part.line()).units, from, to, part.quantity());
            move(held(line(part.line()), work), from, to, part.quantity());
        }
    }

    private void givenBack(UnitsFrom part, StockMove move, List<Expected> moves) {
        check(part.from().holdsStock(), SHIPPED_ONCE, () -> part + " is given back, which holds no stock");
        move(line(part.line()).units, part.from(), UnitState.OPEN, part.quantity());
        take(held(line(part.line()), part.fulfilmentOrder()), part.from(), part.quantity());
        moves.add(expected(part.fulfilmentOrder(), part.line(), move, part.quantity()));
        capacity(part.fulfilmentOrder(), StockMove.RELEASE, part.quantity(), moves);
    }

    private void cancelled(UnitsFrom part, List<Expected> moves) {
        check(!part.from().isFinal(), SHIPPED_ONCE, () -> part + " is called off, which has left");
        Line line = line(part.line());
        int kept = line.ordered - line.units[UnitState.CANCELLED.ordinal()];
        refund(line, kept - part.quantity(), kept);
        move(line.units, part.from(), UnitState.CANCELLED, part.quantity());
        if (part.from().holdsStock()) {
            move(held(line, part.fulfilmentOrder()), part.from(), UnitState.CANCELLED, part.quantity());
            moves.add(expected(part.fulfilmentOrder(), part.line(), StockMove.RELEASE, part.quantity()));
            capacity(part.fulfilmentOrder(), StockMove.RELEASE, part.quantity(), moves);
        }
    }

    private void returned(UnitsFrom part, OrderEvent.UnitsReturned event, List<Expected> moves) {
        check(
                part.from() == UnitState.SHIPPED || part.from() == UnitState.COLLECTED,
                SHIPPED_ONCE,
                () -> part + " comes back, which the customer never had");
        Line line = line(part.line());
        move(line.units, part.from(), UnitState.RETURNED, part.quantity());
        move(held(line, part.fulfilmentOrder()), part.from(), UnitState.RETURNED, part.quantity());
        if (event.restocked()) {
            PositionKey shelf = new PositionKey(line.item, event.node().value());
            moves.add(new Expected(shelf, StockMove.RETURN, part.quantity()));
        }
    }

    private void refund(Line line, int from, int to) {
        long part = line.money.ofUnits(line.ordered, from, to);
        long exact = line.money.total(line.ordered) * (to - from);
        check(
                Math.abs(part * line.ordered - exact) <= 3L * line.ordered,
                MONEY_SUMS,
                () -> "units " + from + ".." + to + " of " + line.money + " come to " + part);
        line.refunded += part;
    }

    /** The whole order's money, before anything was called off. */
    long whole() {
        return lines.stream().mapToLong(line -> line.money.total(line.ordered)).sum();
    }

    long refunded() {
        return lines.stream().mapToLong(line -> line.refunded).sum();
    }

    int units(UnitState state) {
        int sum = 0;
        for (Line line : lines) {
            sum += line.units[state.ordinal()];
        }
        return sum;
    }

    private Expected expected(int work, int line, StockMove move, int quantity) {
        return new Expected(new PositionKey(line(line).item, nodes.get(work - 1)), move, quantity);
    }

    private void capacity(int work, StockMove move, int quantity, List<Expected> moves) {
        LocalDate day = capacityDays.get(work - 1);
        if (day != null) {
            int node = nodes.get(work - 1);
            moves.add(new Expected(new PositionKey((int) -day.toEpochDay(), node), move, quantity));
        }
    }

    /** Documents sum exactly to the price of the units they leave billed, and those are the ones to be paid for. */
    private void billed(Invoice document) {
        int sign = document.kind() == InvoiceKind.INVOICE ? 1 : -1;
        for (InvoiceLine part : document.lines()) {
            Line line = line(part.line());
            line.billed += sign * part.quantity();
            line.billedFor += sign * part.amount();
            check(
                    part.quantity() > 0
                            && line.billed == toBill(part.line())
                            && line.billedFor == line.money.ofUnits(line.ordered, 0, line.billed),
                    INVOICES_FOLLOW_UNITS,
                    () -> "line " + part.line() + " has " + toBill(part.line()) + " to be paid for, and after "
                            + document + " " + line.billed + " are billed, for " + line.billedFor);
        }
    }

    private int toBill(int number) {
        return atCustomer(line(number)) + returns.undecided(number) + returns.kept(number);
    }

    private void allIsCredited() {
        for (int number = 1; number <= lines.size(); number++) {
            int most = toBill(number);
            int billed = line(number).billed;
            check(billed <= most, INVOICES_FOLLOW_UNITS, () -> billed + " are billed and not credited, of " + most);
        }
    }

    private void allIsBilled() {
        for (int number = 1; number <= lines.size(); number++) {
            int wanted = toBill(number);
            int billed = line(number).billed;
            check(
                    billed == wanted,
                    INVOICES_FOLLOW_UNITS,
                    () -> "is over, and " + billed + " of " + wanted + " are billed");
        }
    }

    private Line line(int number) {
        check(number >= 1 && number <= lines.size(), UNITS_CONSERVED, () -> "there is no line " + number);
        return lines.get(number - 1);
    }

    private int[] held(Line line, int work) {
        check(work >= 1 && work <= nodes.size(), SHIPPED_ONCE, () -> "there is no fulfilment order " + work);
        return line.byWork.computeIfAbsent(work, w -> new int[STATES]);
    }

    private void move(int[] units, UnitState from, UnitState to, int quantity) {
        take(units, from, quantity);
        units[to.ordinal()] += quantity;
    }

    private void take(int[] units, UnitState from, int quantity) {
        units[from.ordinal()] -= quantity;
        check(
                quantity >= 0 && units[from.ordinal()] >= 0,
                UNITS_CONSERVED,
                () -> quantity + " more units than are " + from);
    }

    private void check(boolean holds, Invariant invariant, Supplier<String> detail) {
        if (!holds) {
            throw new Violation(invariant, name, detail.get());
        }
    }
}
