package dev.tutti.benchmarks;

final class HotSkuBenchmark {
    private HotSkuBenchmark() {}

    static void run(Options options) {
        throw new IllegalStateException("not written yet");
    }
}
