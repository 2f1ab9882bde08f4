package dev.tutti.sourcing.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Whole lines without shared limits: the best way to divide the lines into groups, each group in one package.
 *
 * <p>A plan is a partition of the filled lines, so the classic programme over subsets applies: {@code best[S]} is the
 * cheapest of leaving the lowest line of S unfilled, or giving it a package together with some of the others,
 * {@code group[T] + best[S without T]}. {@code group[T]} is the least package cost plus unit costs over all packages
 * that offer all of T. Fixing the lowest line halves the work; with n lines it is at most about 3^(n-1) steps after the
 * groups, and far fewer where few packages offer many lines.
 * A limit on packages that would be broken adds a dimension: best with at most k packages.
 *
 * <p>Units of a line that was taken apart ({@link UnitByUnit}) are lines like any other; no group has more of them from a
 * package than that has. Two groups may still take too many together, since each pays for the package: that is cheaper than
 * anything that is allowed only where nearly nothing is, and whoever asks looks whether the plan keeps the limits. A package
 * may cost nothing, though. Units of a line are alike, so whatever the cheapest package gives may be the first of them: it is
 * not asked for others, and two groups cannot take too many of it. (Where two packages cost nothing they still may, of the
 * other one.)
 *
 * <p>Equal costs: plans with fewer packages come first (they are cheaper in the {@link Model}), then leaving a line
 * unfilled, then the larger group in subset order, and for a group the package named first.
 */
final class PartitionProgramme {
    static final int MAX_LINES = 14;

    /** So many lines it divides quickly enough whatever packages offer. */
    private static final int FEW_LINES = 12;
    /** More lines than that, as long as packages have no more groups than this: then it is quicker than a search. */
    private static final int MOST_GROUPS = 100_000;

    private static final long IMPOSSIBLE = Long.MAX_VALUE / 4;

    private long[] group = new long[0];
    /** The package that gives a group for what it costs. */
    private int[] packageOf = new int[0];

    private long[] sums = new long[0];
    private int[] masks = new int[0];
    private long[] best = new long[0];
    private int[] choice = new int[0];
    private final long[] unfilled = new long[MAX_LINES];
    private final long[] leastCost = new long[MAX_LINES];
    private final int[] leastOption = new int[MAX_LINES];
    /** The lines that are units of the same line, as a set; for most lines none. */
    private final int[] siblings = new int[MAX_LINES];
    /** The package that costs least; it gives the first units of a line that was taken apart, and no others. */
    private int cheapest;

    /** Whether it is the way to go: few lines, or a few more of which packages do not offer most. */
    static boolean suits(Model m) {
        if (m.lines <= FEW_LINES || m.lines > MAX_LINES) {
            return m.lines <= FEW_LINES;
        }
        int groups = 0;
        for (int p = 0; p < m.packages && groups <= MOST_GROUPS; p++) {
            groups += 1 << Math.min(m.packageStart[p + 1] - m.packageStart[p], MAX_LINES);
        }
        return groups <= MOST_GROUPS;
    }

    /** Writes the units of a best plan into {@code taken}, by the options' indices in the problem. */
    void solve(Model m, int[] taken) {
        int subsets = 1 << m.lines;
        Arrays.fill(siblings, 0);
        for (int l = 0; l < m.lines; l++) {
            unfilled[l] = m.unfilled[l] * m.quantity[l];
            for (int other = 0; m.divided[l] && other < m.lines; other++) {
                siblings[l] |= m.divided[other] && m.firstUnit[other] == m.firstUnit[l] ? 1 << other : 0;
            }
        }
        cheapest = 0;
        for (int p = 1; p < m.packages; p++) {
            cheapest = m.packageCost[p] < m.packageCost[cheapest] ? p : cheapest;
        }
        costGroups(m, subsets);
        ensureLayers(subsets);
        fillLayer(subsets, 0, 0);
        int groups = readPlan(m, subsets, 0, 0, null);
        if (groups <= m.maxPackages) {
            readPlan(m, subsets, 0, 0, taken);
        } else {
            ensureLayers(subsets * (m.maxPackages + 1));
            fillWithoutPackages(subsets);
            for (int k = 1; k <= m.maxPackages; k++) {
                fillLayer(subsets, k * subsets, (k - 1) * subsets);
            }
            readPlan(m, subsets, m.maxPackages * subsets, subsets, taken);
        }
    }

    private void costGroups(Model m, int subsets) {
        if (group.length < subsets) {
            group = new long[subsets];
            packageOf = new int[subsets];
            sums = new long[subsets];
            masks = new int[subsets];
        }
        Arrays.fill(group, 0, subsets, IMPOSSIBLE);
        masks[0] = 0;
        for (int p = 0; p < m.packages; p++) {
            sums[0] = m.packageCost[p];
            int size = 1;
            for (int left = offer(m, p); left != 0; left &= left - 1) {
                int line = Integer.numberOfTrailingZeros(left);
                long cost = leastCost[line] * m.quantity[line];
                int units = m.optionUnits[leastOption[line]];
                boolean limited = Integer.bitCount(siblings[line]) > units;
                int more = size;
                for (int j = 0; j < size; j++) {
                    if (limited && Integer.bitCount(masks[j] & siblings[line]) >= units) {
                        continue;
                    }
                    long sum = sums[j] + cost;
                    int mask = masks[j] | 1 << line;
                    sums[more] = sum;
                    masks[more++] = mask;
                    if (sum < group[mask]) {
                        group[mask] = sum;
                        packageOf[mask] = p;
                    }
                }
                size = more;
            }
        }
    }

    /** The lines this package offers, as a set, with the cheapest option of each noted. */
    private int offer(Model m, int p) {
        int offered = 0;
        for (int i = m.packageStart[p]; i < m.packageStart[p + 1]; i++) {
            int o = m.packageOptions[i];
            int line = m.optionLine[o];
            if (p == cheapest && Integer.bitCount(siblings[line] & ((1 << line) - 1)) >= m.optionUnits[o]) {
                continue;
            }
            if ((offered & 1 << line) == 0 || m.optionCost[o] < leastCost[line]) {
                offered |= 1 << line;
                leastCost[line] = m.optionCost[o];
                leastOption[line] = o;
            }
        }
        return offered;
    }

    private void ensureLayers(int length) {
        if (best.length < length) {
            best = new long[length];
            choice = new int[length];
        }
    }

    private void fillWithoutPackages(int subsets) {
        best[0] = 0;
        for (int s = 1; s < subsets; s++) {
            best[s] = best[s & (s - 1)] + unfilled[Integer.numberOfTrailingZeros(s)];
            choice[s] = 0;
        }
    }

    /** The first line leaves with the first group, so of the sets that hold it only the whole one is ever asked for. */
    private void fillLayer(int subsets, int layer, int before) {
        best[layer] = 0;
        for (int low = subsets >> 1; low > 1; low >>= 1) {
            fillSetsFrom(low, subsets, layer, before);
        }
        fillWhole(subsets, layer, before);
    }

    /**
     * The sets whose lowest line it is, once those of higher lines are known. Each group is put together with all that it
     * leaves: most groups are in no package, and cost nothing here.
     */
    private void fillSetsFrom(int low, int subsets, int layer, int before) {
        int step = low << 1;
        long without = unfilled[Integer.numberOfTrailingZeros(low)];
        for (int higher = 0; higher < subsets; higher += step) {
            best[layer + (higher | low)] = best[layer + higher] + without;
            choice[layer + (higher | low)] = 0;
        }
        for (int t = subsets - low; t > 0; t -= step) {
            if (group[t] < IMPOSSIBLE) {
                addGroup(t, (subsets - step) & ~t, layer, before);
            }
        }
    }

    private void addGroup(int t, int others, int layer, int before) {
        long cost = group[t];
        int left = others;
        while (true) {
            int s = layer + (t | left);
            long sum = cost + best[before + left];
            if (sum < best[s]) {
                best[s] = sum;
                choice[s] = t;
            }
            if (left == 0) {
                return;
            }
            left = (left - 1) & others;
        }
    }

    private void fillWhole(int subsets, int layer, int before) {
        int whole = layer + subsets - 1;
        best[whole] = best[whole - 1] + unfilled[0];
        choice[whole] = 0;
        for (int t = subsets - 1; t > 0; t -= 2) {
            long sum = group[t] + best[before + ((subsets - 1) ^ t)];
            if (sum < best[whole]) {
                best[whole] = sum;
                choice[whole] = t;
            }
        }
    }

    /** Follows the choices; answers how many groups there are, and takes their units unless {@code taken} is null. */
    private int readPlan(Model m, int subsets, int top, int step, int @Nullable [] taken) {
        int groups = 0;
        int layer = top;
        int s = subsets - 1;
        while (s != 0) {
            int t = choice[layer + s];
            if (t == 0) {
                s &= s - 1;
            } else {
                if (taken != null) {
                    takeGroup(m, t, taken);
                }
                s ^= t;
                layer -= step;
                groups++;
            }
        }
        return groups;
    }

    private void takeGroup(Model m, int t, int[] taken) {
        if ((offer(m, packageOf[t]) & t) != t) {
            throw new IllegalStateException("the package of a group does not offer it");
        }
        for (int left = t; left != 0; left &= left - 1) {
            int line = Integer.numberOfTrailingZeros(left);
            taken[m.optionId[leastOption[line]]] += m.quantity[line];
        }
    }
}
