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

    private static final int ROOT_STEPS = 150;
    private static final int BRANCH_STEPS = 12;
    private static final int HEURISTIC_TRIES = 20;

    private final Effort effort = new Effort();
    private final PackageBound bound = new PackageBound(effort);
    private final Division division = new Division(effort);

    private byte[] state = new byte[0];
    private int[] trail = new int[0];
    private int trailSize;
    private int openCount;
    private boolean[] guess = new boolean[0];
    private int[] popularity = new int[0];
    private long[][] prices = new long[0][];
    private long[] moving = new long[0];

    private int[] best = new int[0];
    private long bestCost;
    private long unexplored;

    /** Writes the best plan found into taken; true when it is proven best. */
    boolean solve(Model m, long limit, int[] taken) {
        effort.start(limit);
        m.sortOptionsByCost();
        m.linkPackages();
        m.linkLimits();
        prepare(m);
        bound.price(m, pricesAt(0, m));
        branch(m, 0, ROOT_STEPS, 0);
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
        trailSize = 0;
        openCount = 0;
        unexplored = Long.MAX_VALUE;
        bestCost = 0;
        for (int l = 0; l < m.lines; l++) {
            bestCost += m.unfilled[l] * m.quantity[l];
        }
        Arrays.fill(best, 0, m.options, 0);
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
        if (lower > bestCost - m.grain) {
            undo(mark);
            return;
        }
        int p = pick(m);
        if (p < 0) {
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

    /** Raises the bound step by step, leaving the best prices in own; plans found on the way lower the best cost. */
    private long improve(Model m, long[] own, int steps) {
        System.arraycopy(own, 0, moving, 0, m.lines);
        Arrays.fill(popularity, 0, m.packages, 0);
        long lower = Long.MIN_VALUE;
        int shift = 0;
        int stale = 0;
        for (int i = 0; i < steps; i++) {
            long value = bound.evaluate(m, state, m.maxPackages - openCount, moving);
            guess(m);
            if (value > lower) {
                lower = value;
                stale = 0;
                System.arraycopy(moving, 0, own, 0, m.lines);
            } else if (++stale > 4) {
                stale = 0;
                shift++;
            }
            if (lower > bestCost - m.grain || shift > 8 || effort.spent()) {
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
        long most = bestCost - m.grain;
        for (int p = 0; p < m.packages; p++) {
            if (state[p] == FREE) {
                long reduced = bound.reduced[p];
                if (bound.chosen[p]) {
                    if (value - reduced + bound.bestLeftOut > most) {
                        set(p, OPEN);
                    }
                } else if (openCount >= m.maxPackages || value + reduced - bound.worstChosen > most) {
                    set(p, CLOSED);
                }
            }
        }
    }

    private void guess(Model m) {
        for (int p = 0; p < m.packages; p++) {
            guess[p] = state[p] == OPEN || bound.chosen[p];
            if (bound.chosen[p]) {
                popularity[p]++;
            }
        }
        keep(m, division.divide(m, guess, 0, bestCost, HEURISTIC_TRIES));
    }

    private void keep(Model m, long cost) {
        if (cost < bestCost) {
            bestCost = cost;
            System.arraycopy(division.units, 0, best, 0, m.options);
        }
    }

    private int pick(Model m) {
        if (openCount >= m.maxPackages) {
            closeFree(m);
        }
        int picked = -1;
        for (int p = 0; p < m.packages; p++) {
            if (state[p] == FREE && (picked < 0 || popularity[p] > popularity[picked])) {
                picked = p;
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
        keep(m, division.divide(m, guess, paid, bestCost, Integer.MAX_VALUE));
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
