package dev.tutti.conveyor;

import dev.tutti.inventory.LedgerEntry;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Timeline;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Where the truth is kept. Two implementations pass one contract test: PostgreSQL and the simulated store.
 *
 * <p>Every method may throw a {@link StoreFailure}; what else it throws is a bug.
 *
 * @param <S> an aggregate's state
 * @param <X> a change to be written
 * @param <W> a change made ready to be written: encoded, so that nothing but binding is left to do under locks
 */
public interface Store<S, X, W> {
    /** States as they are now, read without locks. What does not exist is not in the answer. */
    Map<Long, S> load(SortedSet<Long> aggregates);

    /** Who owns these keys now, read without locks. */
    Map<Key, KeyOwner> owners(SortedSet<Key> keys);

    /** Encodes a change; no input or output. */
    W prepare(X change, Audit audit);

    Transaction<W> begin();

    /**
     * Whether a transaction whose COMMIT was not answered has happened. If not, it never will.
     *
     * @throws StoreFailure.Unreachable if it cannot be said yet
     */
    boolean committed(long transaction);

    /** A ledger entry and the aggregate that caused it. */
    record Posting(LedgerEntry entry, long cause) {}

    /**
     * One transaction. The methods are called in the order in which they stand here, each at most once: that is the lock
     * order, the same everywhere, and it is why there are no deadlocks.
     */
    interface Transaction<W> {
        /**
         * Claims keys in their order; waits for whoever is claiming one at this moment.
         *
         * @param claims sorted, no key twice
         * @return the owners of those keys that were claimed before; all others are ours now
         */
        Map<Key, KeyOwner> claim(List<KeyClaim> claims);

        /**
         * Locks aggregates that exist, by id.
         *
         * @param patient whether to wait for those that are locked by others, rather than leave them out
         * @return the versions of those that are locked now; who is missing is locked by somebody else
         */
        SortedMap<Long, Integer> lock(SortedSet<Long> aggregates, boolean patient);

        /**
         * Writes aggregates that begin in this transaction. Nobody else can see or want them, so this needs no lock, and
         * it is done before the positions are locked: the rows everybody wants are held for as short as can be.
         */
        void begin(List<W> beginnings);

        /**
         * Locks positions, in their order, waiting where needed.
         *
         * @param mayCreate those that are made, empty, if they do not exist
         * @return the balances; a position that does not exist is not in the answer
         */
        Map<PositionKey, Position> lockPositions(SortedSet<PositionKey> positions, SortedSet<PositionKey> mayCreate);

        /**
         * What came and went, by the ledger, at positions that are locked.
         *
         * @param since by position, after its last count, in microseconds since 1970
         * @return of each what came and went since that moment; since its last count if anything was found since then,
         *     with what that count found
         */
        Map<PositionKey, Timeline> timelines(SortedMap<PositionKey, Long> since);

        /**
         * Writes all else that was admitted, as sets.
         *
         * @param changes of aggregates that existed before, in the order they were admitted; an aggregate's later change stands after its earlier one
         * @param postings in order; the balances of a position are those of its last posting
         * @param abandoned keys that were claimed in this transaction by commands that were not admitted
         * @param takenBack aggregates that were begun in this transaction by commands that were not admitted
         */
        void write(List<W> changes, List<Posting> postings, List<Key> abandoned, List<Long> takenBack);

        /**
         * @throws StoreFailure.CommitUnknown if the answer was lost
         */
        void commit();

        /** Undoes everything; never fails. */
        void rollback();
    }
}
