package dev.tutti.simulator.contract;

import static dev.tutti.simulator.contract.Expectation.equal;
import static dev.tutti.simulator.contract.Expectation.that;

import dev.tutti.hub.HubChange;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What a store promises of orders. */
final class OrderCases<W> extends Cases<W> {
    private OrderCases(Harness<W> harness) {
        super(harness);
    }

    static <W> List<StoreContract.Case<W>> all() {
        return List.of(
                in("an order that was written is loaded as it was", OrderCases::writtenIsLoaded),
                in("an order's changes in one write are applied in order", OrderCases::twoChangesInOneWrite),
                in("an order that is taken back in its own transaction never was", OrderCases::takenBack),
                in("a locked order is left out by others", OrderCases::skipLocked),
                in("a patient lock waits and then sees the new version", OrderCases::patientLock),
                in("what does not exist is not locked", OrderCases::lockOfNothing));
    }

    private static <W> StoreContract.Case<W> in(String name, Consumer<OrderCases<W>> body) {
        return new StoreContract.Case<>(name, harness -> body.accept(new OrderCases<>(harness)));
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
        transaction.write(List.of(prepare(part), prepare(rest)), List.of(), List.of(), List.of());
        transaction.commit();
        equal(rest.after(), load(id(placed)), "the order");
    }

    private void takenBack() {
        HubChange.OrderChanged one = Samples.placed(harness.nextId(), 1);
        HubChange.OrderChanged two = Samples.placed(harness.nextId(), 1);
        var transaction = store.begin();
        transaction.begin(List.of(prepare(one), prepare(two)));
        transaction.write(List.of(), List.of(), List.of(), List.of(id(one)));
        transaction.commit();
        that(store.load(ids(one)).isEmpty(), "the one that was taken back is not there");
        equal(two.after(), load(id(two)), "the other");
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
        first.write(List.of(prepare(cancelled)), List.of(), List.of(), List.of());
        first.commit();
        equal(Map.of(id(placed), cancelled.after().version()), Map.copyOf(lock.result()), "locked");
        second.rollback();
    }

    private void lockOfNothing() {
        var transaction = store.begin();
        that(transaction.lock(new TreeSet<>(List.of(harness.nextId())), true).isEmpty(), "nothing is locked");
        transaction.rollback();
    }
}
