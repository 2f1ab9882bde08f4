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
}
