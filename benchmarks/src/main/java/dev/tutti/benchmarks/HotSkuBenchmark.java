package dev.tutti.benchmarks;

import dev.tutti.conveyor.Limits;
import dev.tutti.fulfilment.Method;
import dev.tutti.network.ChannelId;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.ShipGroup;
import dev.tutti.postgres.Database;
import dev.tutti.server.engine.Engine;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code bench hot-sku}: everybody wants the one item that one node has.
 *
 * <p>Compared with what a shop does by itself: one {@code UPDATE … WHERE} a transaction, from as many connections as the
 * database bears, on the same machine, in the same run.
 */
final class HotSkuBenchmark {
    private static final int UNITS = 10_000;
    /** The channel whose flow refuses what cannot be had. */
    private static final int DROP_CHANNEL = 2;

    private static final int NAIVE_CONNECTIONS = 32;

    private HotSkuBenchmark() {}

    static void run(Options options) throws Exception {
        int buyers = options.number("buyers", options.quick() ? 50_000 : 200_000);
        try (World world = World.start(1_000);
                Database database = Database.open(world.url(), 4)) {
            int hotItem = 1_001;
            int naiveItem = 1_002;
            world.execute("insert into item (sku) values ('HOT'), ('NAIVE')");
            double naive = naive(world, naiveItem, options.quick() ? 2_000 : UNITS);
            stock(world, hotItem);
            try (Engine engine = Engine.start(database, Limits.STANDARD, 2)) {
                InProcess.place(engine, 20_000, 512, new Drafts(3, 1_000, 1)::draft);
                long started = System.nanoTime();
                AtomicInteger sold = new AtomicInteger();
                double[] lastUnit = new double[1];
                InProcess.Result result =
                        InProcess.place(engine, buyers, 2_048, (id, now) -> draft(id, now, hotItem), () -> {
                            if (sold.incrementAndGet() == UNITS) {
                                lastUnit[0] = (System.nanoTime() - started) / 1e9;
                            }
                        });
                long reserved = world.number("select reserved from position where item_id = " + hotItem);
                new Line("hot-sku")
                        .with("transport", "in-process")
                        .with("buyers", buyers)
                        .with("seconds_to_last_unit", lastUnit[0])
                        .with("inprocess_per_s", UNITS / lastUnit[0])
                        .with("naive_per_s", naive)
                        .with("inprocess_ratio", UNITS / lastUnit[0] / naive)
                        .with("answers_per_s", buyers / result.seconds())
                        .with("sold", result.placed())
                        .with("oversold", Math.max(0, reserved - UNITS))
                        .with("undersold", Math.max(0, UNITS - reserved))
                        .print();
            }
        }
    }

    private static void stock(World world, int item) throws SQLException {
        world.execute("insert into position (item_id, place_id, on_hand, version) values (" + item + ", 1, " + UNITS
                + ", 1)");
        world.execute("""
                insert into stock_ledger (batch_id, transaction_id, item_id, place_id, version, move, on_hand_delta,
                                          reserved_delta, found, on_hand, reserved, shortage, backorder_cap,
                                          safety_stock, cause_id)
                values (0, pg_current_xact_id()::text::int8, %d, 1, 1, 'COUNT', %d, 0, 0, %d, 0, 0, 0, 0, 0)
                """.formatted(item, UNITS, UNITS));
    }

    private static OrderDraft draft(long id, Instant now, int item) {
        return new OrderDraft(
                new OrderId(id),
                new ChannelId(DROP_CHANNEL),
                "H-" + id,
                "",
                "USD",
                now,
                0,
                List.of(new ShipGroup(1, Method.SHIP, null, null, "US", "10001")),
                List.of(new OrderDraft.Line(item, 1, 1, true, 9900, 0, 0)),
                0,
                0,
                null,
                List.of(),
                new TreeMap<>());
    }

    /** Reservations a second, until the last unit is gone. */
    private static double naive(World world, int item, int units) throws Exception {
        world.execute("insert into position (item_id, place_id, on_hand) values (" + item + ", 1, " + units + ")");
        AtomicInteger sold = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        long started = System.nanoTime();
        for (int i = 0; i < NAIVE_CONNECTIONS; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try (Connection connection = DriverManager.getConnection(world.url());
                        PreparedStatement update = connection.prepareStatement("""
                                update position set reserved = reserved + 1
                                where item_id = ? and place_id = 1 and reserved + 1 <= on_hand
                                """)) {
                    update.setInt(1, item);
                    while (update.executeUpdate() == 1) {
                        sold.incrementAndGet();
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return sold.get() / ((System.nanoTime() - started) / 1e9);
    }
}
