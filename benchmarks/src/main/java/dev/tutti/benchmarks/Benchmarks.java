package dev.tutti.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code ./tutti bench NAME [--quick] [--option value …]}. */
public final class Benchmarks {
    /** One benchmark. */
    interface Benchmark {
        void run(Options options) throws Exception;
    }

    private static final Map<String, Benchmark> ALL = new TreeMap<>(Map.of(
            "limit", LimitBenchmark::run,
            "intake", IntakeBenchmark::run,
            "hot-sku", HotSkuBenchmark::run,
            "large-order", LargeOrderBenchmark::run,
            "replay", ReplayBenchmark::run,
            "scale", ScaleBenchmark::run,
            "search", SearchBenchmark::run,
            "start", StartBenchmark::run,
            "timers", TimersBenchmark::run,
            "webhooks", WebhooksBenchmark::run));

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        Benchmark benchmark = arguments.length == 0 ? null : ALL.get(arguments[0]);
        if (benchmark == null) {
            System.err.println("the benchmarks are: " + String.join(", ", ALL.keySet()));
            System.exit(arguments.length == 0 ? 0 : 2);
            return;
        }
        Options options = Options.of(List.of(arguments).subList(1, arguments.length));
        benchmark.run(options);
        System.exit(0);
    }
}
