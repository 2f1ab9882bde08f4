package dev.tutti.conveyor;

import dev.tutti.decision.Refusal;
import dev.tutti.inventory.StockChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command leads to, as far as the conveyor is concerned. */
public sealed interface Decision<S, X> {
    /**
     * @param next the aggregate's state afterwards; null if it has none
     * @param change what the store is to write
     * @param claims what it wants of the stock; admitted whole or not at all
     * @param other what becomes of the other aggregate of the command; null if nothing does
     * @param rows about how many rows it writes; 0 if it changes nothing and the answer can be given at once
     */
    record Accepted<S, X>(
            @Nullable S next,
            X change,
            List<StockChange> claims,
            int rows,
            @Nullable Other<S, X> other) implements Decision<S, X> {
        /** Changes one aggregate alone. */
        public Accepted(@Nullable S next, X change, List<StockChange> claims, int rows) {
            this(next, change, claims, rows, null);
        }
    }

    /** Another aggregate that is changed by the same command, or not at all. */
    record Other<S, X>(S next, X change) {}

    record Refused<S, X>(Refusal refusal) implements Decision<S, X> {}
}
