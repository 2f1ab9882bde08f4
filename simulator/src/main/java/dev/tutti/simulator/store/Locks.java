package dev.tutti.simulator.store;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who holds which row, and who waits for whom. Rows are keys, orders' ids and positions. */
final class Locks {
    // Looked up by key only, never iterated.
    private final Map<Object, SimulatedTransaction> holders = new HashMap<>();

    boolean isFree(Object row, SimulatedTransaction forWhom) {
        SimulatedTransaction holder = holders.get(row);
        return holder == null || holder == forWhom;
    }

    /** @return whether it was not held before */
    boolean take(Object row, SimulatedTransaction who) {
        return holders.putIfAbsent(row, who) == null;
    }

    void release(Object row, SimulatedTransaction who) {
        holders.remove(row, who);
    }

    /** Whether a transaction that waits for a row waits, over others, for itself. */
    boolean isDeadlock(SimulatedTransaction waiter, Object row) {
        @Nullable Object next = row;
        while (next != null) {
            SimulatedTransaction holder = holders.get(next);
            if (holder == null) {
                return false;
            }
            if (holder == waiter) {
                return true;
            }
            next = holder.waitsFor();
        }
        return false;
    }
}
