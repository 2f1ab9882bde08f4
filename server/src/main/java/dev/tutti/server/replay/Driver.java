package dev.tutti.server.replay;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.decision.Refusal;
import dev.tutti.flow.Flows;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.hub.Hub;
import dev.tutti.hub.HubChange;
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
import dev.tutti.server.replay.Agenda.Due;
import dev.tutti.server.replay.Agenda.What;
import dev.tutti.sourcing.Sourcing;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries a history: one event after the other, at its own time, and before each whatever has become due by then.
 *
 * <p>This is the one clock, so the same history gives the same result however often it is replayed and wherever it is
 * cut: what is in memory is what the database has plus what is on its way there, and after a restart it is read from the
 * database again.
 */
final class Driver implements AutoCloseable {
    private final ReplayStore store;
    private final Mapping mapping;
    private final Network network;
    private final Map<String, Integer> items;
    private final Supplies supplies;
    private final Purchases purchases;
    private final Bookkeeper books;
    private final LongConsumer carried;
    private final Agenda agenda = new Agenda();
    private final Waiting waiting = new Waiting();
    private final StockSettling settling;
    private final TreeMap<Due, List<Delivery>> deliveries = new TreeMap<>();

    private @Nullable Instant now;
    private @Nullable Instant reviewedAt;
    private long event;
    private final long busyBefore;
    private final long startedAt = System.nanoTime();

    /** @param carried is told of every event that was carried, in rows */
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
        this.mapping = mapping;
        this.network = network;
        this.items = items;
        this.purchases = purchases;
        this.carried = carried;
        ReplayStore.Run run = store.run();
        if (run == null) {
            throw new IllegalStateException("nothing was staged");
        }
        this.books = new Bookkeeper(database, store, new Hub(network, flows, new Sourcing()), this::follow);
        this.settling = new StockSettling(books, waiting);
        this.supplies = new Supplies(mapping.stock(), network, books.index());
        this.busyBefore = run.progress().busyMicros();
        this.now = run.progress().now();
        this.reviewedAt = run.progress().reviewedAt();
        this.event = run.progress().event();
    }

    /** Brings back what was in memory when the replay was last stopped. */
    private void goOn(Instant time) {
        store.events(0, event, rows -> rows.forEach(row -> asked(row, timeOf(rows))));
        for (Order order : store.openOrders()) {
            books.remember(order);
            waiting.follow(order);
            schedule(order, time);
        }
        store.due().forEach(agenda::timer);
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
        if (now != null) {
            goOn(now);
        }
        store.events(event, Long.MAX_VALUE, this::event);
        while (agenda.hasWork()) {
            happen(Objects.requireNonNull(agenda.next(Instant.MAX)));
        }
        write(false);
        books.settle();
        write(true);
        books.settle();
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
        for (Due next = agenda.next(time); next != null; next = agenda.next(time)) {
            happen(next);
        }
        now = time;
        switch (RowKind.of(rows.getFirst().kind())) {
            case ORDER -> place(rows, time);
            case TILL_SALE -> sell(rows, time);
            case CANCELLATION -> rows.forEach(row -> takeBack(row, time));
            case RETURN -> rows.forEach(row -> takeBackBlindly(row, time));
            case REFUSED -> throw new IllegalStateException("refused rows are no events");
        }
        settling.settle(time);
        event = rows.getFirst().event();
        carried.accept(rows.size());
        writeIfFull();
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
        if (!opening.isEmpty()) {
            books.document(StockDocument.Kind.SNAPSHOT, "opening stock", opening, at);
        }
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
        long id = books.nextId();
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
        Refusal refusal = books.ask(id, new OrderCommand.PlaceOrder(draft), at, "history");
        if (refusal != null) {
            books.refused(first.event(), refusal.code().code());
            return;
        }
        books.keep(new KeyClaim(new Key(KeyKind.EXTERNAL_ORDER, channel.id().value() + "|" + number), id, id));
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
        books.document(StockDocument.Kind.SALE, String.valueOf(rows.getFirst().number()), sold, at);
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
        Order order = books.order(purchase.order());
        OrderLine line = order.line(purchase.line());
        int stillHere = line == null ? 0 : Math.min(row.quantity(), line.units().cancellable());
        if (stillHere > 0) {
            books.must(
                    purchase.order(),
                    new OrderCommand.CancelUnits(List.of(new LineQuantity(purchase.line(), stillHere)), "cancelled"),
                    at,
                    "history");
        }
        if (row.quantity() > stillHere) {
            LineQuantity back = new LineQuantity(purchase.line(), row.quantity() - stillHere);
            books.must(
                    purchase.order(),
                    new OrderCommand.ReturnUnits(
                            List.of(back), returnsNode(), mapping.cancellation().restock(), "sent back"),
                    at,
                    "history");
        }
    }

    private void takeBackBlindly(HistoryRow row, Instant at) {
        List<StockChange> back = mapping.cancellation().restock()
                ? List.of(StockChange.of(item(row), returnsNode().value(), StockMove.RETURN, row.quantity()))
                : List.of();
        books.document(StockDocument.Kind.RETURN, String.valueOf(row.number()), back, at);
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
                books.must(next.subject(), new OrderCommand.Wake(), at, "timer");
            }
            case WORK -> work(next.subject(), next.number(), at);
            case REVIEW -> review(at);
        }
        settling.settle(at);
        writeIfFull();
    }

    private void expect(Delivery delivery) {
        Due at = new Due(delivery.due(), What.DELIVERY, delivery.node(), 0);
        agenda.add(at);
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
        books.came(all);
        books.document(StockDocument.Kind.DELTA, "delivery", changes, time);
    }

    private void review(Instant at) {
        for (Node node : network.nodes()) {
            for (Delivery delivery : supplies.review(node.id(), at, waiting::units)) {
                books.ordered(delivery);
                expect(delivery);
            }
        }
        reviewedAt = at;
        expectReview(at);
    }

    private void expectReview(Instant after) {
        agenda.add(new Due(supplies.nextReview(zone(), after), What.REVIEW, 0, 0));
    }

    /** A node does all that is left of a fulfilment order: at the hour at which parcels are handed over. */
    private void work(long id, int number, Instant at) {
        String origin = "fulfilment order " + number;
        FulfilmentOrder work = work(id, number);
        if (work.in(UnitState.RELEASED) > 0) {
            books.must(id, new OrderCommand.PickUnits(number, OrderCommand.allUnits()), at, origin);
        }
        if (work(id, number).in(UnitState.PICKED) > 0) {
            books.must(id, new OrderCommand.PackUnits(number, OrderCommand.allUnits()), at, origin);
        }
        if (work(id, number).in(UnitState.PACKED) > 0) {
            OrderCommand leave = work.method().isSent()
                    ? new OrderCommand.HandOver(number, OrderCommand.allUnits(), "carrier", "")
                    : new OrderCommand.Collect(number, OrderCommand.allUnits());
            books.must(id, leave, at, origin);
        }
    }

    private FulfilmentOrder work(long id, int number) {
        FulfilmentOrder work = books.order(id).fulfilmentOrder(number);
        if (work == null) {
            throw new IllegalStateException("order " + id + " has no fulfilment order " + number);
        }
        return work;
    }

    // Following orders

    private void follow(HubChange.OrderChanged change, Instant at) {
        Order after = change.after();
        waiting.follow(after);
        schedule(after, at);
        agenda.timer(after.id().value(), change.due());
    }

    private void schedule(Order order, Instant time) {
        for (FulfilmentOrder work : order.fulfilmentOrders()) {
            if (work.in(UnitState.RELEASED) > 0) {
                agenda.add(new Due(handOver(work, time), What.WORK, order.id().value(), work.number()));
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

    private void writeIfFull() {
        if (books.isFull()) {
            write(false);
        }
    }

    private void write(boolean finished) {
        long busy = busyBefore + (System.nanoTime() - startedAt) / 1_000;
        books.write(new ReplayStore.Progress(event, now, reviewedAt, busy, finished));
    }

    @Override
    public void close() {
        books.close();
    }
}
