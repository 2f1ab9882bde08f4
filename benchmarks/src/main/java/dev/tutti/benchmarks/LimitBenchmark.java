package dev.tutti.benchmarks;

import dev.tutti.postgres.Database;

/** {@code bench limit [--lines N]}: the yardstick alone. */
final class LimitBenchmark {
    private LimitBenchmark() {}

    static void run(Options options) throws Exception {
        int lines = options.number("lines", 3);
        int orders = (options.quick() ? 60_000 : 200_000) / lines;
        try (World world = World.start(options.quick() ? 10_000 : 100_000);
                Database database = Database.open(world.url(), 1)) {
            Limit limit = new Limit(world.url(), database);
            Drafts drafts = new Drafts(11, world.items, lines);
            limit.prepare(Decided.orders(database, drafts, orders / 4));
            limit.run(world);
            for (int i = 0; i < 3; i++) {
                limit.prepare(Decided.orders(database, drafts, orders));
                Limit.Result result = limit.run(world);
                new Line("limit")
                        .with("lines", lines)
                        .with("limit_orders_per_s", result.ordersPerSecond())
                        .with("limit_lines_per_s", result.ordersPerSecond() * lines)
                        .with("rows_per_order", result.rowsPerOrder())
                        .with("bytes_per_order", result.bytesPerOrder())
                        .with("settings", world.settings())
                        .print();
            }
        }
    }
}
