package dev.tutti.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * {@code bench timers}: many orders wait, nobody is there when their time comes, and then a server starts: all of them
 * are due at once, and orders keep coming in. Half of them give up, half go on and are sourced, each in a run of its own.
 */
final class TimersBenchmark {
    private static final int RATE = 100;
    private static final int CONNECTIONS = 32;
    private static final Duration TIMER = Duration.ofMinutes(2);

    private TimersBenchmark() {}

    static void run(Options options) throws Exception {
        int orders = options.number("orders", options.quick() ? 5_000 : 50_000);
        for (String flow : new String[] {"give-up", "go-on"}) {
            try (World world = World.start(10_000)) {
                measure(world, flow, orders);
            }
        }
    }

    private static void measure(World world, String flow, int orders) throws Exception {
        try (ServerProcess server = ServerProcess.startAsUser("--db", world.url());
                Caller caller = new Caller(server)) {
            caller.post("/v1/configuration/apply", configuration(flow));
            Drafts drafts = new Drafts(5, world.items, 3);
            AtomicLong number = new AtomicLong();
            IntakeBenchmark.bulk(
                    server,
                    orders,
                    () -> Bodies.json(drafts.draft(number.incrementAndGet(), Instant.EPOCH), "waiting"));
        }
        long waiting = world.number("select id from channel where code = 'waiting'");
        Instant placed = Instant.now();
        long due = world.count("due_work");
        Duration left = Duration.between(Instant.now(), placed.plus(TIMER));
        System.err.printf("%,d orders wait; their time comes in %d s%n", due, left.toSeconds());
        Thread.sleep(left.plusSeconds(2));
        try (ServerProcess server = ServerProcess.startAsUser("--db", world.url())) {
            long started = System.nanoTime();
            AtomicBoolean drained = new AtomicBoolean();
            AtomicLong number = new AtomicLong();
            Drafts drafts = new Drafts(6, world.items, 3);
            Supplier<String> bodies = () -> Bodies.json(drafts.draft(-number.incrementAndGet(), Instant.EPOCH), "web");
            LoadClient client = new LoadClient(new int[] {server.port}, World.API_KEY, "/v1/orders", CONNECTIONS);
            CompletableFuture<LoadClient.Result> intake = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> {
                try {
                    LoadClient.Result all = client.run(RATE * 10, RATE, bodies, (request, status, body) -> {});
                    while (!drained.get()) {
                        all = client.run(RATE, RATE, bodies, (request, status, body) -> {});
                    }
                    intake.complete(all);
                } catch (IOException e) {
                    intake.completeExceptionally(e);
                }
            });
            String stillDue = "select count(*) from orders where channel_id = " + waiting + " and step = 'wait'";
            while (world.number(stillDue) > 0) {
                Thread.sleep(100);
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            drained.set(true);
            LoadClient.Result during = intake.get();
            new Line("timers")
                    .with("flow", flow)
                    .with("due", due)
                    .with("drain_s", seconds)
                    .with("per_s", due / seconds)
                    .with("intake_orders_per_s", during.perSecond())
                    .with("intake_p99_ms", during.millis(0.99))
                    .print();
        }
    }

    private static String configuration(String flow) {
        return """
                {"reason": "measuring", "flows": [{"code": "waiting", "steps": [
                  {"code": "wait", "edges": [
                    {"on": "units-changed", "when": "units.live == 0", "to": "close"},
                    {"after": "%ds", "to": "%s"}]},
                  %s
                  {"code": "close", "do": "close"}]}],
                 "channels": [{"code": "waiting", "currency": "USD", "flow": "waiting"}]}
                """.formatted(TIMER.toSeconds(), flow, flow.equals("give-up") ? """
                  {"code": "give-up", "do": "cancel", "edges": [{"on": "done", "to": "close"}]},
                """ : """
                  {"code": "go-on", "do": "source", "edges": [{"on": "done", "to": "release"}, {"on": "failed", "to": "drop"}]},
                  {"code": "drop", "do": "cancel-unfilled", "edges": [{"on": "done", "to": "release"}]},
                  {"code": "release", "do": "release", "edges": [{"on": "done", "to": "fulfil"}]},
                  {"code": "fulfil", "edges": [
                    {"on": "done", "when": "units.live == 0", "to": "close"},
                    {"on": "units-changed", "when": "units.live == 0", "to": "close"},
                    {"on": "units-changed", "when": "units.open > 0", "to": "go-on"},
                    {"after": "2d", "to": "escalate"}]},
                  {"code": "escalate", "do": "open-exception", "edges": [{"on": "done", "to": "fulfil"}]},
                """);
    }
}
