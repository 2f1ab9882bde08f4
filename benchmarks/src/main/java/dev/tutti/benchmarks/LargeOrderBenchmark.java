package dev.tutti.benchmarks;

final class LargeOrderBenchmark {
    private LargeOrderBenchmark() {}

    static void run(Options options) {
        throw new IllegalStateException("not written yet");
    }
}
