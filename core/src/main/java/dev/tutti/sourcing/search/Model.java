package dev.tutti.sourcing.search;

import static dev.tutti.sourcing.search.SourcingProblem.NONE;

import java.util.Arrays;

/**
 * A problem after reduction: what cannot be part of a best plan is gone, limits that cannot bind are gone, and costs are
 * shifted so that each line's cheapest way costs nothing. Arrays grow and are used again for the next problem.
 *
 * <p>Costs here are {@code (cost × tieFactor + packages opened) << precision}. With {@code tieFactor} above the largest
 * number of packages any plan can open, plans of equal cost differ by their packages and nothing else changes; the shift
 * gives the bounds room to work in whole numbers. All plans differ by at least {@code grain}.
 */
final class Model {
    int lines;
    int options;
    int packages;
    int stocks;
    int capacities;
    int maxPackages;

    /** True when every line goes whole to one option whatever packages are open: nothing is divided, no limit binds. */
    boolean whole;

    long tieFactor;
    int precision;
    long grain;

    int[] quantity = new int[0];
    boolean[] atomic = new boolean[0];

    /** Whether the line is a unit of a line that was taken apart, and which line is the first of those units. */
    boolean[] divided = new boolean[0];

    int[] firstUnit = new int[0];
    long[] unfilled = new long[0];
    int[] optionStart = new int[1];

    int[] optionId = new int[0];
    int[] optionLine = new int[0];
    int[] optionPackage = new int[0];
    int[] optionStock = new int[0];
    int[] optionUnits = new int[0];
    long[] optionCost = new long[0];

    long[] packageCost = new long[0];
    int[] packageCapacity = new int[0];
    boolean[] packageLimited = new boolean[0];
    int[] packageStart = new int[1];
    int[] packageOptions = new int[0];

    int[] stockUnits = new int[0];
    int[] stockCapacity = new int[0];
    int[] capacityUnits = new int[0];

    /** Options by stock; options without a stock by capacity; stocks by capacity: see {@link #linkLimits}. */
    int[] stockStart = new int[1];

    int[] stockOptions = new int[0];
    int[] directStart = new int[1];
    int[] directOptions = new int[0];
    int[] capacityStart = new int[1];
    int[] capacityStocks = new int[0];

    void ensureLines(int n) {
        if (quantity.length < n) {
            quantity = new int[n];
            atomic = new boolean[n];
            divided = new boolean[n];
            firstUnit = new int[n];
            unfilled = new long[n];
            optionStart = new int[n + 1];
        }
    }

    void ensureOptions(int n) {
        if (optionId.length < n) {
            optionId = new int[n];
            optionLine = new int[n];
            optionPackage = new int[n];
            optionStock = new int[n];
            optionUnits = new int[n];
            optionCost = new long[n];
            packageOptions = new int[n];
        }
    }

    void ensurePackages(int n) {
        if (packageCost.length < n) {
            packageCost = new long[n];
            packageCapacity = new int[n];
            packageLimited = new boolean[n];
            packageStart = new int[n + 1];
        }
    }

    void ensureLimits(int stockCount, int capacityCount) {
        if (stockUnits.length < stockCount) {
            stockUnits = new int[stockCount];
            stockCapacity = new int[stockCount];
        }
        if (capacityUnits.length < capacityCount) {
            capacityUnits = new int[capacityCount];
        }
    }

    /** Lists each package's options, in option order. */
    void linkPackages() {
        Arrays.fill(packageStart, 0, packages + 1, 0);
        for (int o = 0; o < options; o++) {
            packageStart[optionPackage[o] + 1]++;
        }
        cumulate(packageStart, packages);
        for (int o = 0; o < options; o++) {
            packageOptions[packageStart[optionPackage[o]]++] = o;
        }
        unshift(packageStart, packages);
    }

    /** Lists what draws on each stock and capacity; only the network flow asks for it. */
    void linkLimits() {
        ensureLinks();
        for (int o = 0; o < options; o++) {
            if (optionStock[o] != NONE) {
                stockStart[optionStock[o] + 1]++;
            } else if (packageCapacity[optionPackage[o]] != NONE) {
                directStart[packageCapacity[optionPackage[o]] + 1]++;
            }
        }
        for (int s = 0; s < stocks; s++) {
            if (stockCapacity[s] != NONE) {
                capacityStart[stockCapacity[s] + 1]++;
            }
        }
        cumulate(stockStart, stocks);
        cumulate(directStart, capacities);
        cumulate(capacityStart, capacities);
        for (int o = 0; o < options; o++) {
            if (optionStock[o] != NONE) {
                stockOptions[stockStart[optionStock[o]]++] = o;
            } else if (packageCapacity[optionPackage[o]] != NONE) {
                directOptions[directStart[packageCapacity[optionPackage[o]]]++] = o;
            }
        }
        for (int s = 0; s < stocks; s++) {
            if (stockCapacity[s] != NONE) {
                capacityStocks[capacityStart[stockCapacity[s]]++] = s;
            }
        }
        unshift(stockStart, stocks);
        unshift(directStart, capacities);
        unshift(capacityStart, capacities);
    }

    private void ensureLinks() {
        if (stockStart.length < stocks + 1) {
            stockStart = new int[stocks + 1];
            capacityStocks = new int[stocks];
        }
        if (capacityStart.length < capacities + 1) {
            directStart = new int[capacities + 1];
            capacityStart = new int[capacities + 1];
        }
        if (stockOptions.length < options) {
            stockOptions = new int[options];
            directOptions = new int[options];
        }
        Arrays.fill(stockStart, 0, stocks + 1, 0);
        Arrays.fill(directStart, 0, capacities + 1, 0);
        Arrays.fill(capacityStart, 0, capacities + 1, 0);
    }

    private static void cumulate(int[] start, int groups) {
        for (int i = 0; i < groups; i++) {
            start[i + 1] += start[i];
        }
    }

    /** Filling a group moves its start to its end, which is the next group's start. */
    private static void unshift(int[] start, int groups) {
        System.arraycopy(start, 0, start, 1, groups);
        start[0] = 0;
    }

    /** Orders each line's options by cost; equal costs keep the order in which the problem names them. */
    void sortOptionsByCost() {
        for (int l = 0; l < lines; l++) {
            int from = optionStart[l];
            int to = optionStart[l + 1];
            for (int gap = firstGap(to - from); gap > 0; gap = gap == 1 ? 0 : Math.max(1, gap * 5 / 11)) {
                for (int i = from + gap; i < to; i++) {
                    int j = i;
                    while (j - gap >= from && comesBefore(j, j - gap)) {
                        swap(j, j - gap);
                        j -= gap;
                    }
                }
            }
        }
    }

    private static int firstGap(int length) {
        return length < 12 ? 1 : length * 5 / 11;
    }

    private boolean comesBefore(int a, int b) {
        return optionCost[a] < optionCost[b] || (optionCost[a] == optionCost[b] && optionId[a] < optionId[b]);
    }

    private void swap(int a, int b) {
        int id = optionId[a];
        optionId[a] = optionId[b];
        optionId[b] = id;
        int pack = optionPackage[a];
        optionPackage[a] = optionPackage[b];
        optionPackage[b] = pack;
        int stock = optionStock[a];
        optionStock[a] = optionStock[b];
        optionStock[b] = stock;
        int units = optionUnits[a];
        optionUnits[a] = optionUnits[b];
        optionUnits[b] = units;
        long cost = optionCost[a];
        optionCost[a] = optionCost[b];
        optionCost[b] = cost;
    }
}
