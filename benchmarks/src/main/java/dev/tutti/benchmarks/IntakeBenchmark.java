package dev.tutti.benchmarks;

final class IntakeBenchmark {
    private IntakeBenchmark() {}

    static void run(Options options) {
        throw new IllegalStateException("not written yet");
    }
}
