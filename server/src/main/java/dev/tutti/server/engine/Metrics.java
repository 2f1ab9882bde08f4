package dev.tutti.server.engine;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What this server counts and times, for whoever watches it; in Prometheus' text form. */
public final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Timer> calls = new ConcurrentHashMap<>();
    private final LongAdder commands = new LongAdder();
    private final LongAdder postings = new LongAdder();
    private final LongAdder alarms = new LongAdder();
    private final AtomicInteger forgotten = new AtomicInteger();

    Metrics(Engine engine) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        registry.more().counter("tutti.commands.committed", java.util.List.of(), commands);
        registry.more().counter("tutti.ledger.entries", java.util.List.of(), postings);
        registry.more().counter("tutti.alarms", java.util.List.of(), alarms);
        registry.gauge("tutti.orders.forgotten", forgotten);
        gauge("tutti.commands.waiting", engine, Engine::waiting);
        gauge("tutti.positions", engine, e -> e.index().size());
        gauge("tutti.stock.picture.age.seconds", engine, e -> e.staleness().toMillis() / 1000.0);
        gauge(
                "tutti.lock.hold.p99.seconds",
                engine,
                e -> e.database().store().lockHold().millis(0.99) / 1000.0);
    }

    private void gauge(String name, Engine engine, java.util.function.ToDoubleFunction<Engine> value) {
        Gauge.builder(name, engine, value).register(registry);
    }

    void committed(int carried, int entries) {
        commands.add(carried);
        postings.add(entries);
    }

    /** So many orders were found under way with nothing due. */
    void forgotten(int orders) {
        forgotten.set(orders);
    }

    void alarm() {
        alarms.increment();
    }

    /**
     * A call was answered.
     *
     * @param route its pattern, so that there are only so many; empty if it led nowhere
     */
    public void answered(String method, String route, int status, long nanos) {
        calls.computeIfAbsent(
                        method + " " + route + " " + status,
                        same -> Timer.builder("tutti.http")
                                .tag("method", method)
                                .tag("route", route)
                                .tag("status", Integer.toString(status))
                                .publishPercentiles(0.5, 0.99)
                                .register(registry))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** All of it, as Prometheus reads it. */
    public String scrape() {
        return registry.scrape();
    }
}
