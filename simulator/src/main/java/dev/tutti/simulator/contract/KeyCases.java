package dev.tutti.simulator.contract;

import static dev.tutti.simulator.contract.Expectation.equal;
import static dev.tutti.simulator.contract.Expectation.that;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyOwner;
import dev.tutti.hub.HubChange;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What a store promises of keys. */
final class KeyCases<W> extends Cases<W> {
    private KeyCases(Harness<W> harness) {
        super(harness);
    }

    static <W> List<StoreContract.Case<W>> all() {
        return List.of(
                in("a key has one owner, and who comes later is told", KeyCases::oneOwner),
                in("who claims a key that is being claimed waits for the outcome", KeyCases::keyWaits),
                in("a key whose claim was rolled back is free", KeyCases::keyFreeAfterRollback),
                in("an abandoned key is free, the others are kept", KeyCases::abandonedKey));
    }

    private static <W> StoreContract.Case<W> in(String name, Consumer<KeyCases<W>> body) {
        return new StoreContract.Case<>(name, harness -> body.accept(new KeyCases<>(harness)));
    }

    private void oneOwner() {
        HubChange.OrderChanged placed = Samples.placed(harness.nextId(), 1);
        var first = store.begin();
        equal(Map.of(), first.claim(List.of(new KeyClaim(key("K"), 7, id(placed)))), "owners before");
        begin(first, placed);
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
        begin(first, placed);
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
        first.begin(List.of(prepare(placed)));
        first.write(List.of(), List.of(), List.of(key("J")), List.of());
        first.commit();
        equal(
                Map.of(key("K"), new KeyOwner(id(placed), 2)),
                Map.copyOf(store.owners(keys(key("J"), key("K")))),
                "owners");
        var second = store.begin();
        that(second.claim(List.of(new KeyClaim(key("J"), 3, 60))).isEmpty(), "J is free");
        second.rollback();
    }
}
