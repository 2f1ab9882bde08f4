package dev.tutti.simulator.contract;

import static dev.tutti.simulator.contract.Expectation.equal;
import static dev.tutti.simulator.contract.Expectation.that;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.StoreFailure;
import dev.tutti.hub.HubChange;
import java.util.List;
import java.util.function.Consumer;

/** What a store promises of whole transactions. */
final class CommitCases<W> extends Cases<W> {
    private CommitCases(Harness<W> harness) {
        super(harness);
    }

    static <W> List<StoreContract.Case<W>> all() {
        return List.of(
                in("nothing is seen of a transaction that was rolled back", CommitCases::rollbackLeavesNothing),
                in("nothing is seen of a transaction before it commits", CommitCases::unseenBeforeCommit),
                in("a lost answer to COMMIT is resolved: it happened", c -> c.lostCommit(true)),
                in("a lost answer to COMMIT is resolved: it did not", c -> c.lostCommit(false)),
                in("a text that cannot be stored is named as such and nothing is written", CommitCases::unstorable),
                in("rolling back twice, or after a commit, is harmless", CommitCases::rollbackIsHarmless));
    }

    private static <W> StoreContract.Case<W> in(String name, Consumer<CommitCases<W>> body) {
        return new StoreContract.Case<>(name, harness -> body.accept(new CommitCases<>(harness)));
    }

    private void rollbackLeavesNothing() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        Key key = key("K");
        var transaction = store.begin();
        transaction.claim(List.of(new KeyClaim(key, 1, id(placed))));
        transaction.begin(List.of(prepare(placed)));
        transaction.lockPositions(positions(at(1, 1)), positions(at(1, 1)));
        transaction.write(List.of(), List.of(), List.of(), List.of());
        transaction.rollback();
        that(store.load(ids(placed)).isEmpty(), "the order is not there");
        that(store.owners(keys(key)).isEmpty(), "the key is not there");
        that(harness.positions(positions(at(1, 1))).isEmpty(), "the position is not there");
    }

    private void unseenBeforeCommit() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        var transaction = store.begin();
        transaction.claim(List.of(new KeyClaim(key("K"), 1, id(placed))));
        begin(transaction, placed);
        that(store.load(ids(placed)).isEmpty(), "the order is not seen");
        that(store.owners(keys(key("K"))).isEmpty(), "the key is not seen");
        transaction.commit();
        equal(placed.after(), load(id(placed)), "the order");
    }

    private void lostCommit(boolean happens) {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        var transaction = store.begin();
        begin(transaction, placed);
        harness.loseNextCommit(happens);
        try {
            transaction.commit();
            throw new AssertionError("the answer was to be lost");
        } catch (StoreFailure.CommitUnknown unknown) {
            equal(happens, store.committed(unknown.transaction()), "whether it happened");
            equal(happens, store.committed(unknown.transaction()), "the same, asked again");
        }
        equal(happens, store.load(ids(placed)).containsKey(id(placed)), "whether the order is there");
    }

    private void unstorable() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        place(placed);
        var transaction = store.begin();
        transaction.lock(ids(placed), false);
        try {
            transaction.write(
                    List.of(prepare(Samples.cancelled(placed.after(), "\0"))), List.of(), List.of(), List.of());
            throw new AssertionError("U+0000 was written");
        } catch (StoreFailure.Unstorable expected) {
            transaction.rollback();
        }
        equal(placed.after(), load(id(placed)), "the order");
    }

    private void rollbackIsHarmless() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        var transaction = store.begin();
        begin(transaction, placed);
        transaction.commit();
        transaction.rollback();
        transaction.rollback();
        equal(placed.after(), load(id(placed)), "the order");
    }
}
