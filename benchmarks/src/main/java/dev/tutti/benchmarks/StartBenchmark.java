package dev.tutti.benchmarks;

final class StartBenchmark {
    private StartBenchmark() {}

    static void run(Options options) {
        throw new IllegalStateException("not written yet");
    }
}
