package dev.tutti.conveyor;

import dev.tutti.inventory.StockChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command that has been decided and not yet been admitted.
 *
 * @param arrival its place in the round
 * @param versionSeen the version its aggregate had, or will have once the round's earlier commands are admitted
 * @param next the state it leads to
 * @param versionAfter the version of that state
 * @param mark what it leaves behind
 * @param markSeen who had left it before, as far as the decision knew
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
        @Nullable Mark mark,
        @Nullable KeyOwner markSeen) {
    /** All that it claims, be it to be the first or to be known. */
    List<KeyClaim> claimedKeys() {
        if (mark == null) {
            return job.keys();
        }
        List<KeyClaim> all = new ArrayList<>(job.keys());
        all.add(mark.claim());
        return all;
    }

    /** Whether the decision knew who had left its mark. */
    boolean knew(Map<Key, KeyOwner> owners) {
        return mark == null || Objects.equals(markSeen, owners.get(mark.claim().key()));
    }
}
