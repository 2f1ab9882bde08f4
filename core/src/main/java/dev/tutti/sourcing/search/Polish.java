package dev.tutti.sourcing.search;

import static dev.tutti.sourcing.search.SourcingProblem.NONE;

/**
 * Improves a plan by opening a package, closing one, or one for another, as long as that helps.
 *
 * <p>What a move would save is estimated for all packages in one pass over the options; only the moves that promise most
 * are worked out by {@link Division}. Large orders owe their good plans to this, small ones rarely need it.
 */
final class Polish {
    private static final int PROMISING = 4;

    private final Effort effort;
    private final Division division;

    private boolean[] open = new boolean[0];
    private long[] saving = new long[0];
    private final int[] opening = new int[PROMISING];
    private final int[] closing = new int[PROMISING];

    Polish(Effort effort, Division division) {
        this.effort = effort;
        this.division = division;
    }

    /** Improves the plan in place; answers its cost. Stops when the effort left falls below {@code reserve}. */
    long improve(Model m, int[] plan, long planCost, int mostPackages, long reserve) {
        if (open.length < m.packages) {
            open = new boolean[m.packages];
            saving = new long[m.packages];
        }
        long cost = planCost;
        while (effort.left() > reserve) {
            int used = readOpen(m, plan);
            estimate(m, plan);
            int openings = rank(m, false, opening);
            int closings = rank(m, true, closing);
            long better = tryMoves(m, cost, openings, closings, used, mostPackages);
            if (better >= cost) {
                return cost;
            }
            cost = better;
            System.arraycopy(division.units, 0, plan, 0, m.options);
        }
        return cost;
    }

    private int readOpen(Model m, int[] plan) {
        int used = 0;
        for (int p = 0; p < m.packages; p++) {
            open[p] = false;
            for (int i = m.packageStart[p]; i < m.packageStart[p + 1] && !open[p]; i++) {
                open[p] = plan[m.packageOptions[i]] > 0;
            }
            used += open[p] ? 1 : 0;
        }
        effort.spend(m.options);
        return used;
    }

    /** Saving of opening a closed package, or of closing an open one, as if no other line were in the way. */
    private void estimate(Model m, int[] plan) {
        for (int p = 0; p < m.packages; p++) {
            saving[p] = open[p] ? m.packageCost[p] : -m.packageCost[p];
        }
        for (int l = 0; l < m.lines; l++) {
            int left = m.quantity[l];
            int dearest = NONE;
            int spare = NONE;
            for (int o = m.optionStart[l]; o < m.optionStart[l + 1]; o++) {
                left -= plan[o];
                if (plan[o] > 0) {
                    dearest = o;
                } else if (spare == NONE && open[m.optionPackage[o]]) {
                    spare = o;
                }
            }
            long worst = left > 0 || dearest == NONE ? m.unfilled[l] : m.optionCost[dearest];
            int atWorst = left > 0 || dearest == NONE ? left : plan[dearest];
            long next = spare == NONE ? m.unfilled[l] : m.optionCost[spare];
            for (int o = m.optionStart[l]; o < m.optionStart[l + 1]; o++) {
                int p = m.optionPackage[o];
                if (!open[p]) {
                    saving[p] += Math.max(0, worst - m.optionCost[o]) * Math.min(atWorst, m.optionUnits[o]);
                } else if (plan[o] > 0) {
                    saving[p] -= (next - m.optionCost[o]) * plan[o];
                }
            }
        }
        effort.spend(m.options);
    }

    private int rank(Model m, boolean opened, int[] ranked) {
        int kept = 0;
        for (int p = 0; p < m.packages; p++) {
            if (open[p] == opened && (kept < PROMISING || saving[p] > saving[ranked[kept - 1]])) {
                int j = kept < PROMISING ? kept++ : kept - 1;
                while (j > 0 && saving[ranked[j - 1]] < saving[p]) {
                    ranked[j] = ranked[--j];
                }
                ranked[j] = p;
            }
        }
        return kept;
    }

    private long tryMoves(Model m, long cost, int openings, int closings, int used, int mostPackages) {
        for (int c = 0; c < closings; c++) {
            open[closing[c]] = false;
            long without = division.guess(m, open, cost);
            if (without < cost) {
                return without;
            }
            open[closing[c]] = true;
        }
        for (int i = 0; i < openings; i++) {
            open[opening[i]] = true;
            if (used < mostPackages && saving[opening[i]] > 0) {
                long with = division.guess(m, open, cost);
                if (with < cost) {
                    return with;
                }
            }
            for (int c = 0; c < closings; c++) {
                open[closing[c]] = false;
                long swapped = division.guess(m, open, cost);
                if (swapped < cost) {
                    return swapped;
                }
                open[closing[c]] = true;
            }
            open[opening[i]] = false;
        }
        return cost;
    }
}
