package dev.tutti.benchmarks;

final class ScaleBenchmark {
    private ScaleBenchmark() {}

    static void run(Options options) {
        throw new IllegalStateException("not written yet");
    }
}
