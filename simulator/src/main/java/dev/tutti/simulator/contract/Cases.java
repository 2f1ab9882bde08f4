package dev.tutti.simulator.contract;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Store;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubChange;
import dev.tutti.inventory.Guard;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import dev.tutti.inventory.Timeline;
import dev.tutti.order.Order;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A harness at work, and what cases do with it again and again. */
abstract class Cases<W> {
    final Harness<W> harness;
    final Store<Aggregate, HubChange, W> store;

    Cases(Harness<W> harness) {
        this.harness = harness;
        this.store = harness.store();
    }

    void place(HubChange.OrderChanged placed) {
        var transaction = store.begin();
        begin(transaction, placed);
        transaction.commit();
    }

    /** Writes a new order and nothing else. */
    void begin(Store.Transaction<W> transaction, HubChange.OrderChanged placed) {
        transaction.begin(List.of(prepare(placed)));
        transaction.write(List.of(), List.of(), List.of(), List.of());
    }

    void count(PositionKey key, int units) {
        post(new StockChange(key, StockMove.COUNT, units));
    }

    /** Books a document on one position. */
    void post(StockChange... changes) {
        long id = harness.nextId();
        PositionKey key = changes[0].position();
        var transaction = store.begin();
        transaction.begin(List.of(prepare(Samples.posted(id, changes))));
        Map<PositionKey, Position> seen = transaction.lockPositions(positions(key), positions(key));
        SortedMap<PositionKey, Long> late = new TreeMap<>();
        for (StockChange change : changes) {
            if (Guard.isLate(change, seen)) {
                late.merge(key, change.at(), Math::min);
            }
        }
        Map<PositionKey, Timeline> timelines = late.isEmpty() ? Map.of() : transaction.timelines(late);
        List<Store.Posting> postings = Samples.postings(new Guard(seen, NOW, timelines), id, changes);
        transaction.write(List.of(), postings, List.of(), List.of());
        transaction.commit();
    }

    /** When samples are booked, in microseconds since 1970. */
    static final long NOW = 1_000_000;

    W prepare(HubChange change) {
        return store.prepare(change, Samples.AUDIT);
    }

    Order load(long id) {
        if (store.load(new TreeSet<>(List.of(id))).get(id) instanceof Order order) {
            return order;
        }
        throw new AssertionError("order " + id + " is not there");
    }

    static long id(HubChange.OrderChanged change) {
        return change.after().id().value();
    }

    static SortedSet<Long> ids(HubChange.OrderChanged... changes) {
        SortedSet<Long> ids = new TreeSet<>();
        for (HubChange.OrderChanged change : changes) {
            ids.add(id(change));
        }
        return ids;
    }

    static Key key(String text) {
        return new Key(KeyKind.REQUEST, text);
    }

    static SortedSet<Key> keys(Key... keys) {
        return new TreeSet<>(List.of(keys));
    }

    static PositionKey at(int item, int place) {
        return new PositionKey(item, place);
    }

    static SortedSet<PositionKey> positions(PositionKey... keys) {
        return new TreeSet<>(List.of(keys));
    }
}
