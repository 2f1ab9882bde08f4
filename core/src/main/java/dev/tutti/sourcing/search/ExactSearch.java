package dev.tutti.sourcing.search;

import java.util.Arrays;

/**
 * Finds the plan that costs least, and proves it.
 *
 * <p>The problem is first reduced ({@link Reduction}). Few lines that stay whole and share no limit are solved by a
 * programme over subsets of lines ({@link PartitionProgramme}), and so are few lines of any kind as if they did, or unit by
 * unit where they must be divided; if what is found then keeps the limits, nothing is cheaper. Everything else is solved by
 * branch and bound over packages ({@link PackageSearch}).
 *
 * <p>Among plans of equal cost the one with fewer packages is preferred (as long as costs times packages fit 59 bits;
 * beyond that, and among equal numbers, the first found in a fixed order of search, which prefers what the problem names
 * first). The same problem gives the same plan, always: effort is counted in options looked at, never in time.
 *
 * <p>An instance keeps its working memory from one problem to the next and belongs to one thread.
 */
public final class ExactSearch {
    /** Proves nearly every order of ten lines among 50 nodes; ends one of 500 lines in about a tenth of a second. */
    public static final long DEFAULT_EFFORT = 10_000_000;

    private final long effort;
    private final Model model = new Model();
    private final Reduction reduction = new Reduction();
    private final PartitionProgramme programme = new PartitionProgramme();
    private final UnitByUnit unitByUnit = new UnitByUnit();
    private final PackageSearch packages = new PackageSearch();
    /** What a plan takes of each stock. */
    private int[] units = new int[0];
    /** What a plan takes of each capacity. */
    private int[] handled = new int[0];

    /** Searches with {@link #DEFAULT_EFFORT}. */
    public ExactSearch() {
        this(DEFAULT_EFFORT);
    }

    /** @param effort how many options may be looked at before the best plan found so far is returned unproven */
    public ExactSearch(long effort) {
        this.effort = effort;
    }

    public SourcingSolution solve(SourcingProblem problem) {
        int[] taken = new int[problem.options()];
        reduction.apply(problem, model);
        if (model.lines == 0) {
            return proven(problem, taken);
        }
        if (PartitionProgramme.suits(model)) {
            programme.solve(model, taken);
            if (model.whole || fits(problem, taken) || fitsUnitByUnit(problem, taken)) {
                return proven(problem, taken);
            }
            Arrays.fill(taken, 0);
        }
        if (packages.solve(model, effort, taken)) {
            return proven(problem, taken);
        }
        long cost = SourcingSolution.costOf(problem, taken);
        return new SourcingSolution(problem, taken, cost, cost - packages.gap(model), false);
    }

    /**
     * Takes lines apart that got more of an option than it has, as long as few lines come of it. Whatever keeps the limits
     * then is best: the lines that are still whole are as free as before, and the others can do all that is allowed.
     */
    private boolean fitsUnitByUnit(SourcingProblem problem, int[] taken) {
        unitByUnit.begin(model);
        while (unitByUnit.takeApart(model, taken) && unitByUnit.lines(model) <= PartitionProgramme.MAX_LINES) {
            unitByUnit.build(model);
            if (!PartitionProgramme.suits(unitByUnit.model)) {
                return false;
            }
            Arrays.fill(taken, 0);
            programme.solve(unitByUnit.model, taken);
            if (fits(problem, taken)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a plan that was made as if there were no limits keeps them. Without limits every line goes whole to one
     * option, for of the packages that are open one is the cheapest for all of its units; and no plan that keeps them can
     * cost less.
     */
    private boolean fits(SourcingProblem problem, int[] taken) {
        if (units.length < problem.stocks()) {
            units = new int[problem.stocks()];
        }
        if (handled.length < problem.capacities()) {
            handled = new int[problem.capacities()];
        }
        Arrays.fill(units, 0, problem.stocks(), 0);
        Arrays.fill(handled, 0, problem.capacities(), 0);
        for (int o = 0; o < taken.length; o++) {
            if (taken[o] > 0) {
                int stock = problem.optionStock(o);
                int capacity = problem.packageCapacity(problem.optionPackage(o));
                if (stock != SourcingProblem.NONE && (units[stock] += taken[o]) > problem.stock(stock)) {
                    return false;
                }
                if (capacity != SourcingProblem.NONE && (handled[capacity] += taken[o]) > problem.capacity(capacity)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static SourcingSolution proven(SourcingProblem problem, int[] taken) {
        long cost = SourcingSolution.costOf(problem, taken);
        return new SourcingSolution(problem, taken, cost, cost, true);
    }
}
