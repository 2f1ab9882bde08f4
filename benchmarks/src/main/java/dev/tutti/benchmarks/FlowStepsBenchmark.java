package dev.tutti.benchmarks;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * {@code bench flow-steps}: what an order costs whose flow takes two steps until nodes have their work, and one whose flow
 * takes eight, among them an address that is looked at, rules and conditions. The same orders, in turn, in the same run.
 */
final class FlowStepsBenchmark {
    private static final int RUNS = 6;

    private FlowStepsBenchmark() {}

    /** What orders of one flow cost so far, in seconds of all processors. */
    private static final class Cost {
        private double server;
        private double database;
        private double seconds;
        private int orders;

        double micros() {
            return 1e6 * (server + database) / orders;
        }
    }

    static void run(Options options) throws Exception {
        int orders = options.number("orders", options.quick() ? 2_000 : 20_000);
        try (World world = World.start(options.quick() ? 2_000 : 100_000);
                ServerProcess server = ServerProcess.startAsUser("--db", world.url());
                Caller caller = new Caller(server)) {
            caller.post("/v1/configuration/apply", CONFIGURATION);
            Drafts drafts = new Drafts(7, world.items, 3);
            AtomicLong number = new AtomicLong();
            Cost two = new Cost();
            Cost eight = new Cost();
            for (int run = 0; run <= RUNS; run++) {
                boolean counts = run > 0; // the first is to warm up
                // Whoever comes first meets a cold disk: in turn.
                for (String channel : run % 2 == 0 ? List.of("two", "eight") : List.of("eight", "two")) {
                    Cost cost = channel.equals("two") ? two : eight;
                    place(world, server, orders, drafts, number, channel, counts ? cost : new Cost());
                }
            }
            new Line("flow-steps")
                    .with("two_cpu_us_per_order", two.micros())
                    .with("eight_cpu_us_per_order", eight.micros())
                    .with("ratio", eight.micros() / two.micros())
                    .with("two_server_cpu_us", 1e6 * two.server / two.orders)
                    .with("eight_server_cpu_us", 1e6 * eight.server / eight.orders)
                    .with("two_orders_per_s", two.orders / two.seconds)
                    .with("eight_orders_per_s", eight.orders / eight.seconds)
                    .with("two_released", released(world, "two"))
                    .with("eight_released", released(world, "eight"))
                    .print();
        }
    }

    private static void place(
            World world, ServerProcess server, int orders, Drafts drafts, AtomicLong number, String channel, Cost cost)
            throws Exception {
        world.checkpoint();
        Thread.sleep(2_000);
        Supplier<String> bodies = () -> Bodies.json(drafts.draft(number.incrementAndGet(), Instant.EPOCH), channel);
        double serverBefore = server.cpuSeconds();
        double databaseBefore = world.cpuSeconds();
        long started = System.nanoTime();
        IntakeBenchmark.bulk(server, orders, bodies);
        cost.seconds += (System.nanoTime() - started) / 1e9;
        // What is done afterwards, to make them findable, is theirs too.
        while (world.number("select count(*) from order_search") < number.get()) {
            Thread.sleep(50);
        }
        cost.server += server.cpuSeconds() - serverBefore;
        cost.database += world.cpuSeconds() - databaseBefore;
        cost.orders += orders;
    }

    private static long released(World world, String channel) throws SQLException {
        return world.number(
                "select count(*) from orders o join channel c on c.id = o.channel_id where o.status = 'RELEASED' and c.code = '"
                        + channel + "'");
    }

    private static final String REST = """
            {"code": "fulfil", "edges": [
              {"on": "done", "when": "units.live == 0", "to": "close"},
              {"on": "units-changed", "when": "units.live == 0", "to": "close"},
              {"on": "units-changed", "when": "units.open > 0", "to": "source"},
              {"after": "2d", "to": "escalate"}]},
            {"code": "drop", "do": "cancel-unfilled", "edges": [{"on": "done", "to": "release"}]},
            {"code": "escalate", "do": "open-exception", "edges": [{"on": "done", "to": "fulfil"}]},
            {"code": "close", "do": "close"}""";

    private static final String CONFIGURATION = """
            {"reason": "measuring", "flows": [
              {"code": "two", "steps": [
                {"code": "source", "do": "source", "edges": [{"on": "done", "to": "release"}, {"on": "failed", "to": "drop"}]},
                {"code": "release", "do": "release", "edges": [{"on": "done", "to": "fulfil"}]},
                %1$s]},
              {"code": "eight", "steps": [
                {"code": "validate", "do": "validate", "edges": [{"on": "done", "to": "screen"}, {"on": "failed", "to": "screen"}]},
                {"code": "screen", "do": "screen", "rules": [
                   {"when": "order.duplicate", "hold": "duplicate", "reason": "sent twice"},
                   {"when": "order.total > 100000000 && order.guest", "hold": "fraud", "reason": "too much"},
                   {"when": "order.largestLine > 5000", "hold": "fraud", "reason": "too many"}],
                 "edges": [{"on": "done", "to": "let-go"}, {"on": "failed", "to": "let-go"}]},
                {"code": "let-go", "do": "release-hold", "hold": "review", "edges": [{"on": "done", "to": "route"}]},
                {"code": "route", "edges": [
                   {"on": "done", "when": "order.country in ['US', 'CA'] && order.lines < 100", "to": "source"},
                   {"on": "done", "when": "order.priority > 5", "to": "source"},
                   {"on": "done", "to": "source"}]},
                {"code": "source", "do": "source", "edges": [{"on": "done", "to": "confirm"}, {"on": "failed", "to": "drop"}]},
                {"code": "confirm", "edges": [
                   {"on": "done", "when": "units.allocated > 0 && order.exception", "to": "release"},
                   {"on": "done", "to": "release"}]},
                {"code": "release", "do": "release", "edges": [{"on": "done", "to": "bill"}]},
                {"code": "bill", "do": "invoice", "edges": [{"on": "done", "to": "fulfil"}]},
                %1$s]}],
             "channels": [{"code": "two", "currency": "USD", "flow": "two"},
                          {"code": "eight", "currency": "USD", "flow": "eight"}]}
            """.formatted(REST);
}
