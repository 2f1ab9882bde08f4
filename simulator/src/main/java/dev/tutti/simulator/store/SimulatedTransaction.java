package dev.tutti.simulator.store;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyOwner;
import dev.tutti.conveyor.Store;
import dev.tutti.conveyor.StoreFailure;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubChange;
import dev.tutti.inventory.LedgerEntry;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockMove;
import dev.tutti.inventory.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One transaction. A call that meets a row somebody else holds keeps what it has already got, as PostgreSQL does, and
 * throws {@link LockWait}; made again, it goes on from there.
 */
final class SimulatedTransaction implements Store.Transaction<Prepared> {
    private final Database database;
    private final Session session;
    private final long id;

    private final List<Object> held = new ArrayList<>();
    private final SortedMap<Key, KeyOwner> claimed = new TreeMap<>();
    private final SortedSet<PositionKey> created = new TreeSet<>();
    /** The positions that existed when the locking statement began; null before. */
    private @Nullable Set<PositionKey> seen;

    private @Nullable Object waitsFor;
    private final List<JournalRow> journal = new ArrayList<>();
    private List<Store.Posting> postings = List.of();
    private boolean commitSent;
    private boolean orphaned;
    private boolean ended;

    SimulatedTransaction(Database database, Session session, long id) {
        this.database = database;
        this.session = session;
        this.id = id;
    }

    long id() {
        return id;
    }

    @Nullable
    Object waitsFor() {
        return waitsFor;
    }

    @Override
    public Map<Key, KeyOwner> claim(List<KeyClaim> claims) {
        Fault fault = before(Call.CLAIM);
        Map<Key, KeyOwner> before = new TreeMap<>();
        for (KeyClaim claim : claims) {
            Unstorable.check(claim.key().text());
            if (database.keys().containsKey(claim.key())) {
                continue;
            }
            take(claim.key());
            claimed.put(claim.key(), new KeyOwner(claim.owner(), claim.fingerprint()));
        }
        for (KeyClaim claim : claims) {
            KeyOwner owner = database.keys().get(claim.key());
            if (owner != null) {
                before.put(claim.key(), owner);
            }
        }
        session.after(fault);
        return before;
    }

    @Override
    public SortedMap<Long, Integer> lock(SortedSet<Long> aggregates, boolean patient) {
        Fault fault = before(Call.LOCK);
        SortedMap<Long, Integer> versions = new TreeMap<>();
        for (long aggregate : aggregates) {
            if (database.aggregate(aggregate) == null) {
                continue;
            }
            if (!patient && !database.locks().isFree(aggregate, this)) {
                continue;
            }
            take(aggregate);
            Aggregate there = database.aggregate(aggregate);
            if (there != null) {
                versions.put(aggregate, there.version());
            }
        }
        session.after(fault);
        return versions;
    }

    @Override
    public void begin(List<Prepared> beginnings) {
        Fault fault = before(Call.BEGINNINGS);
        journal.addAll(rows(beginnings));
        session.after(fault);
    }

    private static List<JournalRow> rows(List<Prepared> changes) {
        List<JournalRow> rows = new ArrayList<>(changes.size());
        for (Prepared prepared : changes) {
            Unstorable.check(prepared.change());
            rows.add(row(prepared));
        }
        return rows;
    }

    @Override
    public Map<PositionKey, Position> lockPositions(
            SortedSet<PositionKey> positions, SortedSet<PositionKey> mayCreate) {
        Fault fault = before(Call.POSITIONS);
        if (seen == null) {
            for (PositionKey key : mayCreate) {
                if (database.position(key) == null && !created.contains(key)) {
                    take(key);
                    // Somebody may have made it while this one waited.
                    if (database.position(key) == null) {
                        created.add(key);
                    }
                }
            }
            seen = new HashSet<>();
            for (PositionKey key : positions) {
                if (database.position(key) != null || created.contains(key)) {
                    seen.add(key);
                }
            }
        }
        for (PositionKey key : positions) {
            if (seen.contains(key)) {
                take(key);
            }
        }
        Map<PositionKey, Position> balances = new HashMap<>();
        for (PositionKey key : positions) {
            if (seen.contains(key)) {
                Position there = database.position(key);
                balances.put(key, there == null ? Position.unseen(key) : there);
            }
        }
        session.after(fault);
        return balances;
    }

    @Override
    public Map<PositionKey, Timeline> timelines(SortedMap<PositionKey, Long> since) {
        Fault fault = before(Call.MOVEMENTS);
        Map<PositionKey, Timeline> timelines = new HashMap<>();
        since.forEach((key, from) -> {
            Position there = Objects.requireNonNull(database.position(key));
            timelines.put(key, timeline(key, from, there));
        });
        session.after(fault);
        return timelines;
    }

    private Timeline timeline(PositionKey key, long since, Position there) {
        List<LedgerEntry> entries = database.history().stream()
                .flatMap(commit -> commit.postings().stream())
                .map(Store.Posting::entry)
                .filter(entry -> entry.position().equals(key))
                .filter(entry -> entry.move() == StockMove.COUNT
                        ? entry.at() >= there.countedAt()
                        : entry.move().isPhysical() && entry.at() > there.countedAt())
                .toList();
        int found = entries.stream().mapToInt(LedgerEntry::found).sum();
        return Timeline.of(
                there.onHand(),
                found,
                entries.stream()
                        .filter(entry -> found != 0 || entry.at() >= since)
                        .map(entry -> new Timeline.Move(entry.at(), entry.moved(), entry.found()))
                        .toList());
    }

    @Override
    public void write(List<Prepared> changes, List<Store.Posting> made, List<Key> abandoned, List<Long> takenBack) {
        Fault fault = before(Call.WRITE);
        List<JournalRow> rows = rows(changes);
        for (Store.Posting posting : made) {
            if (!posting.entry().after().holds()) {
                throw new StoreFailure.GuardViolated("the check on " + posting.entry(), Session.lost());
            }
        }
        journal.removeIf(row -> takenBack.contains(row.aggregate()));
        journal.addAll(rows);
        postings = List.copyOf(made);
        claimed.keySet().removeAll(abandoned);
        session.after(fault);
    }

    private static JournalRow row(Prepared prepared) {
        return switch (prepared.change()) {
            case HubChange.OrderChanged change ->
                new JournalRow(
                        change.after().id().value(),
                        change.before() == null ? 0 : change.before().version(),
                        change.after().version(),
                        change,
                        prepared.audit());
            case HubChange.ReservationChanged(var after, var due) ->
                new JournalRow(
                        after.id().aggregate(),
                        after.version() - 1,
                        after.version(),
                        prepared.change(),
                        prepared.audit());
            case HubChange.InboundChanged(var after, var command) ->
                new JournalRow(
                        after.id().aggregate(),
                        after.version() - 1,
                        after.version(),
                        prepared.change(),
                        prepared.audit());
            case HubChange.StockPosted posted ->
                new JournalRow(posted.document().id(), 0, 0, posted, prepared.audit());
        };
    }

    @Override
    public void commit() {
        Fault fault = before(Call.COMMIT);
        switch (fault) {
            case ANSWER_LOST_DONE -> {
                end(true);
                throw new StoreFailure.CommitUnknown(id, Session.lost());
            }
            case ANSWER_LOST_UNDONE -> {
                end(false);
                throw new StoreFailure.CommitUnknown(id, Session.lost());
            }
            case ANSWER_LOST_PENDING -> {
                commitSent = true;
                session.lost(this);
                throw new StoreFailure.CommitUnknown(id, Session.lost());
            }
            case NONE, CRASH_BEFORE, CRASH_AFTER, CONNECTION_LOST, CONFLICT -> end(true);
        }
        session.after(fault);
    }

    @Override
    public void rollback() {
        if (!orphaned) {
            end(false);
        }
    }

    /** Nobody will speak for this transaction any more; the store will notice some time. */
    void orphaned() {
        orphaned = true;
        waitsFor = null;
        database.orphaned(this);
    }

    /** The store finds the connection gone. */
    void noticed(boolean commitIfSent) {
        end(commitSent && commitIfSent);
    }

    private void end(boolean happens) {
        if (ended) {
            return;
        }
        ended = true;
        waitsFor = null;
        session.closed(this);
        for (Object row : held) {
            database.locks().release(row, this);
        }
        if (happens) {
            database.apply(new Commit(id, journal, postings, List.copyOf(claimed.keySet()), created), claimed);
        }
    }

    private Fault before(Call call) {
        waitsFor = null;
        if (ended || orphaned) {
            throw new IllegalStateException("transaction " + id + " is over");
        }
        try {
            return session.before(call);
        } catch (StoreFailure.Unreachable gone) {
            session.lost(this);
            throw gone;
        }
    }

    private void take(Object row) {
        if (database.locks().isFree(row, this)) {
            waitsFor = null;
            if (database.locks().take(row, this)) {
                held.add(row);
            }
            return;
        }
        waitsFor = row;
        if (database.locks().isDeadlock(this, row)) {
            waitsFor = null;
            database.deadlock("transaction " + id + " waits for " + row + " and, over others, for itself");
            throw new StoreFailure.Conflict("deadlock detected", Session.lost());
        }
        if (session.tired()) {
            waitsFor = null;
            throw new StoreFailure.LockTimeout("waited too long for " + row, Session.lost());
        }
        throw new LockWait("transaction " + id + " waits for " + row);
    }
}
