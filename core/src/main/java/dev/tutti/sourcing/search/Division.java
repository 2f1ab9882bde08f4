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

    private final Effort effort;
    private final Reflow reflow;

    /** Units per option of the division found last by {@link #divide}. */
    int[] units = new int[0];

    private int[] trial = new int[0];
    private int[] fixed = new int[0];
    private long best;
    private int triesLeft;

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
        Arrays.fill(fixed, 0, m.lines, FREE);
        reflow.prepare(m);
    }

    /**
     * Answers the cost of the best division, packages used included, if it is below {@code ceiling}; else ceiling or
     * more, and {@link #units} is void.
     *
     * @param paid what the open packages cost whether used or not, when that is decided; 0 when it is not
     * @param tries how many times a cut line may be put back together before giving up on a better division
     */
    long divide(Model m, boolean[] open, long paid, long ceiling, int tries) {
        best = ceiling;
        triesLeft = tries;
        search(m, open, paid);
        return best;
    }

    /** False when the tries ran out before the division was known to be best. */
    boolean complete() {
        return triesLeft >= 0;
    }

    private void search(Model m, boolean[] open, long paid) {
        long cost = relax(m, open);
        if (cost == Reflow.IMPOSSIBLE || cost + paid >= best) {
            return;
        }
        int cut = cutLine(m);
        if (cut == NONE) {
            long real = cost + usedPackages(m);
            if (real < best) {
                best = real;
                System.arraycopy(trial, 0, units, 0, m.options);
            }
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
        long more = reflow.repair(m, open, fixed, trial);
        return more == Reflow.IMPOSSIBLE ? more : cost + more;
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
