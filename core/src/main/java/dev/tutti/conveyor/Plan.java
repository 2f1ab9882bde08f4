package dev.tutti.conveyor;

import dev.tutti.inventory.StockChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command that has been decided and not yet been admitted.
 *
 * @param arrival its place in the round
 * @param versionSeen the version its aggregate had, or will have once the round's earlier commands are admitted
 * @param next the state it leads to
 * @param versionAfter the version of that state
 * @param otherSeen the version of the job's other aggregate; 0 if there is none
 * @param marks what it leaves behind and nobody had left before, as far as the decision knew
 */
record Plan<S, C, W>(
        int arrival,
        Job<S, C> job,
        int versionSeen,
        @Nullable S next,
        int versionAfter,
        List<StockChange> claims,
        W prepared,
        int rows,
        List<KeyClaim> marks,
        int otherSeen,
        @Nullable Other<S, W> other) {
    /** What becomes of the job's other aggregate. */
    record Other<S, W>(S next, int versionAfter, W prepared) {}

    /** All that it claims, be it to be the first or to be known. */
    List<KeyClaim> claimedKeys() {
        if (marks.isEmpty()) {
            return job.keys();
        }
        List<KeyClaim> all = new ArrayList<>(job.keys());
        all.addAll(marks);
        return all;
    }

    /** Whether nobody has left a mark that the decision did not know of. */
    boolean knew(Map<Key, KeyOwner> owners) {
        return marks.stream().noneMatch(claim -> owners.containsKey(claim.key()));
    }
}
