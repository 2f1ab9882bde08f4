package dev.tutti.simulator.store;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.Store;
import dev.tutti.inventory.PositionKey;
import java.util.List;
import java.util.SortedSet;

/**
 * What one transaction left behind.
 *
 * @param keys those it claimed and kept
 * @param created positions it made, empty
 */
public record Commit(
        long transaction,
        List<JournalRow> journal,
        List<Store.Posting> postings,
        List<Key> keys,
        SortedSet<PositionKey> created) {}
