package dev.tutti.quantity;

import java.math.BigInteger;

/**
 * Shares a whole out so that the parts sum exactly to it.
 *
 * <p>Two rules, both exact: the <em>largest remainder</em> (Hamilton's method) when all parts are known at once, as
 * for an order's shipping over its lines; and <em>running totals</em> when parts are taken one after the other, as
 * for partial cancellations and refunds of one line. With running totals the parts depend only on which units have
 * gone before, so any sequence of them sums to the whole.
 */
public final class Proration {
    private Proration() {}

    /**
     * Shares {@code whole} in proportion to {@code weights}; what rounding leaves goes to the largest remainders, the
     * earlier part first.
     *
     * @param whole minor units, may be negative (a discount)
     * @param weights one for each part, none negative; all zero means equal parts
     * @return one share for each weight, summing to {@code whole}
     */
    public static long[] byLargestRemainder(long whole, long[] weights) {
        int parts = weights.length;
        if (parts == 0) {
            if (whole != 0) {
                throw new IllegalArgumentException("nothing to share " + whole + " among");
            }
            return new long[0];
        }
        long[] share = new long[parts];
        long[] weight = weightsOrEqual(weights);
        BigInteger sum = BigInteger.ZERO;
        for (long w : weight) {
            sum = sum.add(BigInteger.valueOf(w));
        }
        BigInteger magnitude = BigInteger.valueOf(whole).abs();
        BigInteger[] remainder = new BigInteger[parts];
        BigInteger given = BigInteger.ZERO;
        for (int i = 0; i < parts; i++) {
            BigInteger[] division =
                    magnitude.multiply(BigInteger.valueOf(weight[i])).divideAndRemainder(sum);
            share[i] = division[0].longValueExact();
            remainder[i] = division[1];
            given = given.add(division[0]);
        }
        int left = magnitude.subtract(given).intValueExact();
        Integer[] order = new Integer[parts];
        for (int i = 0; i < parts; i++) {
            order[i] = i;
        }
        java.util.Arrays.sort(order, (a, b) -> {
            int byRemainder = remainder[b].compareTo(remainder[a]);
            return byRemainder != 0 ? byRemainder : Integer.compare(a, b);
        });
        for (int k = 0; k < left; k++) {
            share[order[k]]++;
        }
        if (whole < 0) {
            for (int i = 0; i < parts; i++) {
                share[i] = -share[i];
            }
        }
        return share;
    }

    private static long[] weightsOrEqual(long[] weights) {
        boolean anything = false;
        for (long weight : weights) {
            if (weight < 0) {
                throw new IllegalArgumentException("a share cannot have the weight " + weight);
            }
            anything |= weight > 0;
        }
        if (anything) {
            return weights;
        }
        long[] equal = new long[weights.length];
        java.util.Arrays.fill(equal, 1);
        return equal;
    }

    /**
     * The part of {@code whole} that belongs to the units from {@code from} (exclusive of those before) up to
     * {@code to}, of {@code units} in all.
     *
     * @return minor units; over 0..a, a..b, …, z..units the parts sum to {@code whole}
     */
    public static long ofUnits(long whole, int units, int from, int to) {
        if (units <= 0 || from < 0 || to < from || to > units) {
            throw new IllegalArgumentException("no units " + from + ".." + to + " of " + units);
        }
        return runningTotal(whole, units, to) - runningTotal(whole, units, from);
    }

    private static long runningTotal(long whole, int units, int upTo) {
        long magnitude = Math.abs(whole);
        long perUnit = magnitude / units;
        long rest = magnitude % units;
        long total = perUnit * upTo + rest * upTo / units;
        return whole < 0 ? -total : total;
    }
}
