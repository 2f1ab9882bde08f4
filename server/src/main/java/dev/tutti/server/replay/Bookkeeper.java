package dev.tutti.server.replay;

import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Circumstances;
import dev.tutti.conveyor.Decision;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.Store.Posting;
import dev.tutti.decision.Aggregate;
import dev.tutti.decision.BrokenInvariant;
import dev.tutti.decision.Refusal;
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
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.postgres.Database;
import dev.tutti.postgres.ReplayStore;
import dev.tutti.postgres.ReplayStore.Delivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides commands and takes over what they lead to: at once in memory, a stretch at a time in the database. As there is
 * no other writer, a decision sees exactly what the ones before it left, and the guard has nothing to refuse.
 */
final class Bookkeeper implements AutoCloseable {
    private static final int STEPS_IN_A_STRETCH = 5_000;
    private static final int CHANGES_IN_A_STRETCH = 50_000;
    private static final int MOST_CLOSED = 10_000;

    private final Database database;
    private final Hub hub;
    private final AvailabilityIndex index = new AvailabilityIndex();
    private final Stretches stretches;
    private final BiConsumer<HubChange.OrderChanged, Instant> changed;

    /** Orders that are not closed, and those whose last change is still on its way to the database. */
    private final Map<Long, Order> orders = new HashMap<>();

    /** Closed ones that were last asked for or closed: some come back. */
    private final Map<Long, Order> closed = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Order> eldest) {
            return size() > MOST_CLOSED;
        }
    };

    /** For each order that is on its way: the number of the last stretch it is in. */
    private final Map<Long, Long> lastStretch = new HashMap<>();

    private final Map<Long, List<Long>> ordersOfStretch = new HashMap<>();
    private final AtomicLong written = new AtomicLong();
    private long forgotten;

    /** Units by item that have come or become free since they were last asked for. */
    final TreeMap<Integer, Integer> arrived = new TreeMap<>();

    /** Positions on which more is claimed than is there. */
    final TreeSet<PositionKey> shortages = new TreeSet<>();

    private Collected collected = new Collected();
    private long stretch = 1;

    /** What will be written next. */
    private static final class Collected {
        final List<ReplayStore.Step> steps = new ArrayList<>();
        final List<KeyClaim> keys = new ArrayList<>();
        final List<Posting> postings = new ArrayList<>();
        final Map<PositionKey, Position> before = new HashMap<>();
        final Map<Long, String> refused = new TreeMap<>();
        final List<Delivery> ordered = new ArrayList<>();
        final List<Delivery> came = new ArrayList<>();
    }

    /** @param changed hears of every change of an order */
    Bookkeeper(Database database, ReplayStore store, Hub hub, BiConsumer<HubChange.OrderChanged, Instant> changed) {
        this.database = database;
        this.hub = hub;
        this.changed = changed;
        database.stock().learn(index, Integer.MIN_VALUE, Integer.MAX_VALUE);
        this.stretches = new Stretches(store, written::incrementAndGet);
    }

    AvailabilityIndex index() {
        return index;
    }

    /** Brings back an order that is not closed, after a restart. */
    void remember(Order order) {
        orders.put(order.id().value(), order);
    }

    /** All that are not closed, and a few that are. */
    Collection<Order> orders() {
        return orders.values();
    }

    Order order(long id) {
        Order known = orders.get(id);
        if (known != null) {
            return known;
        }
        Order gone = closed.get(id);
        if (gone != null) {
            return gone;
        }
        // All of its changes are in the database: else it would be here.
        if (database.store().load(new TreeSet<>(List.of(id))).get(id) instanceof Order read) {
            return read;
        }
        throw new IllegalStateException("there is no order " + id);
    }

    long nextId() {
        return database.ids().next();
    }

    /** As {@link #ask}, where there is no reason to refuse. */
    void must(long id, OrderCommand command, Instant at, String origin) {
        Refusal refusal = ask(id, command, at, origin);
        BrokenInvariant.unless(refusal == null, () -> "the replay's own " + command + " was refused: " + refusal);
    }

    /** Decides a command for an order and takes over what it leads to; answers why not, or null. */
    @Nullable
    Refusal ask(long id, OrderCommand command, Instant at, String origin) {
        Order before = command instanceof OrderCommand.PlaceOrder ? null : order(id);
        return switch (hub.decide(before, new HubCommand.ForOrder(command), new Circumstances<>(at, index))) {
            case Decision.Refused<Aggregate, HubChange>(Refusal refusal) -> refusal;
            case Decision.Accepted<Aggregate, HubChange> accepted -> {
                if (accepted.rows() > 0 && accepted.change() instanceof HubChange.OrderChanged change) {
                    book(id, accepted.claims());
                    collected.steps.add(new ReplayStore.Step(change, audit(origin, at)));
                    orders.put(id, change.after());
                    closed.remove(id);
                    lastStretch.put(id, stretch);
                    ordersOfStretch
                            .computeIfAbsent(stretch, s -> new ArrayList<>())
                            .add(id);
                    changed.accept(change, at);
                }
                yield null;
            }
        };
    }

    void document(StockDocument.Kind kind, String reference, List<StockChange> changes, Instant at) {
        long id = nextId();
        book(id, changes);
        StockDocument document = new StockDocument(id, kind, reference, changes);
        collected.steps.add(new ReplayStore.Step(new HubChange.StockPosted(document), audit("history", at)));
    }

    void keep(KeyClaim key) {
        collected.keys.add(key);
    }

    void refused(long event, String reason) {
        collected.refused.put(event, reason);
    }

    void ordered(Delivery delivery) {
        collected.ordered.add(delivery);
    }

    void came(List<Delivery> deliveries) {
        collected.came.addAll(deliveries);
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
        BrokenInvariant.unless(inTheWay == null, () -> "what was planned on exact stock was not there: " + inTheWay);
        for (LedgerEntry entry : guard.entries()) {
            PositionKey key = entry.position();
            index.learn(key, entry.after());
            collected.postings.add(new Posting(entry, cause));
            if (!key.isStock()) {
                continue;
            }
            int freed = entry.onHandDelta() - entry.reservedDelta();
            if (freed > 0 && entry.move() != StockMove.RESERVE) {
                arrived.merge(key.item(), freed, Integer::sum);
            }
            if (entry.after().shortage() > 0) {
                shortages.add(key);
            }
        }
    }

    boolean isFull() {
        return collected.steps.size() >= STEPS_IN_A_STRETCH || collected.postings.size() >= CHANGES_IN_A_STRETCH;
    }

    /** Sends what has been collected on its way to the database. */
    void write(ReplayStore.Progress progress) {
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
        forgetWritten();
    }

    /** Waits until all that was written is in the database. */
    void settle() {
        stretches.settle();
    }

    /** Closed orders whose changes are all in the database need not be kept for long. */
    private void forgetWritten() {
        while (forgotten < written.get()) {
            forgotten++;
            for (long id : ordersOfStretch.getOrDefault(forgotten, List.of())) {
                Long last = lastStretch.get(id);
                if (last != null && last <= forgotten) {
                    lastStretch.remove(id);
                    Order order = orders.get(id);
                    if (order != null && order.closed()) {
                        orders.remove(id);
                        closed.put(id, order);
                    }
                }
            }
            ordersOfStretch.remove(forgotten);
        }
    }

    @Override
    public void close() {
        stretches.close();
    }
}
