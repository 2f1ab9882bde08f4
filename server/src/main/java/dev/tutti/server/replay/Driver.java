package dev.tutti.server.replay;

import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Circumstances;
import dev.tutti.conveyor.Decision;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Store.Posting;
import dev.tutti.decision.BrokenInvariant;
import dev.tutti.decision.Refusal;
import dev.tutti.flow.Flows;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.hub.Hub;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Guard;
import dev.tutti.inventory.LedgerEntry;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.Channel;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.OrderLine;
import dev.tutti.order.ShipGroup;
import dev.tutti.postgres.Database;
import dev.tutti.postgres.ReplayStore;
import dev.tutti.postgres.ReplayStore.Delivery;
import dev.tutti.postgres.ReplayStore.HistoryRow;
import dev.tutti.postgres.ReplayStore.Purchase;
import dev.tutti.sourcing.Sourcing;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries a history: one event after the other, at its own time, and before each whatever has become due by then.
 *
 * <p>This is the one clock and the one writer, so every decision sees exactly what the ones before it left, and the same
 * history gives the same result however often it is replayed and wherever it is cut: the state in memory is that of the
 * database plus what is on its way there, and after a restart it is read from the database again. Decisions, the guard
 * and the writing are those of a running server.
 */
final class Driver implements AutoCloseable {
    private static final int STEPS_IN_A_STRETCH = 2_000;
    private static final int CHANGES_IN_A_STRETCH = 20_000;

    private final ReplayStore store;
    private final Database database;
    private final Mapping mapping;
    private final Network network;
    private final Map<String, Integer> items;
    private final Hub hub;
    private final AvailabilityIndex index = new AvailabilityIndex();
    private final Supplies supplies;
    private final Purchases purchases;
    private final Stretches stretches;
    private final LongConsumer carried;

    /** Orders that are not closed, and those whose last change is still on its way to the database. */
    private final Map<Long, Order> orders = new HashMap<>();

    private final Map<Long, Long> touchedIn = new HashMap<>();
    private final Map<Long, List<Long>> touched = new HashMap<>();
    private final AtomicLong written = new AtomicLong();
    private long forgotten;

    private final TreeSet<Due> due = new TreeSet<>();
    private final Map<Long, Due> timers = new HashMap<>();
    private final TreeMap<Due, List<Delivery>> deliveries = new TreeMap<>();
    private final Waiting waiting = new Waiting();
    private final TreeMap<Integer, Integer> arrived = new TreeMap<>();
    private final TreeSet<PositionKey> shortages = new TreeSet<>();

    private @Nullable Instant now;
    private @Nullable Instant reviewedAt;
    private long event;
    private long stretch = 1;
    private Collected collected = new Collected();
    private final long busyBefore;
    private final long startedAt = System.nanoTime();

    /** Something that will happen at a time; ties fall to the kind, then to the order. */
    private record Due(Instant at, What what, long order, int number) implements Comparable<Due> {
        enum What {
            DELIVERY,
            TIMER,
            WORK,
            REVIEW
        }

        private static final Comparator<Due> ORDER = Comparator.comparing(Due::at)
                .thenComparing(Due::what)
                .thenComparingLong(Due::order)
                .thenComparingInt(Due::number);

        @Override
        public int compareTo(Due other) {
            return ORDER.compare(this, other);
        }
    }

    /** What will be written next. */
    private static final class Collected {
        final List<ReplayStore.Step> steps = new ArrayList<>();
        final List<KeyClaim> keys = new ArrayList<>();
        final List<Posting> postings = new ArrayList<>();
        final Map<PositionKey, Position> before = new TreeMap<>();
        final Map<Long, String> refused = new TreeMap<>();
        final List<Delivery> ordered = new ArrayList<>();
        final List<Delivery> came = new ArrayList<>();
    }

    /** @param carried is told of every event that was carried */
    Driver(
            ReplayStore store,
            Database database,
            Mapping mapping,
            Network network,
            Flows flows,
            Map<String, Integer> items,
            Purchases purchases,
            LongConsumer carried) {
        this.store = store;
        this.database = database;
        this.mapping = mapping;
        this.network = network;
        this.items = items;
        this.hub = new Hub(network, flows, new Sourcing());
        this.purchases = purchases;
        this.carried = carried;
        database.stock().learn(index, Integer.MIN_VALUE, Integer.MAX_VALUE);
        this.supplies = new Supplies(mapping.stock(), network, index);
        ReplayStore.Run run = store.run();
        if (run == null) {
            throw new IllegalStateException("nothing was staged");
        }
        this.busyBefore = run.progress().busyMicros();
        this.now = run.progress().now();
        this.reviewedAt = run.progress().reviewedAt();
        this.event = run.progress().event();
        goOn();
        this.stretches = new Stretches(store, written::incrementAndGet);
    }

    /** Brings back what was in memory when the replay was last stopped. */
    private void goOn() {
        if (now == null) {
            return;
        }
        Instant time = now;
        store.events(0, event, rows -> rows.forEach(row -> asked(row, timeOf(rows))));
        for (Order order : store.openOrders()) {
            orders.put(order.id().value(), order);
            waiting.follow(order);
            schedule(order, time);
        }
        store.due().forEach(this::timer);
        for (Delivery delivery : store.deliveries()) {
            supplies.isComing(delivery);
            expect(delivery);
        }
        if (reviewedAt != null) {
            expectReview(reviewedAt);
        }
    }

    /** Carries all events that are left, then all work they have led to. */
    void run() {
        store.events(event, Long.MAX_VALUE, this::event);
        while (due.stream().anyMatch(d -> d.what() == Due.What.WORK)) {
            happen(due.pollFirst());
        }
        flush(false);
        stretches.settle();
        flush(true);
        stretches.settle();
    }

    private static Instant timeOf(List<HistoryRow> rows) {
        long first = rows.stream().mapToLong(HistoryRow::at).min().orElseThrow();
        return Instant.EPOCH.plusNanos(first / 1_000_000 * 1_000_000_000L + first % 1_000_000 * 1_000);
    }

    private void event(List<HistoryRow> rows) {
        Instant at = timeOf(rows);
        Instant time = now == null || at.isAfter(now) ? at : now;
        if (reviewedAt == null) {
            reviewedAt = time;
            expectReview(time);
        }
        while (!due.isEmpty() && !due.getFirst().at().isAfter(time)) {
            happen(due.pollFirst());
        }
        now = time;
        switch (RowKind.of(rows.getFirst().kind())) {
            case ORDER -> place(rows, time);
            case TILL_SALE -> sell(rows, time);
            case CANCELLATION -> rows.forEach(row -> takeBack(row, time));
            case RETURN -> rows.forEach(row -> takeBackBlindly(row, time));
            case REFUSED -> throw new IllegalStateException("refused rows are no events");
        }
        settleStock(time);
        event = rows.getFirst().event();
        carried.accept(rows.size());
        flushIfFull();
    }

    private ZoneId zone() {
        return network.nodes().getFirst().calendar().zone();
    }

    // Events of the history

    /** Notes the demand, and what the node must have had before it. */
    private void asked(HistoryRow row, Instant at) {
        NodeId node = askedOf(row);
        if (node != null) {
            supplies.asked(node, item(row), row.quantity(), at);
        }
    }

    private @Nullable NodeId askedOf(HistoryRow row) {
        return switch (RowKind.of(row.kind())) {
            case ORDER -> supplies.nodeFor(destination(row));
            case TILL_SALE -> node(row.node()).id();
            case CANCELLATION, RETURN, REFUSED -> null;
        };
    }

    private void open(List<HistoryRow> rows, Instant at) {
        List<StockChange> opening = new ArrayList<>();
        for (HistoryRow row : rows) {
            NodeId node = askedOf(row);
            int units = node == null ? 0 : supplies.asked(node, item(row), row.quantity(), at);
            if (node != null && units > 0) {
                opening.add(StockChange.of(item(row), node.value(), StockMove.COUNT, units));
            }
        }
        document(StockDocument.Kind.SNAPSHOT, "opening stock", opening, at);
    }

    private void place(List<HistoryRow> rows, Instant at) {
        open(rows, at);
        HistoryRow first = rows.getFirst();
        Channel channel = network.channel(String.valueOf(first.channel()));
        if (channel == null) {
            throw new IllegalStateException("the channel " + first.channel() + " was there when the rows were read");
        }
        ShipGroup to = new ShipGroup(
                1,
                Method.SHIP,
                destination(first),
                null,
                first.country() == null ? "" : first.country(),
                first.postcode() == null ? "" : first.postcode());
        List<OrderDraft.Line> lines = new ArrayList<>(rows.size());
        for (HistoryRow row : rows) {
            lines.add(new OrderDraft.Line(
                    item(row), row.quantity(), 1, mapping.order().splittable(), row.price(), row.discount(), 0));
        }
        long id = database.ids().next();
        String number = String.valueOf(first.number());
        OrderDraft draft = new OrderDraft(
                new OrderId(id),
                channel.id(),
                number,
                first.customer() == null ? "" : first.customer(),
                channel.currency().getCurrencyCode(),
                at,
                0,
                List.of(to),
                lines,
                0,
                0,
                null,
                List.of(),
                new TreeMap<>());
        Refusal refusal = carry(id, new OrderCommand.PlaceOrder(draft), at, "history");
        if (refusal != null) {
            collected.refused.put(first.event(), refusal.code().code());
            return;
        }
        collected.keys.add(
                new KeyClaim(new Key(KeyKind.EXTERNAL_ORDER, channel.id().value() + "|" + number), id, id));
        if (first.customer() != null) {
            for (int i = 0; i < rows.size(); i++) {
                purchases.add(new Purchase(
                        first.customer(),
                        lines.get(i).item(),
                        id,
                        i + 1,
                        rows.get(i).quantity()));
            }
        }
    }

    private static @Nullable GeoPoint destination(HistoryRow row) {
        Double latitude = row.latitude();
        Double longitude = row.longitude();
        return latitude == null || longitude == null ? null : new GeoPoint(latitude, longitude);
    }

    private void sell(List<HistoryRow> rows, Instant at) {
        open(rows, at);
        List<StockChange> sold = new ArrayList<>();
        for (HistoryRow row : rows) {
            sold.add(StockChange.of(item(row), node(row.node()).id().value(), StockMove.SELL, row.quantity()));
        }
        document(StockDocument.Kind.SALE, String.valueOf(rows.getFirst().number()), sold, at);
    }

    private void takeBack(HistoryRow row, Instant at) {
        String customer = row.customer();
        Purchase purchase = customer == null || !mapping.cancellation().match()
                ? null
                : purchases.take(customer, item(row), row.quantity());
        if (purchase == null) {
            takeBackBlindly(row, at);
            return;
        }
        Order order = order(purchase.order());
        OrderLine line = order.line(purchase.line());
        int stillHere = line == null ? 0 : Math.min(row.quantity(), line.units().cancellable());
        if (stillHere > 0) {
            must(carry(
                    purchase.order(),
                    new OrderCommand.CancelUnits(List.of(new LineQuantity(purchase.line(), stillHere)), "cancelled"),
                    at,
                    "history"));
        }
        if (row.quantity() > stillHere) {
            LineQuantity back = new LineQuantity(purchase.line(), row.quantity() - stillHere);
            must(carry(
                    purchase.order(),
                    new OrderCommand.ReturnUnits(
                            List.of(back), returnsNode(), mapping.cancellation().restock(), "sent back"),
                    at,
                    "history"));
        }
    }

    private void takeBackBlindly(HistoryRow row, Instant at) {
        List<StockChange> back = mapping.cancellation().restock()
                ? List.of(StockChange.of(item(row), returnsNode().value(), StockMove.RETURN, row.quantity()))
                : List.of();
        document(StockDocument.Kind.RETURN, String.valueOf(row.number()), back, at);
    }

    private NodeId returnsNode() {
        String code = mapping.cancellation().node();
        return code == null ? network.nodes().getFirst().id() : node(code).id();
    }

    // What becomes due

    private void happen(Due next) {
        Instant at = now == null || next.at().isAfter(now) ? next.at() : now;
        now = at;
        switch (next.what()) {
            case DELIVERY -> delivered(next, at);
            case TIMER -> {
                timers.remove(next.order());
                must(carry(next.order(), new OrderCommand.Wake(), at, "timer"));
            }
            case WORK -> work(next.order(), next.number(), at);
            case REVIEW -> review(at);
        }
        settleStock(at);
        flushIfFull();
    }

    private void expect(Delivery delivery) {
        Due at = new Due(delivery.due(), Due.What.DELIVERY, delivery.node(), 0);
        due.add(at);
        deliveries.computeIfAbsent(at, d -> new ArrayList<>()).add(delivery);
    }

    private void delivered(Due at, Instant time) {
        List<Delivery> all = new ArrayList<>(deliveries.getOrDefault(at, List.of()));
        all.sort(Comparator.comparingInt(Delivery::item));
        deliveries.remove(at);
        List<StockChange> changes = new ArrayList<>();
        for (Delivery delivery : all) {
            supplies.hasCome(delivery);
            changes.add(StockChange.of(delivery.item(), delivery.node(), StockMove.ADJUST, delivery.units()));
        }
        collected.came.addAll(all);
        document(StockDocument.Kind.DELTA, "delivery", changes, time);
    }

    private void review(Instant at) {
        for (Node node : network.nodes()) {
            for (Delivery delivery : supplies.review(node.id(), at, waiting::units)) {
                collected.ordered.add(delivery);
                expect(delivery);
            }
        }
        reviewedAt = at;
        expectReview(at);
    }

    private void expectReview(Instant after) {
        due.add(new Due(supplies.nextReview(zone(), after), Due.What.REVIEW, 0, 0));
    }

    /** A node does all that is left of a fulfilment order: at the hour at which parcels are handed over. */
    private void work(long id, int number, Instant at) {
        String origin = "fulfilment order " + number;
        FulfilmentOrder work = work(id, number);
        if (work.in(UnitState.RELEASED) > 0) {
            must(carry(id, new OrderCommand.PickUnits(number, OrderCommand.allUnits()), at, origin));
        }
        if (work(id, number).in(UnitState.PICKED) > 0) {
            must(carry(id, new OrderCommand.PackUnits(number, OrderCommand.allUnits()), at, origin));
        }
        if (work(id, number).in(UnitState.PACKED) > 0) {
            OrderCommand leave = work.method() == Method.SHIP
                    ? new OrderCommand.HandOver(number, OrderCommand.allUnits(), "carrier", "")
                    : new OrderCommand.Collect(number, OrderCommand.allUnits());
            must(carry(id, leave, at, origin));
        }
    }

    private FulfilmentOrder work(long id, int number) {
        FulfilmentOrder work = order(id).fulfilmentOrder(number);
        if (work == null) {
            throw new IllegalStateException("order " + id + " has no fulfilment order " + number);
        }
        return work;
    }

    /** Wakes who waits for what has come, and has claims given up on what is not there. */
    private void settleStock(Instant at) {
        while (!arrived.isEmpty() || !shortages.isEmpty()) {
            while (!shortages.isEmpty()) {
                giveUpWeakest(shortages.pollFirst(), at);
            }
            Map.Entry<Integer, Integer> item = arrived.pollFirstEntry();
            if (item != null) {
                for (long order : waiting.first(item.getKey(), item.getValue())) {
                    carry(order, new OrderCommand.Signal("supply-arrived"), at, "supply");
                }
            }
        }
    }

    /** As a running server does: of the least important, latest orders first. */
    private void giveUpWeakest(PositionKey key, Instant at) {
        record Claim(Order order, FulfilmentOrder work, int line, int units) {}
        List<Claim> claims = new ArrayList<>();
        for (Order order : orders.values()) {
            for (FulfilmentOrder work : order.fulfilmentOrders()) {
                if (work.node().value() == key.place()) {
                    for (FulfilmentLine line : work.lines()) {
                        int units = line.units().in(UnitState.ALLOCATED)
                                + line.units().in(UnitState.RELEASED);
                        if (line.item() == key.item() && units > 0) {
                            claims.add(new Claim(order, work, line.line(), units));
                        }
                    }
                }
            }
        }
        claims.sort(Comparator.<Claim>comparingInt(c -> c.order().header().priority())
                .thenComparing(c -> c.order().header().placedAt(), Comparator.reverseOrder())
                .thenComparing(c -> c.order().id().value(), Comparator.reverseOrder())
                .thenComparing(c -> c.work().number(), Comparator.reverseOrder())
                .thenComparing(Claim::line, Comparator.reverseOrder()));
        for (Claim claim : claims) {
            int left = index.balance(key).shortage();
            if (left == 0) {
                return;
            }
            must(carry(
                    claim.order().id().value(),
                    new OrderCommand.YieldUnits(claim.work().number(), claim.line(), Math.min(left, claim.units())),
                    at,
                    "shortage"));
        }
    }

    // Carrying

    private static void must(@Nullable Refusal refusal) {
        BrokenInvariant.unless(refusal == null, "the replay's own command was refused: " + refusal);
    }

    /** Decides a command for an order and takes over what it leads to; answers why not, or null. */
    private @Nullable Refusal carry(long id, OrderCommand command, Instant at, String origin) {
        Order before = command instanceof OrderCommand.PlaceOrder ? null : order(id);
        return switch (hub.decide(before, new HubCommand.ForOrder(command), new Circumstances(at, index))) {
            case Decision.Refused<Order, HubChange>(Refusal refusal) -> refusal;
            case Decision.Accepted<Order, HubChange> accepted -> {
                if (accepted.rows() > 0 && accepted.change() instanceof HubChange.OrderChanged change) {
                    book(id, accepted.claims());
                    collected.steps.add(new ReplayStore.Step(change, audit(origin, at)));
                    follow(change, at);
                }
                yield null;
            }
        };
    }

    private void document(StockDocument.Kind kind, String reference, List<StockChange> changes, Instant at) {
        if (changes.isEmpty() && kind != StockDocument.Kind.RETURN) {
            return;
        }
        long id = database.ids().next();
        StockDocument document = new StockDocument(id, kind, reference, changes);
        book(id, changes);
        collected.steps.add(new ReplayStore.Step(new HubChange.StockPosted(document), audit("history", at)));
    }

    private static Audit audit(String origin, Instant at) {
        return new Audit("replay", origin, at, "");
    }

    private void book(long cause, List<StockChange> claims) {
        if (claims.isEmpty()) {
            return;
        }
        Map<PositionKey, Position> there = new HashMap<>();
        for (StockChange change : claims) {
            PositionKey key = change.position();
            Position known = index.balance(key);
            there.put(key, known);
            collected.before.putIfAbsent(key, known);
        }
        Guard guard = new Guard(there);
        PositionKey inTheWay = guard.admit(claims);
        BrokenInvariant.unless(inTheWay == null, "what was planned on exact stock was not there: " + inTheWay);
        for (LedgerEntry entry : guard.entries()) {
            PositionKey key = entry.position();
            index.learn(key, entry.after());
            collected.postings.add(new Posting(entry, cause));
            int freed = entry.onHandDelta() - entry.reservedDelta();
            if (!key.isDay() && freed > 0 && entry.move() != StockMove.RESERVE) {
                arrived.merge(key.item(), freed, Integer::sum);
            }
            if (!key.isDay() && entry.after().shortage() > 0) {
                shortages.add(key);
            }
        }
    }

    private void follow(HubChange.OrderChanged change, Instant at) {
        Order after = change.after();
        long id = after.id().value();
        orders.put(id, after);
        touchedIn.put(id, stretch);
        touched.computeIfAbsent(stretch, s -> new ArrayList<>()).add(id);
        waiting.follow(after);
        schedule(after, at);
        Due known = timers.remove(id);
        if (known != null) {
            due.remove(known);
        }
        if (change.due() != null) {
            timer(id, change.due());
        }
    }

    private void timer(long order, Instant at) {
        Due timer = new Due(at, Due.What.TIMER, order, 0);
        timers.put(order, timer);
        due.add(timer);
    }

    private void schedule(Order order, Instant time) {
        for (FulfilmentOrder work : order.fulfilmentOrders()) {
            if (work.in(UnitState.RELEASED) > 0) {
                due.add(new Due(handOver(work, time), Due.What.WORK, order.id().value(), work.number()));
            }
        }
    }

    /** On its last day at the mapping's hour; when that is over, at the end of the day. */
    private Instant handOver(FulfilmentOrder work, Instant time) {
        Node node = network.node(work.node().value());
        if (node == null) {
            throw new IllegalStateException("there is no node " + work.node());
        }
        ZoneId zone = node.calendar().zone();
        LocalDate day =
                work.dispatchBy().minus(Duration.ofSeconds(1)).atZone(zone).toLocalDate();
        Instant hour = day.atTime(mapping.handOver()).atZone(zone).toInstant();
        return hour.isBefore(time) ? work.dispatchBy() : hour;
    }

    private Order order(long id) {
        Order known = orders.get(id);
        if (known != null) {
            return known;
        }
        // All of its changes are in the database: else it would be here.
        Order read = database.store().load(new TreeSet<>(List.of(id))).get(id);
        if (read == null) {
            throw new IllegalStateException("there is no order " + id);
        }
        return read;
    }

    private int item(HistoryRow row) {
        Integer item = items.get(String.valueOf(row.sku()));
        if (item == null) {
            throw new IllegalStateException("the item " + row.sku() + " was there when the rows were read");
        }
        return item;
    }

    private Node node(@Nullable String code) {
        Node node = network.node(String.valueOf(code));
        if (node == null) {
            throw new IllegalStateException("the node " + code + " was there when the rows were read");
        }
        return node;
    }

    // Writing

    private void flushIfFull() {
        if (collected.steps.size() >= STEPS_IN_A_STRETCH || collected.postings.size() >= CHANGES_IN_A_STRETCH) {
            flush(false);
        }
        forgetSettled();
    }

    private void flush(boolean finished) {
        long busy = busyBefore + (System.nanoTime() - startedAt) / 1_000;
        ReplayStore.Progress progress = new ReplayStore.Progress(event, now, reviewedAt, busy, finished);
        stretches.add(new ReplayStore.Stretch(
                collected.steps,
                collected.keys,
                collected.postings,
                collected.before,
                collected.refused,
                collected.ordered,
                collected.came,
                progress));
        collected = new Collected();
        stretch++;
    }

    /** Closed orders whose changes are all in the database need not be kept. */
    private void forgetSettled() {
        while (forgotten < written.get()) {
            forgotten++;
            for (long id : touched.getOrDefault(forgotten, List.of())) {
                Long last = touchedIn.get(id);
                if (last != null && last <= forgotten) {
                    touchedIn.remove(id);
                    Order order = orders.get(id);
                    if (order != null && order.closed()) {
                        orders.remove(id);
                    }
                }
            }
            touched.remove(forgotten);
        }
    }

    @Override
    public void close() {
        stretches.close();
    }
}
