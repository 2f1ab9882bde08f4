package dev.tutti.sourcing.search;

/** A sourcing plan in numbers: the units taken through each option, what it costs, and whether it is known to be best. */
public final class SourcingSolution {
    private final SourcingProblem problem;
    private final int[] taken;
    private final long cost;
    private final long lowerBound;
    private final boolean proven;

    SourcingSolution(SourcingProblem problem, int[] taken, long cost, long lowerBound, boolean proven) {
        this.problem = problem;
        this.taken = taken;
        this.cost = cost;
        this.lowerBound = lowerBound;
        this.proven = proven;
    }

    /** Units taken through the option. */
    public int taken(int option) {
        return taken[option];
    }

    /** Units of the line that no option fills. */
    public int unfilled(int line) {
        int left = problem.quantity(line);
        for (int o = problem.optionStart(line); o < problem.optionStart(line + 1); o++) {
            left -= taken[o];
        }
        return left;
    }

    /** How many packages are opened: those through which at least one unit is taken. */
    public int packages() {
        return packagesOf(problem, taken);
    }

    /** Packages, units and unfilled units together, in millionths of a minor unit. */
    public long cost() {
        return cost;
    }

    /** True when no plan is cheaper; false when the effort limit ended the search before that was known. */
    public boolean proven() {
        return proven;
    }

    /** No plan costs less than this; equal to the cost when proven. */
    public long lowerBound() {
        return lowerBound;
    }

    static int packagesOf(SourcingProblem problem, int[] taken) {
        boolean[] used = new boolean[problem.packages()];
        int count = 0;
        for (int o = 0; o < taken.length; o++) {
            int p = problem.optionPackage(o);
            if (taken[o] > 0 && !used[p]) {
                used[p] = true;
                count++;
            }
        }
        return count;
    }

    /** What the taken units cost, summed up anew from the problem. */
    static long costOf(SourcingProblem problem, int[] taken) {
        long cost = 0;
        boolean[] used = new boolean[problem.packages()];
        for (int l = 0; l < problem.lines(); l++) {
            int left = problem.quantity(l);
            for (int o = problem.optionStart(l); o < problem.optionStart(l + 1); o++) {
                if (taken[o] > 0) {
                    left -= taken[o];
                    cost += taken[o] * problem.optionUnitCost(o);
                    int p = problem.optionPackage(o);
                    if (!used[p]) {
                        used[p] = true;
                        cost += problem.packageCost(p);
                    }
                }
            }
            cost += left * problem.unfilledCost(l);
        }
        return cost;
    }
}
