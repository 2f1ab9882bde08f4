package dev.tutti.benchmarks;

import java.util.Arrays;

/** Of several runs, the one in the middle. */
final class Median {
    private Median() {}

    static double of(double[] runs) {
        double[] sorted = runs.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
