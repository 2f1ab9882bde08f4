package dev.tutti.sourcing.search;

import java.util.Arrays;

/**
 * One order's sourcing question in numbers. Costs are millionths of a minor unit, quantities are whole units.
 *
 * <p>A <em>package</em> is a parcel that may be opened (a node, for one ship group); its cost is paid once, when at least
 * one unit is taken through it. A <em>capacity</em> is what a node may still handle; several packages may share one. A
 * <em>stock</em> is what is left of one item at one place; several lines may share one. A <em>line</em> is filled from
 * its <em>options</em>; what stays unfilled costs {@code unfilledCost} per unit. A line that is not splittable comes
 * whole from one option or stays unfilled whole.
 *
 * <p>Bounds, checked by {@link Builder#build()}: package costs are not negative; unit and unfilled costs may be;
 * {@code Σ packageCost + Σ quantity × max |cost|} is at most 2^57 (1.4 × 10^11 minor units), so that no sum overflows.
 * All options of one stock lie in packages of one capacity (a place belongs to one node): this is what makes the
 * division of units among open packages a network flow, which has whole-number solutions.
 */
public final class SourcingProblem {

    /** In place of a capacity or stock index: not limited. */
    public static final int NONE = -1;

    /** The largest sum of all costs a problem may have. */
    static final long COST_LIMIT = 1L << 57;

    final long[] packageCost;
    final int[] packageCapacity;
    final int[] capacity;
    final int[] stock;
    final int[] quantity;
    final boolean[] splittable;
    final long[] unfilledCost;
    final int[] optionStart;
    final int[] optionPackage;
    final int[] optionStock;
    final long[] optionUnitCost;
    final int maxPackages;

    private final int packages;
    private final int capacities;
    private final int stocks;
    private final int lines;
    private final int options;

    private SourcingProblem(Builder b) {
        packages = b.packages;
        capacities = b.capacities;
        stocks = b.stocks;
        lines = b.lines;
        options = b.options;
        packageCost = b.packageCost;
        packageCapacity = b.packageCapacity;
        capacity = b.capacity;
        stock = b.stock;
        quantity = b.quantity;
        splittable = b.splittable;
        unfilledCost = b.unfilledCost;
        optionStart = b.optionStart;
        optionPackage = b.optionPackage;
        optionStock = b.optionStock;
        optionUnitCost = b.optionUnitCost;
        maxPackages = b.maxPackages;
    }

    public static Builder builder() {
        return new Builder();
    }

    public int packages() {
        return packages;
    }

    public int lines() {
        return lines;
    }

    public int options() {
        return options;
    }

    public long packageCost(int pack) {
        return packageCost[pack];
    }

    /** The capacity the package draws on, or {@link #NONE}. */
    public int packageCapacity(int pack) {
        return packageCapacity[pack];
    }

    public int capacities() {
        return capacities;
    }

    public int capacity(int capacityIndex) {
        return capacity[capacityIndex];
    }

    public int stocks() {
        return stocks;
    }

    public int stock(int stockIndex) {
        return stock[stockIndex];
    }

    public int quantity(int line) {
        return quantity[line];
    }

    public boolean splittable(int line) {
        return splittable[line];
    }

    public long unfilledCost(int line) {
        return unfilledCost[line];
    }

    /** The first option of the line; its options end where those of line + 1 start. */
    public int optionStart(int line) {
        return optionStart[line];
    }

    public int optionPackage(int option) {
        return optionPackage[option];
    }

    /** The stock the option draws on, or {@link #NONE}. */
    public int optionStock(int option) {
        return optionStock[option];
    }

    public long optionUnitCost(int option) {
        return optionUnitCost[option];
    }

    public int maxPackages() {
        return maxPackages;
    }

    /**
     * Collects a problem; each {@code add} answers the index of what it added. Options belong to the last line added. One
     * builder may collect many problems, one after the other, in the same memory: each is good until the next is begun.
     */
    public static final class Builder {
        private long[] packageCost = new long[64];
        private int[] packageCapacity = new int[64];
        private int[] capacity = new int[16];
        private int[] stock = new int[64];
        private int[] quantity = new int[8];
        private boolean[] splittable = new boolean[8];
        private long[] unfilledCost = new long[8];
        private int[] optionStart = new int[8];
        private int[] optionPackage = new int[64];
        private int[] optionStock = new int[64];
        private long[] optionUnitCost = new long[64];
        private int packages;
        private int capacities;
        private int stocks;
        private int lines;
        private int options;
        private int maxPackages = Integer.MAX_VALUE;
        private int[] capacityOfStock = new int[64];
        private boolean built;

        private Builder() {}

        /** From now on it is another problem. */
        public Builder clear() {
            packages = 0;
            capacities = 0;
            stocks = 0;
            lines = 0;
            options = 0;
            maxPackages = Integer.MAX_VALUE;
            built = false;
            return this;
        }

        public int addCapacity(int units) {
            requireOpen();
            require(units >= 0, "capacity must not be negative");
            if (capacities == capacity.length) {
                capacity = Arrays.copyOf(capacity, 2 * capacities);
            }
            capacity[capacities] = units;
            return capacities++;
        }

        public int addPackage(long cost) {
            return addPackage(cost, NONE);
        }

        public int addPackage(long cost, int capacityIndex) {
            requireOpen();
            require(cost >= 0, "package cost must not be negative");
            require(capacityIndex >= NONE && capacityIndex < capacities, "no such capacity");
            if (packages == packageCost.length) {
                packageCost = Arrays.copyOf(packageCost, 2 * packages);
                packageCapacity = Arrays.copyOf(packageCapacity, 2 * packages);
            }
            packageCost[packages] = cost;
            packageCapacity[packages] = capacityIndex;
            return packages++;
        }

        public int addStock(int units) {
            requireOpen();
            require(units >= 0, "stock must not be negative");
            if (stocks == stock.length) {
                stock = Arrays.copyOf(stock, 2 * stocks);
            }
            stock[stocks] = units;
            return stocks++;
        }

        public int addLine(int units, boolean maySplit, long unfilledCostPerUnit) {
            requireOpen();
            require(units >= 1, "quantity must be at least 1");
            if (lines == quantity.length) {
                quantity = Arrays.copyOf(quantity, 2 * lines);
                splittable = Arrays.copyOf(splittable, 2 * lines);
                unfilledCost = Arrays.copyOf(unfilledCost, 2 * lines);
                optionStart = Arrays.copyOf(optionStart, 2 * lines);
            }
            quantity[lines] = units;
            splittable[lines] = maySplit;
            unfilledCost[lines] = unfilledCostPerUnit;
            optionStart[lines] = options;
            return lines++;
        }

        public int addOption(int pack, int stockIndex, long unitCost) {
            requireOpen();
            require(lines > 0, "an option needs a line");
            require(pack >= 0 && pack < packages, "no such package");
            require(stockIndex >= NONE && stockIndex < stocks, "no such stock");
            if (options == optionPackage.length) {
                optionPackage = Arrays.copyOf(optionPackage, 2 * options);
                optionStock = Arrays.copyOf(optionStock, 2 * options);
                optionUnitCost = Arrays.copyOf(optionUnitCost, 2 * options);
            }
            optionPackage[options] = pack;
            optionStock[options] = stockIndex;
            optionUnitCost[options] = unitCost;
            return options++;
        }

        public Builder maxPackages(int limit) {
            require(limit >= 0, "maxPackages must not be negative");
            maxPackages = limit;
            return this;
        }

        public SourcingProblem build() {
            if (lines == optionStart.length) {
                optionStart = Arrays.copyOf(optionStart, lines + 1);
            }
            optionStart[lines] = options;
            built = true;
            SourcingProblem problem = new SourcingProblem(this);
            requireOneCapacityPerStock(problem);
            requireBoundedCosts(problem);
            return problem;
        }

        private void requireOpen() {
            require(!built, "a problem was built of it; clear it first");
        }

        private void requireOneCapacityPerStock(SourcingProblem p) {
            int unseen = -2;
            if (capacityOfStock.length < p.stocks()) {
                capacityOfStock = new int[stock.length];
            }
            int[] seen = capacityOfStock;
            Arrays.fill(seen, 0, p.stocks(), unseen);
            for (int o = 0; o < p.options(); o++) {
                int s = p.optionStock[o];
                if (s != NONE) {
                    int c = p.packageCapacity[p.optionPackage[o]];
                    require(seen[s] == unseen || seen[s] == c, "the packages of one stock must share one capacity");
                    seen[s] = c;
                }
            }
        }

        private static void requireBoundedCosts(SourcingProblem p) {
            try {
                long sum = 0;
                for (int i = 0; i < p.packages(); i++) {
                    sum = Math.addExact(sum, p.packageCost[i]);
                }
                for (int l = 0; l < p.lines(); l++) {
                    long worst = Math.absExact(p.unfilledCost[l]);
                    for (int o = p.optionStart[l]; o < p.optionStart[l + 1]; o++) {
                        worst = Math.max(worst, Math.absExact(p.optionUnitCost[o]));
                    }
                    sum = Math.addExact(sum, Math.multiplyExact(worst, (long) p.quantity[l]));
                }
                require(sum <= COST_LIMIT, "costs exceed 2^57 in sum");
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("costs exceed 2^57 in sum", e);
            }
        }

        private static void require(boolean condition, String message) {
            if (!condition) {
                throw new IllegalArgumentException(message);
            }
        }
    }
}
