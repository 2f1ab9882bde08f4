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

    private static final Map<String, Benchmark> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry("availability", AvailabilityBenchmark::run),
            Map.entry("feed", FeedBenchmark::run),
            Map.entry("limit", LimitBenchmark::run),
            Map.entry("intake", IntakeBenchmark::run),
            Map.entry("hot-sku", HotSkuBenchmark::run),
            Map.entry("flow-steps", FlowStepsBenchmark::run),
            Map.entry("large-order", LargeOrderBenchmark::run),
            Map.entry("promise", PromiseBenchmark::run),
            Map.entry("replay", ReplayBenchmark::run),
            Map.entry("scale", ScaleBenchmark::run),
            Map.entry("search", SearchBenchmark::run),
            Map.entry("start", StartBenchmark::run),
            Map.entry("timers", TimersBenchmark::run),
            Map.entry("webhooks", WebhooksBenchmark::run)));

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
