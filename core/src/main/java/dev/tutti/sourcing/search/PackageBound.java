package dev.tutti.sourcing.search;

import java.util.Arrays;

/**
 * A lower bound by Lagrangian relaxation (Geoffrion 1974): each unit of a line is worth a price, and each package decides
 * alone whether the units it could sell at these prices pay for opening it.
 *
 * <p>For prices v the bound is {@code Σ quantity × v − Σ max(0, profit of package − its cost)}; a package sells its best
 * margins first, within its stocks and its capacity, so the limits inside a package are kept exactly. What is relaxed is
 * only that a line may be sold more or less often than it was asked for, and that packages may share a limit. Prices then
 * move against that (subgradient steps, Held, Wolfe and Crowder 1974): up for lines sold too little, down for lines sold
 * too often. All of it in whole numbers: a price is always valid, only more or less good.
 */
final class PackageBound {
    /** Above every cost and bound, and small enough to be added to one. */
    static final long IMPOSSIBLE = 1L << 61;

    private static final int MOST_TURN = 1 << 13;

    /** How much of the last direction a step keeps; without it, prices swing to and fro. */
    private static final int MOMENTUM_TENTHS = 7;

    private final Effort effort;

    /** Package cost minus profit at the prices evaluated last; negative when opening pays. */
    long[] reduced = new long[0];

    /** Free packages that the relaxed plan opens. */
    boolean[] chosen = new boolean[0];

    /** What taking in one more package saves at best by sending another away. */
    long swapOut;

    /** What sending a chosen package away costs at least for the one that takes its place. */
    long swapIn;

    private int[] sold = new int[0];
    private int[] turn = new int[0];
    private int[] ranked = new int[0];
    private int[] stockLeft = new int[0];

    PackageBound(Effort effort) {
        this.effort = effort;
    }

    void prepare(Model m) {
        if (reduced.length < m.packages) {
            reduced = new long[m.packages];
            chosen = new boolean[m.packages];
            ranked = new int[m.packages];
        }
        if (sold.length < m.lines) {
            sold = new int[m.lines];
            turn = new int[m.lines];
        }
        if (stockLeft.length < m.stocks) {
            stockLeft = new int[m.stocks];
        }
    }

    /** First prices: what each line's units would cost if the line were alone. */
    void price(Model m, long[] prices) {
        for (int l = 0; l < m.lines; l++) {
            long least = m.unfilled[l];
            for (int o = m.optionStart[l]; o < m.optionStart[l + 1]; o++) {
                least = Math.min(least, m.optionCost[o] + m.packageCost[m.optionPackage[o]] / m.optionUnits[o]);
            }
            prices[l] = least;
        }
    }

    /** The bound at these prices when at least {@code need} and at most {@code slots} free packages are opened. */
    long evaluate(Model m, byte[] state, int need, int slots, long[] prices) {
        long bound = 0;
        for (int l = 0; l < m.lines; l++) {
            bound += prices[l] * m.quantity[l];
        }
        int free = 0;
        int paying = 0;
        for (int p = 0; p < m.packages; p++) {
            chosen[p] = false;
            if (state[p] != PackageSearch.CLOSED) {
                reduced[p] = m.packageCost[p] - profit(m, p, prices);
                if (state[p] == PackageSearch.OPEN) {
                    bound = add(bound, reduced[p]);
                } else {
                    free++;
                    paying += reduced[p] < 0 ? 1 : 0;
                }
            }
        }
        effort.spend(m.options);
        if (free < need) {
            return IMPOSSIBLE;
        }
        int count = Math.max(need, Math.min(slots, paying));
        int kept = rank(m, state, count + 1);
        for (int i = 0; i < count; i++) {
            chosen[ranked[i]] = true;
            bound = add(bound, reduced[ranked[i]]);
        }
        long last = count == 0 ? 0 : reduced[ranked[count - 1]];
        swapOut = slots == 0 ? IMPOSSIBLE : count == slots ? last : Math.max(0, last);
        long next = kept > count ? reduced[ranked[count]] : IMPOSSIBLE;
        swapIn = count == need ? next : Math.min(0, next);
        return bound;
    }

    /** A sum too low to be of use stays where it cannot run over; it remains far below every cost. */
    private static long add(long bound, long reduced) {
        return Math.max(bound + reduced, -IMPOSSIBLE);
    }

    /** Ranks the {@code most} free packages of least reduced cost; equal ones by index. */
    private int rank(Model m, byte[] state, int most) {
        int kept = 0;
        for (int p = 0; p < m.packages; p++) {
            if (state[p] == PackageSearch.FREE && (kept < most || reduced[p] < reduced[ranked[kept - 1]])) {
                int j = kept < most ? kept++ : kept - 1;
                while (j > 0 && reduced[ranked[j - 1]] > reduced[p]) {
                    ranked[j] = ranked[--j];
                }
                ranked[j] = p;
            }
        }
        return kept;
    }

    private long profit(Model m, int p, long[] prices) {
        long profit = 0;
        int from = m.packageStart[p];
        int to = m.packageStart[p + 1];
        if (!m.packageLimited[p]) {
            for (int i = from; i < to; i++) {
                int o = m.packageOptions[i];
                profit += Math.max(0, prices[m.optionLine[o]] - m.optionCost[o]) * m.optionUnits[o];
            }
            return profit;
        }
        sortByMargin(m, from, to, prices);
        int room = refill(m, p);
        for (int i = from; i < to && room > 0; i++) {
            int o = m.packageOptions[i];
            long margin = prices[m.optionLine[o]] - m.optionCost[o];
            if (margin <= 0) {
                break;
            }
            int units = sell(m, o, room);
            room -= units;
            profit += margin * units;
        }
        return profit;
    }

    private int refill(Model m, int p) {
        for (int i = m.packageStart[p]; i < m.packageStart[p + 1]; i++) {
            int s = m.optionStock[m.packageOptions[i]];
            if (s >= 0) {
                stockLeft[s] = m.stockUnits[s];
            }
        }
        return m.packageCapacity[p] < 0 ? Integer.MAX_VALUE : m.capacityUnits[m.packageCapacity[p]];
    }

    private int sell(Model m, int o, int room) {
        int units = Math.min(room, m.optionUnits[o]);
        int s = m.optionStock[o];
        if (s >= 0) {
            units = Math.min(units, stockLeft[s]);
            stockLeft[s] -= units;
        }
        return units;
    }

    /** Shell's sort, in place: from one evaluation to the next the order hardly changes. */
    private void sortByMargin(Model m, int from, int to, long[] prices) {
        int[] options = m.packageOptions;
        int gap = to - from < 12 ? 1 : (to - from) * 5 / 11;
        while (gap > 0) {
            effort.spend(to - from);
            for (int i = from + gap; i < to; i++) {
                int o = options[i];
                long margin = prices[m.optionLine[o]] - m.optionCost[o];
                int j = i;
                while (j - gap >= from) {
                    int other = options[j - gap];
                    long otherMargin = prices[m.optionLine[other]] - m.optionCost[other];
                    if (otherMargin > margin || (otherMargin == margin && other < o)) {
                        break;
                    }
                    options[j] = other;
                    j -= gap;
                }
                options[j] = o;
            }
            gap = gap == 1 ? 0 : Math.max(1, gap * 5 / 11);
        }
    }

    /** Forgets the direction of the steps before. */
    void stand() {
        Arrays.fill(turn, 0);
    }

    /**
     * Moves the prices by a step of length {@code gap} against what was sold too often or too little in the relaxed plan
     * evaluated last; false when the plan asks for no move, and the bound is the best there is.
     */
    boolean step(Model m, byte[] state, long gap, long[] prices) {
        countSold(m, state, prices);
        long norm = 0;
        for (int l = 0; l < m.lines; l++) {
            long per1024 = (long) (m.quantity[l] - sold[l]) * 1024 / m.quantity[l];
            per1024 += turn[l] * MOMENTUM_TENTHS / 10;
            turn[l] = (int) Math.max(-MOST_TURN, Math.min(MOST_TURN, per1024));
            if ((turn[l] > 0 && prices[l] == m.unfilled[l]) || (turn[l] < 0 && prices[l] == 0)) {
                turn[l] = 0;
            }
            norm += (long) turn[l] * turn[l];
        }
        if (norm == 0) {
            return false;
        }
        boolean moved = false;
        for (int l = 0; l < m.lines; l++) {
            if (turn[l] != 0) {
                long move = gap / norm * turn[l] + gap % norm * turn[l] / norm;
                move = Math.max(-(1L << 50), Math.min(1L << 50, move)) * 1024 / m.quantity[l];
                long price = Math.max(0, Math.min(m.unfilled[l], prices[l] + move));
                moved |= price != prices[l];
                prices[l] = price;
            }
        }
        return moved;
    }

    private void countSold(Model m, byte[] state, long[] prices) {
        Arrays.fill(sold, 0, m.lines, 0);
        for (int p = 0; p < m.packages; p++) {
            if (chosen[p] || state[p] == PackageSearch.OPEN) {
                int room = m.packageLimited[p] ? refill(m, p) : Integer.MAX_VALUE;
                for (int i = m.packageStart[p]; i < m.packageStart[p + 1]; i++) {
                    int o = m.packageOptions[i];
                    if (prices[m.optionLine[o]] > m.optionCost[o]) {
                        int units = m.packageLimited[p] ? sell(m, o, room) : m.optionUnits[o];
                        room -= units;
                        sold[m.optionLine[o]] += units;
                    }
                }
            }
        }
    }
}
