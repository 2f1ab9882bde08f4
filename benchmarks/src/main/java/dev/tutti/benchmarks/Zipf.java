package dev.tutti.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Numbers 0..n−1, the k-th with a weight of 1/(k+1)^s. */
final class Zipf {
    private final double[] upTo;

    Zipf(int n, double s) {
        upTo = new double[n];
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += 1 / Math.pow(k + 1, s);
            upTo[k] = sum;
        }
    }

    int next(SplittableRandom random) {
        int at = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
        return Math.min(upTo.length - 1, at < 0 ? ~at : at);
    }
}
