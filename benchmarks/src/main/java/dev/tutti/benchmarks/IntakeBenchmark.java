package dev.tutti.benchmarks;

import dev.tutti.conveyor.Limits;
import dev.tutti.postgres.Database;
import dev.tutti.server.engine.Engine;

/** {@code bench intake}: orders of three lines, from their arrival to their release. */
final class IntakeBenchmark {
    private IntakeBenchmark() {}

    static void run(Options options) throws Exception {
        inProcess(options);
    }

    /** Without HTTP: what the engine itself takes of the limit. */
    private static void inProcess(Options options) throws Exception {
        int orders = options.number("orders", options.quick() ? 20_000 : 60_000);
        try (World world = World.start(options.quick() ? 10_000 : 100_000);
                Database database = Database.open(world.url(), 4);
                Engine engine = Engine.start(database, Limits.STANDARD, options.number("threads", 2))) {
            Drafts drafts = new Drafts(5, world.items, 3);
            Limit limit = new Limit(world.url(), database);
            limit.prepare(Decided.orders(database, drafts, orders / 4));
            limit.run(world);
            InProcess.place(engine, orders / 4, 512, drafts::draft);
            for (int i = 0; i < 3; i++) {
                limit.prepare(Decided.orders(database, drafts, orders));
                Limit.Result yardstick = limit.run(world);
                InProcess.Result intake = InProcess.place(engine, orders, 512, drafts::draft);
                new Line("intake-in-process")
                        .with("orders_per_s", intake.perSecond())
                        .with("limit_orders_per_s", yardstick.ordersPerSecond())
                        .with("ratio", intake.perSecond() / yardstick.ordersPerSecond())
                        .with("refused", intake.refused())
                        .print();
            }
        }
    }
}
