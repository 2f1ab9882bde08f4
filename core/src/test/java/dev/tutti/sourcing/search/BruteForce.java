package dev.tutti.sourcing.search;

import static dev.tutti.sourcing.search.SourcingProblem.NONE;

/** The oracle: tries every number of units for every option. Only for tiny problems; shares nothing with the search. */
final class BruteForce {
    private final SourcingProblem problem;
    private final int[] stockLeft;
    private final int[] capacityLeft;
    private final int[] usesOfPackage;
    private int packagesUsed;
    private long bestCost = Long.MAX_VALUE;
    private int fewestPackages;

    private BruteForce(SourcingProblem problem) {
        this.problem = problem;
        usesOfPackage = new int[problem.packages()];
        stockLeft = new int[problem.stocks()];
        for (int s = 0; s < stockLeft.length; s++) {
            stockLeft[s] = problem.stock(s);
        }
        capacityLeft = new int[problem.capacities()];
        for (int c = 0; c < capacityLeft.length; c++) {
            capacityLeft[c] = problem.capacity(c);
        }
    }

    /** The least cost of any plan, and the fewest packages any plan of that cost opens. */
    static Best best(SourcingProblem problem) {
        BruteForce search = new BruteForce(problem);
        search.fill(0, 0, problem.quantity(0), 0);
        return new Best(search.bestCost, search.fewestPackages);
    }

    record Best(long cost, int packages) {}

    private void fill(int line, int option, int left, long cost) {
        if (option == endOf(line)) {
            if (left > 0 && left < problem.quantity(line) && !problem.splittable(line)) {
                return;
            }
            long withUnfilled = cost + left * problem.unfilledCost(line);
            if (line + 1 < problem.lines()) {
                fill(line + 1, option, problem.quantity(line + 1), withUnfilled);
            } else if (withUnfilled < bestCost || (withUnfilled == bestCost && packagesUsed < fewestPackages)) {
                bestCost = withUnfilled;
                fewestPackages = packagesUsed;
            }
            return;
        }
        fill(line, option + 1, left, cost);
        for (int units = 1; units <= left; units++) {
            if (problem.splittable(line) || units == problem.quantity(line)) {
                take(line, option, units, left, cost);
            }
        }
    }

    private void take(int line, int option, int units, int left, long cost) {
        int p = problem.optionPackage(option);
        int s = problem.optionStock(option);
        int c = problem.packageCapacity(p);
        boolean opens = usesOfPackage[p] == 0;
        if ((s != NONE && stockLeft[s] < units)
                || (c != NONE && capacityLeft[c] < units)
                || (opens && packagesUsed == problem.maxPackages())) {
            return;
        }
        book(p, s, c, units, 1);
        packagesUsed += opens ? 1 : 0;
        long opening = opens ? problem.packageCost(p) : 0;
        fill(line, option + 1, left - units, cost + opening + units * problem.optionUnitCost(option));
        packagesUsed -= opens ? 1 : 0;
        book(p, s, c, -units, -1);
    }

    private void book(int p, int s, int c, int units, int uses) {
        usesOfPackage[p] += uses;
        if (s != NONE) {
            stockLeft[s] -= units;
        }
        if (c != NONE) {
            capacityLeft[c] -= units;
        }
    }

    private int endOf(int line) {
        return problem.optionStart(line + 1);
    }
}
