package dev.tutti.simulator.contract;

import static dev.tutti.simulator.contract.Expectation.equal;
import static dev.tutti.simulator.contract.Expectation.that;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.KeyOwner;
import dev.tutti.conveyor.Store;
import dev.tutti.conveyor.StoreFailure;
import dev.tutti.hub.HubChange;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import dev.tutti.order.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The contract, case by case. Each begins with an empty store and throws an {@link AssertionError} if a promise is
 * broken.
 */
public final class StoreContract<W> {
    /** One promise. */
    public record Case<W>(String name, Consumer<Harness<W>> body) {}

    private final Harness<W> harness;
    private final Store<Order, HubChange, W> store;

    private StoreContract(Harness<W> harness) {
        this.harness = harness;
        this.store = harness.store();
    }

    public static <W> List<Case<W>> cases() {
        List<Case<W>> cases = new ArrayList<>();
        add(cases, "an order that was written is loaded as it was", StoreContract::writtenIsLoaded);
        add(cases, "an order's changes in one write are applied in order", StoreContract::twoChangesInOneWrite);
        add(cases, "nothing is seen of a transaction that was rolled back", StoreContract::rollbackLeavesNothing);
        add(cases, "nothing is seen of a transaction before it commits", StoreContract::unseenBeforeCommit);
        add(cases, "a key has one owner, and who comes later is told", StoreContract::oneOwner);
        add(cases, "who claims a key that is being claimed waits for the outcome", StoreContract::keyWaits);
        add(cases, "a key whose claim was rolled back is free", StoreContract::keyFreeAfterRollback);
        add(cases, "an abandoned key is free, the others are kept", StoreContract::abandonedKey);
        add(cases, "a locked order is left out by others", StoreContract::skipLocked);
        add(cases, "a patient lock waits and then sees the new version", StoreContract::patientLock);
        add(cases, "what does not exist is not locked", StoreContract::lockOfNothing);
        add(cases, "positions met in opposite order make no deadlock", StoreContract::oppositeOrder);
        add(cases, "a position that waits is read as it is afterwards", StoreContract::freshBalances);
        add(cases, "a position comes to be when it may, and not otherwise", StoreContract::creation);
        add(cases, "two may create the same position", StoreContract::creationRace);
        add(cases, "balances are what the ledger sums to", StoreContract::ledgerSums);
        add(cases, "a lost answer to COMMIT is resolved: it happened", h -> h.lostCommit(true));
        add(cases, "a lost answer to COMMIT is resolved: it did not", h -> h.lostCommit(false));
        add(cases, "a text that cannot be stored is named as such and nothing is written", StoreContract::unstorable);
        add(cases, "rolling back twice, or after a commit, is harmless", StoreContract::rollbackIsHarmless);
        return cases;
    }

    private static <W> void add(List<Case<W>> cases, String name, Consumer<StoreContract<W>> body) {
        cases.add(new Case<>(name, harness -> body.accept(new StoreContract<>(harness))));
    }

    private void writtenIsLoaded() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1, 2);
        place(placed);
        equal(placed.after(), load(id(placed)), "the order");
    }

    private void twoChangesInOneWrite() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        place(placed);
        HubChange.OrderChanged part = Samples.signalled(placed.after());
        HubChange.OrderChanged rest = Samples.cancelled(part.after(), "");
        var transaction = store.begin();
        transaction.lock(ids(placed), false);
        transaction.write(List.of(prepare(part), prepare(rest)), List.of(), List.of());
        transaction.commit();
        equal(rest.after(), load(id(placed)), "the order");
    }

    private void rollbackLeavesNothing() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        Key key = key("K");
        var transaction = store.begin();
        transaction.claim(List.of(new KeyClaim(key, 1, id(placed))));
        transaction.lockPositions(positions(at(1, 1)), positions(at(1, 1)));
        transaction.write(List.of(prepare(placed)), List.of(), List.of());
        transaction.rollback();
        that(store.load(ids(placed)).isEmpty(), "the order is not there");
        that(store.owners(keys(key)).isEmpty(), "the key is not there");
        that(harness.positions(positions(at(1, 1))).isEmpty(), "the position is not there");
    }

    private void unseenBeforeCommit() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        var transaction = store.begin();
        transaction.claim(List.of(new KeyClaim(key("K"), 1, id(placed))));
        transaction.write(List.of(prepare(placed)), List.of(), List.of());
        that(store.load(ids(placed)).isEmpty(), "the order is not seen");
        that(store.owners(keys(key("K"))).isEmpty(), "the key is not seen");
        transaction.commit();
        equal(placed.after(), load(id(placed)), "the order");
    }

    private void oneOwner() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        var first = store.begin();
        equal(Map.of(), first.claim(List.of(new KeyClaim(key("K"), 7, id(placed)))), "owners before");
        first.write(List.of(prepare(placed)), List.of(), List.of());
        first.commit();
        var second = store.begin();
        Map<Key, KeyOwner> before = second.claim(List.of(new KeyClaim(key("J"), 8, 2), new KeyClaim(key("K"), 8, 2)));
        second.rollback();
        equal(new TreeMap<>(Map.of(key("K"), new KeyOwner(id(placed), 7))), new TreeMap<>(before), "owners before");
        equal(Map.of(key("K"), new KeyOwner(id(placed), 7)), Map.copyOf(store.owners(keys(key("K")))), "owners");
    }

    private void keyWaits() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        var first = store.begin();
        first.claim(List.of(new KeyClaim(key("K"), 7, id(placed))));
        var second = store.begin();
        Harness.Call<Map<Key, KeyOwner>> claim =
                harness.begin(() -> second.claim(List.of(new KeyClaim(key("K"), 7, 99))));
        that(claim.waits(), "the second waits");
        first.write(List.of(prepare(placed)), List.of(), List.of());
        first.commit();
        equal(
                new TreeMap<>(Map.of(key("K"), new KeyOwner(id(placed), 7))),
                new TreeMap<>(claim.result()),
                "owners before");
        second.rollback();
    }

    private void keyFreeAfterRollback() {
        var first = store.begin();
        first.claim(List.of(new KeyClaim(key("K"), 7, 1)));
        var second = store.begin();
        Harness.Call<Map<Key, KeyOwner>> claim =
                harness.begin(() -> second.claim(List.of(new KeyClaim(key("K"), 8, 2))));
        that(claim.waits(), "the second waits");
        first.rollback();
        that(claim.result().isEmpty(), "the second is first");
        second.rollback();
    }

    private void abandonedKey() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        var first = store.begin();
        first.claim(List.of(new KeyClaim(key("J"), 1, 50), new KeyClaim(key("K"), 2, id(placed))));
        first.write(List.of(prepare(placed)), List.of(), List.of(key("J")));
        first.commit();
        equal(
                Map.of(key("K"), new KeyOwner(id(placed), 2)),
                Map.copyOf(store.owners(keys(key("J"), key("K")))),
                "owners");
        var second = store.begin();
        that(second.claim(List.of(new KeyClaim(key("J"), 3, 60))).isEmpty(), "J is free");
        second.rollback();
    }

    private void skipLocked() {
        HubChange.OrderChanged one = Samples.placed(harness.nextId(), 1);
        HubChange.OrderChanged two = Samples.placed(harness.nextId(), 1);
        place(one);
        place(two);
        var first = store.begin();
        equal(Map.of(id(one), one.after().version()), Map.copyOf(first.lock(ids(one), false)), "locked");
        var second = store.begin();
        equal(Map.of(id(two), two.after().version()), Map.copyOf(second.lock(ids(one, two), false)), "locked");
        first.rollback();
        second.rollback();
    }

    private void patientLock() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        place(placed);
        HubChange.OrderChanged cancelled = Samples.cancelled(placed.after(), "");
        var first = store.begin();
        first.lock(ids(placed), false);
        var second = store.begin();
        Harness.Call<? extends Map<Long, Integer>> lock = harness.begin(() -> second.lock(ids(placed), true));
        that(lock.waits(), "the second waits");
        first.write(List.of(prepare(cancelled)), List.of(), List.of());
        first.commit();
        equal(Map.of(id(placed), cancelled.after().version()), Map.copyOf(lock.result()), "locked");
        second.rollback();
    }

    private void lockOfNothing() {
        var transaction = store.begin();
        that(transaction.lock(new TreeSet<>(List.of(harness.nextId())), true).isEmpty(), "nothing is locked");
        transaction.rollback();
    }

    private void oppositeOrder() {
        count(at(1, 1), 1);
        count(at(2, 1), 1);
        var first = store.begin();
        first.lockPositions(positions(at(1, 1), at(2, 1)), positions());
        var second = store.begin();
        SortedSet<PositionKey> same = positions(at(2, 1), at(1, 1));
        Harness.Call<Map<PositionKey, Position>> lock = harness.begin(() -> second.lockPositions(same, positions()));
        that(lock.waits(), "the second waits");
        first.rollback();
        equal(2, lock.result().size(), "positions locked");
        second.rollback();
    }

    private void freshBalances() {
        count(at(1, 1), 1);
        var first = store.begin();
        Map<PositionKey, Position> seen = first.lockPositions(positions(at(1, 1)), positions());
        var second = store.begin();
        Harness.Call<Map<PositionKey, Position>> lock =
                harness.begin(() -> second.lockPositions(positions(at(1, 1)), positions()));
        that(lock.waits(), "the second waits");
        long id = harness.nextId();
        StockChange count = new StockChange(at(1, 1), StockMove.COUNT, 0);
        first.write(List.of(prepare(Samples.posted(id, count))), Samples.postings(seen, id, count), List.of());
        first.commit();
        equal(Map.of(at(1, 1), new Position(0, 0, 0, 0, 0, 2)), Map.copyOf(lock.result()), "balances");
        second.rollback();
    }

    private void creation() {
        var transaction = store.begin();
        Map<PositionKey, Position> locked =
                transaction.lockPositions(positions(at(1, 1), at(1, 2)), positions(at(1, 2)));
        transaction.rollback();
        equal(Map.of(at(1, 2), Position.EMPTY), Map.copyOf(locked), "balances");
    }

    private void creationRace() {
        var first = store.begin();
        Map<PositionKey, Position> seen = first.lockPositions(positions(at(1, 1)), positions(at(1, 1)));
        var second = store.begin();
        Harness.Call<Map<PositionKey, Position>> lock =
                harness.begin(() -> second.lockPositions(positions(at(1, 1)), positions(at(1, 1))));
        that(lock.waits(), "the second waits");
        long id = harness.nextId();
        StockChange count = new StockChange(at(1, 1), StockMove.COUNT, 4);
        first.write(List.of(prepare(Samples.posted(id, count))), Samples.postings(seen, id, count), List.of());
        first.commit();
        equal(Map.of(at(1, 1), new Position(4, 0, 0, 0, 0, 1)), Map.copyOf(lock.result()), "balances");
        second.rollback();
    }

    private void ledgerSums() {
        count(at(1, 1), 5);
        long id = harness.nextId();
        StockChange sale = new StockChange(at(1, 1), StockMove.SELL, 2);
        StockChange receipt = new StockChange(at(1, 1), StockMove.ADJUST, 4);
        var transaction = store.begin();
        Map<PositionKey, Position> seen = transaction.lockPositions(positions(at(1, 1)), positions());
        transaction.write(
                List.of(prepare(Samples.posted(id, sale, receipt))),
                Samples.postings(seen, id, sale, receipt),
                List.of());
        transaction.commit();
        equal(
                Map.of(at(1, 1), new Position(7, 0, 0, 0, 0, 3)),
                Map.copyOf(harness.positions(positions(at(1, 1)))),
                "balances");
        int[] sums = harness.ledgerSums(at(1, 1));
        that(sums != null && sums[0] == 7 && sums[1] == 0, "the ledger sums to the balances");
    }

    private void lostCommit(boolean happens) {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        var transaction = store.begin();
        transaction.write(List.of(prepare(placed)), List.of(), List.of());
        harness.loseNextCommit(happens);
        try {
            transaction.commit();
            throw new AssertionError("the answer was to be lost");
        } catch (StoreFailure.CommitUnknown unknown) {
            equal(happens, store.committed(unknown.transaction()), "whether it happened");
        }
        equal(happens, store.load(ids(placed)).containsKey(id(placed)), "whether the order is there");
    }

    private void unstorable() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        place(placed);
        var transaction = store.begin();
        transaction.lock(ids(placed), false);
        try {
            transaction.write(List.of(prepare(Samples.cancelled(placed.after(), "\0"))), List.of(), List.of());
            throw new AssertionError("U+0000 was written");
        } catch (StoreFailure.Unstorable expected) {
            transaction.rollback();
        }
        equal(placed.after(), load(id(placed)), "the order");
    }

    private void rollbackIsHarmless() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        var transaction = store.begin();
        transaction.write(List.of(prepare(placed)), List.of(), List.of());
        transaction.commit();
        transaction.rollback();
        transaction.rollback();
        equal(placed.after(), load(id(placed)), "the order");
    }

    private void place(HubChange.OrderChanged placed) {
        var transaction = store.begin();
        transaction.write(List.of(prepare(placed)), List.of(), List.of());
        transaction.commit();
    }

    private void count(PositionKey key, int units) {
        long id = harness.nextId();
        StockChange count = new StockChange(key, StockMove.COUNT, units);
        var transaction = store.begin();
        Map<PositionKey, Position> seen = transaction.lockPositions(positions(key), positions(key));
        transaction.write(List.of(prepare(Samples.posted(id, count))), Samples.postings(seen, id, count), List.of());
        transaction.commit();
    }

    private W prepare(HubChange change) {
        return store.prepare(change, Samples.AUDIT);
    }

    private Order load(long id) {
        Order order = store.load(new TreeSet<>(List.of(id))).get(id);
        if (order == null) {
            throw new AssertionError("order " + id + " is not there");
        }
        return order;
    }

    private static long id(HubChange.OrderChanged change) {
        return change.after().id().value();
    }

    private static SortedSet<Long> ids(HubChange.OrderChanged... changes) {
        SortedSet<Long> ids = new TreeSet<>();
        for (HubChange.OrderChanged change : changes) {
            ids.add(id(change));
        }
        return ids;
    }

    private static Key key(String text) {
        return new Key(KeyKind.REQUEST, text);
    }

    private static SortedSet<Key> keys(Key... keys) {
        return new TreeSet<>(List.of(keys));
    }

    private static PositionKey at(int item, int place) {
        return new PositionKey(item, place);
    }

    private static SortedSet<PositionKey> positions(PositionKey... keys) {
        return new TreeSet<>(List.of(keys));
    }
}
