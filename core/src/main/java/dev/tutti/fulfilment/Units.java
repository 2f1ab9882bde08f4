package dev.tutti.fulfilment;

import dev.tutti.decision.BrokenInvariant;
import java.util.Arrays;

/**
 * How many units are in which state: the truth from which every status is derived.
 *
 * <p>Units only move from one state to another, so their sum never changes (invariant 5).
 */
public final class Units {
    private static final UnitState[] STATES = UnitState.values();

    private final int[] counts;

    private Units(int[] counts) {
        this.counts = counts;
    }

    public static Units of(UnitState state, int quantity) {
        int[] counts = new int[STATES.length];
        counts[state.ordinal()] = quantity;
        return new Units(counts);
    }

    public static Units none() {
        return of(UnitState.OPEN, 0);
    }

    /** Counters as they were stored, one for each state in order. */
    public static Units ofCounts(int[] counts) {
        return new Units(Arrays.copyOf(counts, STATES.length));
    }

    public int in(UnitState state) {
        return counts[state.ordinal()];
    }

    public int total() {
        return Arrays.stream(counts).sum();
    }

    /** Units that can still be called off. */
    public int cancellable() {
        int sum = 0;
        for (UnitState state : STATES) {
            if (state.isCancellable()) {
                sum += in(state);
            }
        }
        return sum;
    }

    /** Units that hold a claim on a node's stock. */
    public int holdingStock() {
        int sum = 0;
        for (UnitState state : STATES) {
            if (state.holdsStock()) {
                sum += in(state);
            }
        }
        return sum;
    }

    /**
     * Moves units from one state to another.
     *
     * @throws BrokenInvariant if there are not so many
     */
    public Units move(UnitState from, UnitState to, int quantity) {
        return take(from, quantity).put(to, quantity);
    }

    /** Units that come from elsewhere. */
    public Units put(UnitState to, int quantity) {
        BrokenInvariant.unless(quantity >= 0, () -> "cannot add " + quantity + " units");
        int[] next = counts.clone();
        next[to.ordinal()] = Math.addExact(next[to.ordinal()], quantity);
        return new Units(next);
    }

    /** Units that go elsewhere. */
    public Units take(UnitState from, int quantity) {
        BrokenInvariant.unless(
                quantity >= 0 && in(from) >= quantity,
                () -> "cannot take " + quantity + " units " + from + " of " + this);
        int[] next = counts.clone();
        next[from.ordinal()] -= quantity;
        return new Units(next);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Units units && Arrays.equals(counts, units.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (UnitState state : STATES) {
            if (in(state) > 0) {
                text.append(text.length() == 1 ? "" : ", ")
                        .append(in(state))
                        .append(' ')
                        .append(state);
            }
        }
        return text.append(']').toString();
    }
}
