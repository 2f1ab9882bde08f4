package dev.tutti.sourcing.search;

import static dev.tutti.sourcing.search.SourcingProblem.NONE;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Tiny random problems in which every feature turns up, alone and with the others; a seed gives one problem. */
final class RandomProblems {
    private RandomProblems() {}

    static SourcingProblem tiny(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        SourcingProblem.Builder b = SourcingProblem.builder();
        boolean capacities = random.nextInt(2) == 0;
        boolean splits = random.nextInt(3) != 0;
        boolean limitedStock = random.nextInt(4) != 0;
        boolean ties = random.nextInt(3) == 0;
        int groups = random.nextInt(3) == 0 ? 2 : 1;
        int nodes = 1 + random.nextInt(groups == 2 ? 2 : 4);
        int items = 1 + random.nextInt(3);
        int lines = 1 + random.nextInt(groups == 2 ? 3 : 4);
        int costs = ties ? 3 : 50;
        int[][] packages = new int[nodes][groups];
        int[][] stocks = new int[nodes][items];
        for (int n = 0; n < nodes; n++) {
            int capacity = capacities && random.nextInt(3) != 0 ? b.addCapacity(random.nextInt(7)) : NONE;
            for (int g = 0; g < groups; g++) {
                packages[n][g] = b.addPackage(random.nextInt(costs), capacity);
            }
            for (int i = 0; i < items; i++) {
                stocks[n][i] = limitedStock ? b.addStock(random.nextInt(6)) : NONE;
            }
        }
        for (int l = 0; l < lines; l++) {
            int item = random.nextInt(items);
            int group = random.nextInt(groups);
            boolean splittable = splits && random.nextInt(3) != 0;
            b.addLine(1 + random.nextInt(3), splittable, random.nextInt(3) == 0 ? random.nextInt(costs) : 200);
            for (int n = 0; n < nodes; n++) {
                if (random.nextInt(4) != 0) {
                    b.addOption(packages[n][group], stocks[n][item], random.nextInt(costs) - 3);
                }
                if (random.nextInt(12) == 0) {
                    b.addOption(packages[n][group], NONE, random.nextInt(costs));
                }
            }
        }
        if (random.nextInt(3) == 0) {
            b.maxPackages(random.nextInt(4));
        }
        return b.build();
    }

    /** Lines that stay whole, with stock for each: what the programme over subsets solves. */
    static SourcingProblem whole(int lines, int nodes, long seed) {
        return whole(lines, nodes, 0, seed);
    }

    /** @param mostPackages 0 for any number */
    static SourcingProblem whole(int lines, int nodes, int mostPackages, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        SourcingProblem.Builder b = SourcingProblem.builder();
        for (int n = 0; n < nodes; n++) {
            b.addPackage(500 + random.nextInt(500));
        }
        for (int l = 0; l < lines; l++) {
            b.addLine(1 + random.nextInt(5), false, 2_000);
            for (int n = 0; n < nodes; n++) {
                if (random.nextInt(3) == 0) {
                    b.addOption(n, NONE, random.nextInt(200));
                }
            }
        }
        if (mostPackages > 0) {
            b.maxPackages(mostPackages);
        }
        return b.build();
    }

    /** Small quantities that may be divided, at one node in eight, where there is often too little. */
    static SourcingProblem sparse(int lines, int nodes, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        SourcingProblem.Builder b = SourcingProblem.builder();
        for (int n = 0; n < nodes; n++) {
            // As what a store takes from its own shelf.
            b.addPackage(n == 0 && seed % 2 == 0 ? 0 : 500 + random.nextInt(500));
        }
        for (int l = 0; l < lines; l++) {
            b.addLine(1 + random.nextInt(2), true, 2_000);
            for (int n = 0; n < nodes; n++) {
                if (random.nextInt(8) == 0) {
                    b.addOption(n, b.addStock(1 + random.nextInt(3)), random.nextInt(200));
                }
            }
        }
        return b.build();
    }

    /** Quantities that mostly must be divided, and room that mostly is short. */
    static SourcingProblem split(int lines, int nodes, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        SourcingProblem.Builder b = SourcingProblem.builder();
        for (int n = 0; n < nodes; n++) {
            int room = random.nextInt(3) == 0 ? NONE : b.addCapacity(1 + random.nextInt(3 * lines));
            b.addPackage(300 + random.nextInt(700), room);
        }
        for (int l = 0; l < lines; l++) {
            b.addLine(1 + random.nextInt(12), random.nextInt(5) != 0, 3_000);
            for (int n = 0; n < nodes; n++) {
                if (random.nextInt(3) == 0) {
                    b.addOption(n, b.addStock(1 + random.nextInt(8)), random.nextInt(200));
                }
            }
        }
        return b.build();
    }

    /** The same problem with packages, lines and each line's options named in another order. */
    static SourcingProblem shuffle(SourcingProblem p, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        SourcingProblem.Builder b = SourcingProblem.builder();
        for (int c = 0; c < p.capacities(); c++) {
            b.addCapacity(p.capacity(c));
        }
        for (int s = 0; s < p.stocks(); s++) {
            b.addStock(p.stock(s));
        }
        int[] packageAs = new int[p.packages()];
        for (int i : order(p.packages(), random)) {
            packageAs[i] = b.addPackage(p.packageCost(i), p.packageCapacity(i));
        }
        for (int l : order(p.lines(), random)) {
            b.addLine(p.quantity(l), p.splittable(l), p.unfilledCost(l));
            int first = p.optionStart(l);
            for (int i : order(p.optionStart(l + 1) - first, random)) {
                int o = first + i;
                b.addOption(packageAs[p.optionPackage(o)], p.optionStock(o), p.optionUnitCost(o));
            }
        }
        return b.maxPackages(p.maxPackages()).build();
    }

    private static int[] order(int length, RandomGenerator random) {
        int[] order = new int[length];
        for (int i = 0; i < length; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
