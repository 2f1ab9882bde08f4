package dev.tutti.simulator.contract;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyOwner;
import dev.tutti.conveyor.Store;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubChange;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A fresh, empty store and what a case must do around it. Channel 1 ({@code EUR}), node numbers 1 to 3 and item numbers
 * 1 to 9 are known.
 *
 * @param <W> the store's prepared changes
 */
public interface Harness<W> extends AutoCloseable {
    Store<Aggregate, HubChange, W> store();

    /** A number for an order or a document, greater than those before. */
    long nextId();

    /** A call that may wait. */
    interface Call<T> {
        /** Whether it still waits; a harness with threads gives it a moment first. */
        boolean waits();

        /** What it returned, after waiting for it, or what it threw. */
        T result();
    }

    /** Begins a call that may wait for what other transactions hold. */
    <T> Call<T> begin(Supplier<T> call);

    /** The next COMMIT's answer is lost. */
    void loseNextCommit(boolean happens);

    Map<PositionKey, Position> positions(SortedSet<PositionKey> keys);

    /** Σ of a position's ledger entries as the store kept them: on hand and reserved; null if there are none. */
    int @Nullable [] ledgerSums(PositionKey key);

    default Map<Key, KeyOwner> owners(SortedSet<Key> keys) {
        return store().owners(keys);
    }

    @Override
    void close();
}
