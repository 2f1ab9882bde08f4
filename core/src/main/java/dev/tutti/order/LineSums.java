package dev.tutti.order;

import dev.tutti.fulfilment.LineQuantity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Quantities summed by line before they are checked or applied (invariant 4). */
final class LineSums {
    // Looked up by line only, never iterated.
    private final Map<Integer, Integer> sums = new HashMap<>();

    static LineSums of(List<LineQuantity> quantities) {
        LineSums sums = new LineSums();
        for (LineQuantity part : quantities) {
            sums.add(part.line(), part.quantity());
        }
        return sums;
    }

    /** @return the line's sum with this part */
    long add(int line, int quantity) {
        return sums.merge(line, quantity, LineSums::bounded);
    }

    /** Sums that are far beyond any order stay there: they are compared, and refused. */
    private static int bounded(int a, int b) {
        return (int) Math.min(Integer.MAX_VALUE, (long) a + b);
    }

    int of(int line) {
        return sums.getOrDefault(line, 0);
    }
}
