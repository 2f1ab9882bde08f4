package dev.tutti.benchmarks;

import dev.tutti.conveyor.Limits;
import dev.tutti.postgres.Database;
import dev.tutti.server.engine.Engine;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code bench scale [--most N]}: does intake cost more when many orders are stored?
 *
 * <p>Two databases, one with few and one with many orders, are measured in turn. What is compared is the number of
 * buffers the database touches for an order, which does not depend on how busy the machine is, and the rate.
 */
final class ScaleBenchmark {
    private static final int RUNS = 5;

    private ScaleBenchmark() {}

    static void run(Options options) throws Exception {
        int few = options.quick() ? 5_000 : 100_000;
        int many = options.number("most", options.quick() ? 25_000 : 1_000_000);
        int perRun = options.quick() ? 4_000 : 20_000;
        try (World small = World.start(10_000);
                World large = World.start(10_000);
                Database smallDatabase = Database.open(small.url(), 4);
                Database largeDatabase = Database.open(large.url(), 4);
                Engine smallEngine = Engine.start(smallDatabase, Limits.STANDARD, 2);
                Engine largeEngine = Engine.start(largeDatabase, Limits.STANDARD, 2)) {
            List<Side> sides = List.of(new Side(small, smallEngine, few), new Side(large, largeEngine, many));
            for (Side side : sides) {
                InProcess.place(side.engine, side.stored, 512, side.drafts::draft);
                side.world.execute("vacuum analyze");
                side.world.execute("checkpoint");
            }
            for (int i = 0; i < RUNS; i++) {
                for (Side side : sides) {
                    side.run(perRun);
                }
            }
            sides.forEach(Side::print);
        }
    }

    /** One of the databases, and what was measured of it. */
    private static final class Side {
        final World world;
        final Engine engine;
        final int stored;
        final Drafts drafts;
        private final List<Double> rates = new ArrayList<>();
        private final List<Double> buffers = new ArrayList<>();

        Side(World world, Engine engine, int stored) {
            this.world = world;
            this.engine = engine;
            this.stored = stored;
            this.drafts = new Drafts(stored, world.items, 3);
        }

        void run(int orders) throws Exception {
            long before = buffers();
            rates.add(InProcess.place(engine, orders, 512, drafts::draft).perSecond());
            buffers.add((double) (buffers() - before) / orders);
        }

        private long buffers() throws Exception {
            world.execute("select pg_stat_force_next_flush()");
            Thread.sleep(1_500);
            return world.number("""
                    select sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0))
                    from pg_statio_user_tables
                    """);
        }

        void print() {
            double mean = mean(rates);
            double deviation = Math.sqrt(
                    rates.stream().mapToDouble(r -> (r - mean) * (r - mean)).sum() / (rates.size() - 1));
            // Student's t for 95 % and four degrees of freedom.
            double half = 2.776 * deviation / Math.sqrt(rates.size());
            new Line("scale")
                    .with("orders_stored", stored)
                    .with("orders_per_s", mean)
                    .with("orders_per_s_low", mean - half)
                    .with("orders_per_s_high", mean + half)
                    .with("buffers_per_order", mean(buffers))
                    .print();
        }

        private static double mean(List<Double> values) {
            return values.stream().mapToDouble(v -> v).average().orElse(0);
        }
    }
}
