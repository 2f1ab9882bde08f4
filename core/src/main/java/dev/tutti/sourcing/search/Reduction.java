package dev.tutti.sourcing.search;

import static dev.tutti.sourcing.search.SourcingProblem.NONE;

import java.util.Arrays;

/**
 * Turns a problem into the smallest {@link Model} with the same best plans.
 *
 * <p>Gone are: options that cost no less than leaving the unit unfilled, options that cannot give a unit (or cannot give
 * a whole line that must stay whole), lines and packages without options. A stock or capacity that all its lines
 * together cannot exhaust limits nothing; one that a single option draws on is that option's own upper bound. Only
 * limits that several options really share remain.
 */
final class Reduction {
    /** Scaled costs, and what the bounds add up from them, stay below this. */
    private static final long SCALED_LIMIT = 1L << 59;

    private int[] packageIndex = new int[0];
    private int[] stockIndex = new int[0];
    private int[] capacityIndex = new int[0];
    private long[] demand = new long[0];
    private int[] users = new int[0];
    private int[] lastLine = new int[0];
    private long[] capacityDemand = new long[0];
    private int[] capacityUsers = new int[0];
    private int[] capacityLastLine = new int[0];
    private long[] lineOnCapacity = new long[0];

    void apply(SourcingProblem p, Model m) {
        ensure(p);
        keepUsefulOptions(p, m);
        measureDemand(p, m);
        nameLimits(p, m);
        namePackages(p, m);
        boundOptions(p, m);
        scaleCosts(m);
        m.linkPackages();
    }

    private void ensure(SourcingProblem p) {
        if (packageIndex.length < p.packages()) {
            packageIndex = new int[p.packages()];
        }
        if (stockIndex.length < p.stocks()) {
            stockIndex = new int[p.stocks()];
            demand = new long[p.stocks()];
            users = new int[p.stocks()];
            lastLine = new int[p.stocks()];
        }
        if (capacityIndex.length < p.capacities()) {
            capacityIndex = new int[p.capacities()];
            capacityDemand = new long[p.capacities()];
            capacityUsers = new int[p.capacities()];
            capacityLastLine = new int[p.capacities()];
            lineOnCapacity = new long[p.capacities()];
        }
    }

    /** Options keep the problem's indices of packages and stocks here; {@link #boundOptions} renames them. */
    private void keepUsefulOptions(SourcingProblem p, Model m) {
        m.ensureLines(p.lines());
        m.ensureOptions(p.options());
        m.lines = 0;
        m.options = 0;
        for (int l = 0; l < p.lines(); l++) {
            int from = m.options;
            int quantity = p.quantity[l];
            boolean whole = !p.splittable[l] || quantity == 1;
            for (int o = p.optionStart[l]; o < p.optionStart[l + 1]; o++) {
                int units = Math.min(quantity, limit(p, o));
                if (units > 0 && (units == quantity || !whole) && p.optionUnitCost[o] < p.unfilledCost[l]) {
                    int k = m.options++;
                    m.optionId[k] = o;
                    m.optionLine[k] = m.lines;
                    m.optionPackage[k] = p.optionPackage[o];
                    m.optionStock[k] = p.optionStock[o];
                    m.optionUnits[k] = units;
                    m.optionCost[k] = p.optionUnitCost[o];
                }
            }
            if (m.options > from) {
                m.quantity[m.lines] = quantity;
                m.divided[m.lines] = false;
                m.atomic[m.lines] = whole;
                m.unfilled[m.lines] = p.unfilledCost[l];
                m.optionStart[m.lines++] = from;
            }
        }
        m.optionStart[m.lines] = m.options;
    }

    private static int limit(SourcingProblem p, int option) {
        int s = p.optionStock[option];
        int c = p.packageCapacity[p.optionPackage[option]];
        int byStock = s == NONE ? Integer.MAX_VALUE : p.stock[s];
        return c == NONE ? byStock : Math.min(byStock, p.capacity[c]);
    }

    /** How many units the lines could ask of each stock and capacity, and how many options draw on it. */
    private void measureDemand(SourcingProblem p, Model m) {
        Arrays.fill(demand, 0, p.stocks(), 0);
        Arrays.fill(users, 0, p.stocks(), 0);
        Arrays.fill(lastLine, 0, p.stocks(), NONE);
        Arrays.fill(capacityDemand, 0, p.capacities(), 0);
        Arrays.fill(capacityUsers, 0, p.capacities(), 0);
        Arrays.fill(capacityLastLine, 0, p.capacities(), NONE);
        for (int o = 0; o < m.options; o++) {
            int l = m.optionLine[o];
            int s = m.optionStock[o];
            if (s != NONE) {
                users[s]++;
                if (lastLine[s] != l) {
                    lastLine[s] = l;
                    demand[s] += m.quantity[l];
                }
            }
            int c = p.packageCapacity[m.optionPackage[o]];
            if (c != NONE) {
                capacityUsers[c]++;
                if (capacityLastLine[c] != l) {
                    capacityLastLine[c] = l;
                    lineOnCapacity[c] = 0;
                }
                long more = Math.min(m.optionUnits[o], m.quantity[l] - lineOnCapacity[c]);
                lineOnCapacity[c] += more;
                capacityDemand[c] += more;
            }
        }
    }

    private void nameLimits(SourcingProblem p, Model m) {
        m.ensureLimits(p.stocks(), p.capacities());
        m.capacities = 0;
        for (int c = 0; c < p.capacities(); c++) {
            capacityIndex[c] = NONE;
            if (capacityUsers[c] > 1 && capacityDemand[c] > p.capacity[c]) {
                m.capacityUnits[m.capacities] = p.capacity[c];
                capacityIndex[c] = m.capacities++;
            }
        }
        m.stocks = 0;
        for (int s = 0; s < p.stocks(); s++) {
            stockIndex[s] = NONE;
            if (users[s] > 1 && demand[s] > p.stock[s]) {
                m.stockUnits[m.stocks] = p.stock[s];
                m.stockCapacity[m.stocks] = NONE;
                stockIndex[s] = m.stocks++;
            }
        }
    }

    private void namePackages(SourcingProblem p, Model m) {
        m.ensurePackages(p.packages());
        Arrays.fill(packageIndex, 0, p.packages(), NONE);
        for (int o = 0; o < m.options; o++) {
            packageIndex[m.optionPackage[o]] = 0;
        }
        m.packages = 0;
        for (int i = 0; i < p.packages(); i++) {
            if (packageIndex[i] != NONE) {
                int c = p.packageCapacity[i];
                m.packageCost[m.packages] = p.packageCost[i];
                m.packageCapacity[m.packages] = c == NONE ? NONE : capacityIndex[c];
                m.packageLimited[m.packages] = m.packageCapacity[m.packages] != NONE;
                packageIndex[i] = m.packages++;
            }
        }
    }

    /** Renames packages and stocks, and finds the lines that no longer need dividing: each option could take them whole. */
    private void boundOptions(SourcingProblem p, Model m) {
        boolean anyDivided = false;
        for (int l = 0; l < m.lines; l++) {
            boolean covered = true;
            for (int o = m.optionStart[l]; o < m.optionStart[l + 1]; o++) {
                int pack = packageIndex[m.optionPackage[o]];
                int stock = m.optionStock[o] == NONE ? NONE : stockIndex[m.optionStock[o]];
                m.optionPackage[o] = pack;
                m.optionStock[o] = stock;
                if (stock != NONE) {
                    m.stockCapacity[stock] = m.packageCapacity[pack];
                    m.packageLimited[pack] = true;
                }
                covered &= m.optionUnits[o] == m.quantity[l] && stock == NONE && m.packageCapacity[pack] == NONE;
            }
            m.atomic[l] |= covered;
            anyDivided |= !m.atomic[l];
        }
        m.whole = !anyDivided && m.stocks == 0 && m.capacities == 0;
        m.maxPackages = Math.min(p.maxPackages, m.packages);
    }

    private void scaleCosts(Model m) {
        long sum = 0;
        long mostPackages = 0;
        for (int l = 0; l < m.lines; l++) {
            long least = Long.MAX_VALUE;
            for (int o = m.optionStart[l]; o < m.optionStart[l + 1]; o++) {
                least = Math.min(least, m.optionCost[o]);
            }
            for (int o = m.optionStart[l]; o < m.optionStart[l + 1]; o++) {
                m.optionCost[o] -= least;
            }
            m.unfilled[l] -= least;
            sum += m.unfilled[l] * m.quantity[l];
            mostPackages += m.atomic[l] ? 1 : Math.min(m.quantity[l], m.optionStart[l + 1] - m.optionStart[l]);
        }
        for (int i = 0; i < m.packages; i++) {
            sum += m.packageCost[i];
        }
        long factor = Math.min(mostPackages, m.maxPackages) + 1;
        boolean tiesFit = sum < SCALED_LIMIT / factor - m.packages;
        m.tieFactor = tiesFit ? factor : 1;
        long tie = tiesFit ? 1 : 0;
        long scaled = sum * m.tieFactor + m.packages;
        m.precision = Math.min(10, Long.numberOfLeadingZeros(scaled) - Long.numberOfLeadingZeros(SCALED_LIMIT));
        m.precision = Math.max(0, m.precision);
        m.grain = 1L << m.precision;
        long scale = m.tieFactor << m.precision;
        for (int o = 0; o < m.options; o++) {
            m.optionCost[o] *= scale;
        }
        for (int l = 0; l < m.lines; l++) {
            m.unfilled[l] *= scale;
        }
        for (int i = 0; i < m.packages; i++) {
            m.packageCost[i] = m.packageCost[i] * scale + (tie << m.precision);
        }
    }
}
