package dev.tutti.sourcing.search;

import java.util.Arrays;

/**
 * Branch and bound over packages: each is opened or closed in turn until the bound says that no better plan is left.
 *
 * <p>At each branch the prices of {@link PackageBound} move a few steps. A package whose opening (or closing) would push
 * the bound over the best known cost is closed (or opened) for the whole branch. The packages the relaxed plan opens are
 * a good guess at a real plan, and {@link Division} makes it one. When every package is decided, Division is exact.
 */
final class PackageSearch {
    static final byte FREE = 0;
    static final byte OPEN = 1;
    static final byte CLOSED = 2;

    private static final int ROOT_STEPS = 200;
    private static final int COUNT_STEPS = 60;
    private static final int BRANCH_STEPS = 14;

    /** Steps are halved when so many in a row have not raised the bound, and end when halved too often. */
    private static final int PATIENCE = 6;

    private static final int HALVINGS = 8;

    private final Effort effort = new Effort();
    private final PackageBound bound = new PackageBound(effort);
    private final DualAscent ascent = new DualAscent(effort);
    private final Division division = new Division(effort);
    private final Polish polish = new Polish(effort, division);

    private byte[] state = new byte[0];
    private int openCount;

    /** How many packages a plan of this branch opens, at least and at most. */
    private int fewest;

    private int most;

    /** Packages decided, in that order, so that leaving a branch can free them again. */
    private int[] trail = new int[0];

    private int trailSize;

    /** In how many of the last steps the relaxed plan opened the package, and how many steps there were. */
    private int[] popularity = new int[0];

    private int evaluated;
    private boolean[] guess = new boolean[0];

    /** The best prices of each branch from the root to here. */
    private long[][] prices = new long[0][];

    private long[] moving = new long[0];

    private int[] best = new int[0];
    private long bestCost;

    /** The least bound of a branch left unexplored because the effort was spent. */
    private long unexplored;

    /** Writes the best plan found into taken; true when it is proven best. */
    boolean solve(Model m, long limit, int[] taken) {
        effort.start(limit);
        m.sortOptionsByCost();
        m.linkPackages();
        m.linkLimits();
        prepare(m);
        branch(m, 0, ROOT_STEPS, startPrices(m));
        for (int o = 0; o < m.options; o++) {
            taken[m.optionId[o]] = best[o];
        }
        return unexplored > bestCost - m.grain;
    }

    /** How far the plan may be from the best, in the problem's own costs. */
    long gap(Model m) {
        long grains = (bestCost - unexplored) >> m.precision;
        return (grains + m.tieFactor - 1) / m.tieFactor;
    }

    private void prepare(Model m) {
        bound.prepare(m);
        division.prepare(m);
        if (state.length < m.packages) {
            state = new byte[m.packages];
            trail = new int[m.packages];
            guess = new boolean[m.packages];
            popularity = new int[m.packages];
        }
        if (moving.length < m.lines) {
            moving = new long[m.lines];
        }
        if (best.length < m.options) {
            best = new int[m.options];
        }
        Arrays.fill(state, 0, m.packages, FREE);
        Arrays.fill(guess, 0, m.packages, false);
        trailSize = 0;
        fewest = 0;
        most = m.maxPackages;
        openCount = 0;
        unexplored = Long.MAX_VALUE;
        bestCost = 0;
        for (int l = 0; l < m.lines; l++) {
            bestCost += m.unfilled[l] * m.quantity[l];
        }
        Arrays.fill(best, 0, m.options, 0);
    }

    /** The search starts from the prices of lines alone; dual ascent, stiffer to move on from, gives a first bound. */
    private long startPrices(Model m) {
        ascent.price(m, moving);
        long byAscent = bound.evaluate(m, state, 0, most, moving);
        bound.price(m, pricesAt(0, m));
        return byAscent;
    }

    private long[] pricesAt(int depth, Model m) {
        if (depth >= prices.length) {
            prices = Arrays.copyOf(prices, Math.max(16, 2 * depth));
        }
        if (prices[depth] == null || prices[depth].length < m.lines) {
            prices[depth] = new long[m.lines];
        }
        return prices[depth];
    }

    private void branch(Model m, int depth, int steps, long known) {
        long[] own = pricesAt(depth, m);
        int mark = trailSize;
        long lower = Math.max(known, improve(m, own, steps));
        if (depth == 0 && lower <= bestCost - m.grain) {
            bestCost = polish.improve(m, best, bestCost, m.maxPackages, effort.left() / 2);
        }
        if (lower > bestCost - m.grain) {
            undo(mark);
            return;
        }
        int p = pick(m);
        if (fewest < most && p >= 0 && !effort.spent()) {
            splitByCount(m, depth, lower);
        } else if (p < 0) {
            decide(m, lower);
        } else if (effort.spent()) {
            unexplored = Math.min(unexplored, lower);
        } else {
            System.arraycopy(own, 0, pricesAt(depth + 1, m), 0, m.lines);
            set(p, OPEN);
            branch(m, depth + 1, BRANCH_STEPS, lower);
            undo(trailSize - 1);
            System.arraycopy(own, 0, pricesAt(depth + 1, m), 0, m.lines);
            set(p, CLOSED);
            branch(m, depth + 1, BRANCH_STEPS, lower);
        }
        undo(mark);
    }

    /**
     * First the number of packages is decided: as many as the best plan has, fewer, or more. Bounds are much better when
     * a relaxed plan may not open five packages and a third, and most of these branches end at once.
     */
    private void splitByCount(Model m, int depth, long lower) {
        int from = fewest;
        int to = most;
        int count = Math.max(from, Math.min(to, bestPackages(m)));
        branchCounted(m, depth, lower, count, count);
        if (from < count) {
            branchCounted(m, depth, lower, from, count - 1);
        }
        if (count < to) {
            branchCounted(m, depth, lower, count + 1, to);
        }
        fewest = from;
        most = to;
    }

    private void branchCounted(Model m, int depth, long lower, int from, int to) {
        System.arraycopy(prices[depth], 0, pricesAt(depth + 1, m), 0, m.lines);
        fewest = from;
        most = to;
        branch(m, depth + 1, COUNT_STEPS, lower);
    }

    private int bestPackages(Model m) {
        int count = 0;
        for (int p = 0; p < m.packages; p++) {
            for (int i = m.packageStart[p]; i < m.packageStart[p + 1]; i++) {
                if (best[m.packageOptions[i]] > 0) {
                    count++;
                    break;
                }
            }
        }
        return count;
    }

    /** Raises the bound step by step, leaving the best prices in own; plans found on the way lower the best cost. */
    private long improve(Model m, long[] own, int steps) {
        System.arraycopy(own, 0, moving, 0, m.lines);
        Arrays.fill(popularity, 0, m.packages, 0);
        long lower = Long.MIN_VALUE;
        int shift = 0;
        evaluated = 0;
        int stale = 0;
        bound.stand();
        for (int i = 0; i < steps; i++) {
            long value = bound.evaluate(m, state, Math.max(0, fewest - openCount), most - openCount, moving);
            evaluated++;
            if (steps > BRANCH_STEPS || i == 0) {
                guess(m);
            }
            for (int p = 0; p < m.packages; p++) {
                popularity[p] += bound.chosen[p] ? 1 : 0;
            }
            if (value > lower) {
                lower = value;
                stale = 0;
                System.arraycopy(moving, 0, own, 0, m.lines);
            } else if (++stale > PATIENCE) {
                stale = 0;
                shift++;
            }
            if (lower > bestCost - m.grain || shift > HALVINGS || effort.spent()) {
                break;
            }
            settle(m, value);
            if (!bound.step(m, state, (bestCost - value) >> shift, moving)) {
                break;
            }
        }
        return lower;
    }

    /** Decides the packages that the bound just evaluated leaves no choice about. */
    private void settle(Model m, long value) {
        long allowed = bestCost - m.grain;
        for (int p = 0; p < m.packages; p++) {
            if (state[p] == FREE) {
                long reduced = bound.reduced[p];
                if (bound.chosen[p]) {
                    if (value - reduced + bound.swapIn > allowed) {
                        set(p, OPEN);
                    }
                } else if (openCount >= most || value + reduced - bound.swapOut > allowed) {
                    set(p, CLOSED);
                }
            }
        }
    }

    /** Makes a plan of the packages that the relaxed plan opens, unless the last guess was the same. */
    private void guess(Model m) {
        boolean same = true;
        for (int p = 0; p < m.packages; p++) {
            boolean open = state[p] == OPEN || bound.chosen[p];
            same &= open == guess[p];
            guess[p] = open;
        }
        if (!same) {
            keep(m, division.guess(m, guess, bestCost));
        }
    }

    private void keep(Model m, long cost) {
        if (cost < bestCost) {
            bestCost = cost;
            System.arraycopy(division.units, 0, best, 0, m.options);
        }
    }

    /** The free package about which the steps before disagreed most: opened in some, not in others. */
    private int pick(Model m) {
        if (openCount >= most) {
            closeFree(m);
        }
        int picked = -1;
        int mostUndecided = -1;
        for (int p = 0; p < m.packages; p++) {
            if (state[p] == FREE) {
                int undecided = Math.min(popularity[p], evaluated - popularity[p]);
                if (undecided > mostUndecided) {
                    picked = p;
                    mostUndecided = undecided;
                }
            }
        }
        return picked;
    }

    private void closeFree(Model m) {
        for (int p = 0; p < m.packages; p++) {
            if (state[p] == FREE) {
                set(p, CLOSED);
            }
        }
    }

    private void decide(Model m, long lower) {
        long paid = 0;
        for (int p = 0; p < m.packages; p++) {
            guess[p] = state[p] == OPEN;
            paid += guess[p] ? m.packageCost[p] : 0;
        }
        keep(m, division.divide(m, guess, paid, bestCost));
        if (!division.complete()) {
            unexplored = Math.min(unexplored, lower);
        }
    }

    private void set(int p, byte to) {
        state[p] = to;
        trail[trailSize++] = p;
        if (to == OPEN) {
            openCount++;
        }
    }

    private void undo(int mark) {
        while (trailSize > mark) {
            int p = trail[--trailSize];
            if (state[p] == OPEN) {
                openCount--;
            }
            state[p] = FREE;
        }
    }
}
