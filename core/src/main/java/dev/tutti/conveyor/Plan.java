package dev.tutti.conveyor;

import dev.tutti.inventory.StockChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command that has been decided and not yet been admitted.
 *
 * @param arrival its place in the round
 * @param versionSeen the version its aggregate had, or will have once the round's earlier commands are admitted
 * @param next the state it leads to
 * @param versionAfter the version of that state
 */
record Plan<S, C, W>(
        int arrival,
        Job<S, C> job,
        int versionSeen,
        @Nullable S next,
        int versionAfter,
        List<StockChange> claims,
        W prepared,
        int rows) {}
