package dev.tutti.simulator.store;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyOwner;
import dev.tutti.conveyor.Store;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubChange;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.inbound.ShipmentId;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.order.OrderEvent;
import dev.tutti.reservation.Reservation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All that is committed, and the locks of what is not. */
public final class Database {
    private final Map<Long, StoredOrder> orders = new HashMap<>();
    private final SortedMap<Long, Reservation> reservations = new TreeMap<>();
    private final SortedMap<Long, InboundShipment> shipments = new TreeMap<>();
    private final SortedMap<PositionKey, Position> positions = new TreeMap<>();
    private final SortedMap<Key, KeyOwner> keys = new TreeMap<>();
    private final TreeMap<Instant, TreeSet<Long>> due = new TreeMap<>();
    private final List<Commit> history = new ArrayList<>();
    private final Set<Long> committed = new HashSet<>();
    private final Locks locks = new Locks();
    private final Consumer<Commit> onCommit;
    private final Consumer<String> onDeadlock;

    /** Transactions whose connection broke: they hold what they hold until somebody notices. */
    private final List<SimulatedTransaction> orphans = new ArrayList<>();

    private long transactions;

    /**
     * @param onCommit is told of each commit the moment it has happened
     * @param onDeadlock is told of each deadlock, of which there must be none
     */
    public Database(Consumer<Commit> onCommit, Consumer<String> onDeadlock) {
        this.onCommit = onCommit;
        this.onDeadlock = onDeadlock;
    }

    /** One server's way in. */
    public Session connect(Faults faults) {
        return new Session(this, faults);
    }

    public @Nullable StoredOrder order(long id) {
        return orders.get(id);
    }

    public @Nullable Reservation reservation(long aggregate) {
        return reservations.get(aggregate);
    }

    public @Nullable InboundShipment shipment(long aggregate) {
        return shipments.get(aggregate);
    }

    @Nullable
    Aggregate aggregate(long id) {
        if (ShipmentId.isShipment(id)) {
            return shipments.get(id);
        }
        StoredOrder order = orders.get(id);
        return order == null ? reservations.get(id) : order.state();
    }

    public SortedMap<PositionKey, Position> positions() {
        return Collections.unmodifiableSortedMap(positions);
    }

    public @Nullable Position position(PositionKey key) {
        return positions.get(key);
    }

    public SortedMap<Key, KeyOwner> keys() {
        return Collections.unmodifiableSortedMap(keys);
    }

    public List<Commit> history() {
        return Collections.unmodifiableList(history);
    }

    /** Orders and reservations that are due, the longest overdue first. */
    public List<Long> due(Instant now, int most) {
        List<Long> ids = new ArrayList<>();
        for (TreeSet<Long> at : due.headMap(now, true).values()) {
            for (long id : at) {
                if (ids.size() == most) {
                    return ids;
                }
                ids.add(id);
            }
        }
        return ids;
    }

    /** When the next order will be due, or null. */
    public @Nullable Instant nextDue() {
        return due.isEmpty() ? null : due.firstKey();
    }

    /**
     * The store notices that somebody is gone: his transaction is undone, or its COMMIT, if that had arrived, happens.
     *
     * @return whether there was one
     */
    public boolean noticeOneOrphan(boolean commitIfSent) {
        if (orphans.isEmpty()) {
            return false;
        }
        orphans.removeFirst().noticed(commitIfSent);
        return true;
    }

    public boolean hasOrphans() {
        return !orphans.isEmpty();
    }

    void orphaned(SimulatedTransaction transaction) {
        orphans.add(transaction);
    }

    boolean isUndecided(long transaction) {
        return orphans.stream().anyMatch(o -> o.id() == transaction);
    }

    boolean isCommitted(long transaction) {
        return committed.contains(transaction);
    }

    Locks locks() {
        return locks;
    }

    void deadlock(String what) {
        onDeadlock.accept(what);
    }

    long nextTransaction() {
        return ++transactions;
    }

    void apply(Commit commit, SortedMap<Key, KeyOwner> claimed) {
        committed.add(commit.transaction());
        keys.putAll(claimed);
        commit.created().forEach(key -> positions.putIfAbsent(key, Position.unseen(key)));
        commit.journal().forEach(this::apply);
        for (Store.Posting posting : commit.postings()) {
            positions.put(posting.entry().position(), posting.entry().after());
        }
        history.add(commit);
        onCommit.accept(commit);
    }

    private void apply(JournalRow row) {
        if (row.change() instanceof HubChange.OrderChanged change) {
            StoredOrder before = orders.get(row.aggregate());
            List<OrderEvent> events = before == null ? new ArrayList<>() : before.events();
            events.addAll(change.events());
            schedule(row.aggregate(), before == null ? null : before.due(), change.due());
            orders.put(row.aggregate(), new StoredOrder(change.after(), events, change.due()));
        }
        if (row.change() instanceof HubChange.ReservationChanged change) {
            Reservation before = reservations.put(row.aggregate(), change.after());
            schedule(row.aggregate(), before == null || !before.isHeld() ? null : before.until(), change.due());
        }
        if (row.change() instanceof HubChange.InboundChanged change) {
            shipments.put(row.aggregate(), change.after());
        }
    }

    private void schedule(long order, @Nullable Instant before, @Nullable Instant after) {
        if (before != null) {
            TreeSet<Long> at = due.get(before);
            if (at != null && at.remove(order) && at.isEmpty()) {
                due.remove(before);
            }
        }
        if (after != null) {
            due.computeIfAbsent(after, i -> new TreeSet<>()).add(order);
        }
    }
}
