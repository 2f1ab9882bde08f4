package dev.tutti.simulator.contract;

import static dev.tutti.simulator.contract.Expectation.equal;
import static dev.tutti.simulator.contract.Expectation.that;

import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What a store promises of positions and their ledger. */
final class PositionCases<W> extends Cases<W> {
    private PositionCases(Harness<W> harness) {
        super(harness);
    }

    static <W> List<StoreContract.Case<W>> all() {
        return List.of(
                in("positions met in opposite order make no deadlock", PositionCases::oppositeOrder),
                in("a position that waits is read as it is afterwards", PositionCases::freshBalances),
                in("a position comes to be when it may, and not otherwise", PositionCases::creation),
                in("two may create the same position", PositionCases::creationRace),
                in("balances are what the ledger sums to", PositionCases::ledgerSums),
                in("what is told late comes to the same as in order of moment", PositionCases::late));
    }

    private static <W> StoreContract.Case<W> in(String name, Consumer<PositionCases<W>> body) {
        return new StoreContract.Case<>(name, harness -> body.accept(new PositionCases<>(harness)));
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
        long id = harness.nextId();
        StockChange count = new StockChange(at(1, 1), StockMove.COUNT, 0);
        first.begin(List.of(prepare(Samples.posted(id, count))));
        Map<PositionKey, Position> seen = first.lockPositions(positions(at(1, 1)), positions());
        var second = store.begin();
        Harness.Call<Map<PositionKey, Position>> lock =
                harness.begin(() -> second.lockPositions(positions(at(1, 1)), positions()));
        that(lock.waits(), "the second waits");
        first.write(List.of(), Samples.postings(seen, id, count), List.of(), List.of());
        first.commit();
        equal(Map.of(at(1, 1), new Position(0, 0, 0, 0, 0, 2)), pictured(lock.result()), "balances");
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
        long id = harness.nextId();
        StockChange count = new StockChange(at(1, 1), StockMove.COUNT, 4);
        first.begin(List.of(prepare(Samples.posted(id, count))));
        Map<PositionKey, Position> seen = first.lockPositions(positions(at(1, 1)), positions(at(1, 1)));
        var second = store.begin();
        Harness.Call<Map<PositionKey, Position>> lock =
                harness.begin(() -> second.lockPositions(positions(at(1, 1)), positions(at(1, 1))));
        that(lock.waits(), "the second waits");
        first.write(List.of(), Samples.postings(seen, id, count), List.of(), List.of());
        first.commit();
        equal(Map.of(at(1, 1), new Position(4, 0, 0, 0, 0, 1)), pictured(lock.result()), "balances");
        second.rollback();
    }

    /** Whenever they were counted and moved. */
    private static Map<PositionKey, Position> pictured(Map<PositionKey, Position> balances) {
        Map<PositionKey, Position> pictured = new TreeMap<>();
        balances.forEach((key, position) -> pictured.put(key, position.pictured()));
        return pictured;
    }

    private void late() {
        StockChange first = told(StockMove.COUNT, 10, 100);
        StockChange second = told(StockMove.COUNT, 0, 550);
        StockChange delivery = told(StockMove.ADJUST, 9, 600);
        StockChange atOnce = told(StockMove.SELL, 4, 600);
        StockChange sale = told(StockMove.SELL, 6, 700);
        StockChange restock = told(StockMove.RETURN, 2, 800);
        List<List<StockChange>> orders = List.of(
                List.of(first, second, delivery, atOnce, sale, restock),
                List.of(first, sale, second, delivery, restock, atOnce),
                List.of(restock, sale, atOnce, delivery, first, second),
                List.of(second, restock, atOnce, sale, first, delivery),
                List.of(atOnce, sale, second, restock, delivery, first),
                List.of(delivery, restock, sale, second, atOnce, first));
        for (int item = 1; item <= orders.size(); item++) {
            for (StockChange change : orders.get(item - 1)) {
                post(new StockChange(at(item, 1), change.move(), change.quantity(), change.at()));
            }
            Position there = harness.positions(positions(at(item, 1))).get(at(item, 1));
            equal(2, there == null ? 0 : there.onHand(), "units on hand in order " + item);
        }
    }

    private static StockChange told(StockMove move, int quantity, long at) {
        return new StockChange(at(1, 1), move, quantity, at);
    }

    private void ledgerSums() {
        count(at(1, 1), 5);
        post(new StockChange(at(1, 1), StockMove.SELL, 2), new StockChange(at(1, 1), StockMove.ADJUST, 4));
        equal(
                Map.of(at(1, 1), new Position(7, 0, 0, 0, 0, 3)),
                pictured(harness.positions(positions(at(1, 1)))),
                "balances");
        int[] sums = harness.ledgerSums(at(1, 1));
        that(sums != null && sums[0] == 7 && sums[1] == 0, "the ledger sums to the balances");
    }
}
