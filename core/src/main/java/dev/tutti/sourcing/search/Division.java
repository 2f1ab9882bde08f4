package dev.tutti.sourcing.search;

import static dev.tutti.sourcing.search.SourcingProblem.NONE;

import java.util.Arrays;

/**
 * Divides the lines among packages that are open, at the least cost.
 *
 * <p>Each line first takes the cheapest open options as if it were alone. If no shared limit is broken, that is best. If
 * one is, the surplus is moved on by a min-cost flow ({@link Reflow}), whose solution is in whole units. Only a line that
 * must stay whole can then still be cut; it is tried in each of its open options in turn, with the flow as the bound.
 */
final class Division {
    private static final int FREE = -1;
    private static final int UNFILLED = -2;

    /** Up to so many options, or surplus units, a guess is worth the exact way. */
    private static final int SMALL = 1_000;

    private final Effort effort;
    private final Reflow reflow;

    /** Units per option of the division found last by {@link #divide}. */
    int[] units = new int[0];

    private int[] trial = new int[0];
    private int[] fixed = new int[0];
    private int[] stockLeft = new int[0];
    private int[] capacityLeft = new int[0];
    private long best;
    private int triesLeft;
    private long mostSurplus;

    Division(Effort effort) {
        this.effort = effort;
        reflow = new Reflow(effort);
    }

    void prepare(Model m) {
        if (units.length < m.options) {
            units = new int[m.options];
            trial = new int[m.options];
        }
        if (fixed.length < m.lines) {
            fixed = new int[m.lines];
        }
        if (stockLeft.length < m.stocks) {
            stockLeft = new int[m.stocks];
        }
        if (capacityLeft.length < m.capacities) {
            capacityLeft = new int[m.capacities];
        }
        Arrays.fill(fixed, 0, m.lines, FREE);
        reflow.prepare(m);
    }

    /**
     * Answers the cost of the best division, packages used included, if it is below {@code ceiling}; else ceiling or
     * more, and {@link #units} is void.
     *
     * @param paid what the open packages cost whether used or not
     */
    long divide(Model m, boolean[] open, long paid, long ceiling) {
        best = ceiling;
        triesLeft = Integer.MAX_VALUE;
        mostSurplus = Long.MAX_VALUE;
        search(m, open, paid);
        return best;
    }

    /** Like {@link #divide}, but a good division will do: lines that get in each other's way may be filled in turn. */
    long guess(Model m, boolean[] open, long ceiling) {
        best = ceiling;
        triesLeft = m.options <= SMALL ? 20 : 0;
        mostSurplus = SMALL;
        search(m, open, 0);
        if (best == ceiling && triesLeft < 0) {
            keep(m, fillInTurn(m, open));
        }
        return best;
    }

    /** False when the division found may not be the best of these packages. */
    boolean complete() {
        return triesLeft >= 0;
    }

    private void search(Model m, boolean[] open, long paid) {
        long cost = relax(m, open);
        if (cost == Reflow.TOO_MUCH) {
            triesLeft = -1;
            return;
        }
        if (cost == Reflow.IMPOSSIBLE || cost + paid >= best) {
            return;
        }
        int cut = cutLine(m);
        if (cut == NONE) {
            keep(m, cost);
            return;
        }
        for (int o = m.optionStart[cut]; o < m.optionStart[cut + 1]; o++) {
            if (open[m.optionPackage[o]]) {
                tryFixed(m, open, paid, cut, o);
            }
        }
        tryFixed(m, open, paid, cut, UNFILLED);
        fixed[cut] = FREE;
    }

    private void keep(Model m, long costOfUnits) {
        long cost = costOfUnits + usedPackages(m);
        if (cost < best) {
            best = cost;
            System.arraycopy(trial, 0, units, 0, m.options);
        }
    }

    private void tryFixed(Model m, boolean[] open, long paid, int line, int choice) {
        if (--triesLeft < 0 || effort.spent()) {
            triesLeft = -1;
            return;
        }
        fixed[line] = choice;
        search(m, open, paid);
    }

    /** The least cost of units when lines may be cut, without package costs; the units are left in trial. */
    private long relax(Model m, boolean[] open) {
        long cost = 0;
        for (int l = 0; l < m.lines; l++) {
            int left = m.quantity[l];
            int from = m.optionStart[l];
            int to = m.optionStart[l + 1];
            Arrays.fill(trial, from, to, 0);
            if (fixed[l] == FREE) {
                for (int o = from; o < to && left > 0; o++) {
                    if (open[m.optionPackage[o]]) {
                        int take = Math.min(left, m.optionUnits[o]);
                        trial[o] = take;
                        left -= take;
                        cost += take * m.optionCost[o];
                    }
                }
            } else if (fixed[l] != UNFILLED) {
                trial[fixed[l]] = left;
                cost += left * m.optionCost[fixed[l]];
                left = 0;
            }
            cost += left * m.unfilled[l];
        }
        effort.spend(m.options);
        if (m.stocks == 0 && m.capacities == 0) {
            return cost;
        }
        long more = reflow.repair(m, open, fixed, trial, mostSurplus);
        return more >= Reflow.TOO_MUCH ? more : cost + more;
    }

    /** Lines that stay whole first, the others after, each from the cheapest open options with something left. */
    private long fillInTurn(Model m, boolean[] open) {
        System.arraycopy(m.stockUnits, 0, stockLeft, 0, m.stocks);
        System.arraycopy(m.capacityUnits, 0, capacityLeft, 0, m.capacities);
        long cost = 0;
        for (int l = 0; l < m.lines; l++) {
            cost += m.atomic[l] ? fill(m, open, l, m.quantity[l]) : 0;
        }
        for (int l = 0; l < m.lines; l++) {
            cost += m.atomic[l] ? 0 : fill(m, open, l, 1);
        }
        effort.spend(m.options);
        return cost;
    }

    private long fill(Model m, boolean[] open, int line, int least) {
        long cost = 0;
        int left = m.quantity[line];
        for (int o = m.optionStart[line]; o < m.optionStart[line + 1]; o++) {
            trial[o] = 0;
            if (left > 0 && open[m.optionPackage[o]]) {
                int s = m.optionStock[o];
                int c = m.packageCapacity[m.optionPackage[o]];
                int take = Math.min(left, m.optionUnits[o]);
                take = s == NONE ? take : Math.min(take, stockLeft[s]);
                take = c == NONE ? take : Math.min(take, capacityLeft[c]);
                if (take >= least) {
                    trial[o] = take;
                    left -= take;
                    cost += take * m.optionCost[o];
                    if (s != NONE) {
                        stockLeft[s] -= take;
                    }
                    if (c != NONE) {
                        capacityLeft[c] -= take;
                    }
                }
            }
        }
        return cost + left * m.unfilled[line];
    }

    private int cutLine(Model m) {
        if (m.stocks == 0 && m.capacities == 0) {
            return NONE;
        }
        for (int l = 0; l < m.lines; l++) {
            if (m.atomic[l]) {
                for (int o = m.optionStart[l]; o < m.optionStart[l + 1]; o++) {
                    if (trial[o] > 0 && trial[o] < m.quantity[l]) {
                        return l;
                    }
                }
            }
        }
        return NONE;
    }

    private long usedPackages(Model m) {
        long cost = 0;
        for (int p = 0; p < m.packages; p++) {
            for (int i = m.packageStart[p]; i < m.packageStart[p + 1]; i++) {
                if (trial[m.packageOptions[i]] > 0) {
                    cost += m.packageCost[p];
                    break;
                }
            }
        }
        return cost;
    }
}
