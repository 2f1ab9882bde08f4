package dev.tutti.benchmarks;

import dev.tutti.conveyor.Limits;
import dev.tutti.fulfilment.Method;
import dev.tutti.network.ChannelId;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.ShipGroup;
import dev.tutti.postgres.Database;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.reservation.ReservationId;
import dev.tutti.server.engine.Engine;
import dev.tutti.sourcing.SourcingRequest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * {@code bench hot-sku}: everybody wants the one item that one node has.
 *
 * <p>Compared with what a shop does by itself: one {@code UPDATE … WHERE} a transaction, from 32 connections, on the same
 * machine, in the same run; both in-process and over HTTP. Tutti writes a whole order for each buyer, the shop one row.
 *
 * <p>Then over HTTP alone, without a comparison: the same units spread over 2,000 items, and the one item again with three
 * servers on one database.
 */
final class HotSkuBenchmark {
    private static final int UNITS = 10_000;
    private static final int SPREAD = 2_000;
    /** The channel whose flow refuses what cannot be had. */
    private static final int DROP_CHANNEL = 2;

    private static final int NAIVE_CONNECTIONS = 32;
    private static final int CONNECTIONS = 256;
    /** Orders, or carts, before a sale of seconds: after a third of it, most of those are the compiler's. */
    private static final int WARM_UP = 60_000;

    /** Requests to a server; the shop, which does little, has half as many. */
    private static final int WARM_UP_OVER_HTTP = 40_000;

    /** Sales to a server that are not counted: it compiles much anew when it first has what many want and few get. */
    private static final int REHEARSALS = 2;

    private static final int BUYERS_AT_A_REHEARSAL = UNITS + UNITS / 2;

    private HotSkuBenchmark() {}

    /** What one side gave: how fast units went until the last one, and what became of them. */
    private record Sale(double secondsToLastUnit, long sold, long reserved) {
        double perSecond() {
            return UNITS / secondsToLastUnit;
        }

        long oversold() {
            return Math.max(0, reserved - UNITS);
        }

        long undersold() {
            return Math.max(0, UNITS - reserved);
        }
    }

    static void run(Options options) throws Exception {
        int buyers = options.number("buyers", options.quick() ? 50_000 : 200_000);
        try (World world = World.start(1_000);
                Database database = Database.open(world.url(), 4)) {
            int naiveItem = item(world, "NAIVE");
            int hotItem = item(world, "HOT");
            int heldItem = item(world, "HELD");
            int naiveItemOverHttp = item(world, "NAIVE-HTTP");
            int hotItemOverHttp = item(world, "HOT-HTTP");
            System.err.println(
                    "the limit for orders of one line, the shop in-process, the shop and Tutti over HTTP, Tutti in-process");
            double limit = limit(world, database);
            double naive = naive(world, naiveItem);
            double naiveOverHttp = naiveOverHttp(world, naiveItemOverHttp);
            Sale overHttp = overHttp(world, hotItemOverHttp, buyers);
            Sale inProcess = inProcess(world, database, hotItem, buyers);
            Sale held = held(world, database, heldItem, buyers);
            new Line("hot-sku")
                    .with("buyers", buyers)
                    .with("seconds_to_last_unit", overHttp.secondsToLastUnit())
                    .with("reservations_per_s", overHttp.perSecond())
                    .with("naive_per_s", naiveOverHttp)
                    .with("ratio", overHttp.perSecond() / naiveOverHttp)
                    .with("inprocess_seconds_to_last_unit", inProcess.secondsToLastUnit())
                    .with("inprocess_per_s", inProcess.perSecond())
                    .with("inprocess_naive_per_s", naive)
                    .with("inprocess_ratio", inProcess.perSecond() / naive)
                    .with("inprocess_carts_per_s", held.perSecond())
                    .with("inprocess_carts_ratio", held.perSecond() / naive)
                    .with("limit_orders_per_s", limit)
                    .with("sold", overHttp.sold())
                    .with("inprocess_sold", inProcess.sold())
                    .with("inprocess_held", held.sold())
                    .with("oversold", overHttp.oversold() + inProcess.oversold() + held.oversold())
                    .with("undersold", overHttp.undersold() + inProcess.undersold() + held.undersold())
                    .print();
            spread(world, buyers, SPREAD, 1);
            spread(world, buyers, 1, 3);
            spread(world, buyers, SPREAD, 3);
        }
    }

    /** The units are those of several items, and the buyers come to several servers. */
    private static void spread(World world, int buyers, int positions, int servers) throws Exception {
        String of = "SPREAD-" + servers + "-" + positions + "-";
        int from = items(world, of, positions);
        String rehearsed = "REHEARSED-" + of;
        items(world, rehearsed);
        List<ServerProcess> running = new ArrayList<>();
        try {
            for (int i = 0; i < servers; i++) {
                running.add(ServerProcess.startAsUser("--db", world.url()));
            }
            int[] ports = running.stream().mapToInt(server -> server.port).toArray();
            LoadClient client = new LoadClient(ports, World.API_KEY, "/v1/orders", CONNECTIONS);
            AtomicInteger number = new AtomicInteger(servers * 100_000_000 + positions * 10_000);
            warmUp(client, world, rehearsed, number);
            SplittableRandom random = new SplittableRandom(8);
            Sale sale = sale(
                    client,
                    buyers,
                    () -> {
                        int which = random.nextInt(positions);
                        return wanting(from + which, of + which, number).get();
                    },
                    world,
                    from,
                    from + positions - 1);
            new Line("hot-sku-spread")
                    .with("positions", positions)
                    .with("servers", servers)
                    .with("buyers", buyers)
                    .with("seconds_to_last_unit", sale.secondsToLastUnit())
                    .with("reservations_per_s", sale.perSecond())
                    .with("sold", sale.sold())
                    .with("oversold", sale.oversold())
                    .with("undersold", sale.undersold())
                    .print();
        } finally {
            running.forEach(ServerProcess::close);
        }
    }

    /** What the database alone could take of whole orders of one line: the most that whole orders can reach. */
    private static double limit(World world, Database database) throws Exception {
        Limit limit = new Limit(world.url(), database);
        Drafts drafts = new Drafts(9, world.items, 1);
        limit.prepare(Decided.orders(database, drafts, 5_000));
        limit.run(world);
        limit.prepare(Decided.orders(database, drafts, 20_000));
        return limit.run(world).ordersPerSecond();
    }

    private static Sale inProcess(World world, Database database, int item, int buyers) throws Exception {
        try (Engine engine = Engine.start(database, Limits.STANDARD, 2)) {
            InProcess.place(engine, WARM_UP, 512, new Drafts(3, 1_000, 1)::draft);
            AtomicInteger sold = new AtomicInteger();
            double[] lastUnit = {Double.POSITIVE_INFINITY};
            long started = System.nanoTime();
            InProcess.Result result = InProcess.place(engine, buyers, 2_048, (id, now) -> draft(id, now, item), () -> {
                if (sold.incrementAndGet() == UNITS) {
                    lastUnit[0] = (System.nanoTime() - started) / 1e9;
                }
            });
            return new Sale(lastUnit[0], result.placed(), reserved(world, item, item));
        }
    }

    /** Carts that hold a unit each, and no orders: as much as the shop does, and kept, with an end and a trail. */
    private static Sale held(World world, Database database, int item, int buyers) throws Exception {
        try (Engine engine = Engine.start(database, Limits.STANDARD, 2)) {
            SplittableRandom random = new SplittableRandom(10);
            InProcess.reserve(engine, WARM_UP, 512, (id, now) -> cart(id, now, random.nextInt(1, 1_000)), () -> {});
            AtomicInteger held = new AtomicInteger();
            double[] lastUnit = {Double.POSITIVE_INFINITY};
            long started = System.nanoTime();
            InProcess.Result result = InProcess.reserve(engine, buyers, 2_048, (id, now) -> cart(id, now, item), () -> {
                if (held.incrementAndGet() == UNITS) {
                    lastUnit[0] = (System.nanoTime() - started) / 1e9;
                }
            });
            return new Sale(lastUnit[0], result.placed(), reserved(world, item, item));
        }
    }

    private static ReservationCommand.Reserve cart(ReservationId id, Instant now, int item) {
        return new ReservationCommand.Reserve(
                id,
                new ChannelId(DROP_CHANNEL),
                "",
                "",
                now.plusSeconds(3_600),
                List.of(new SourcingRequest.Group(1, Method.SHIP, null, null)),
                List.of(new SourcingRequest.Demand(1, item, 1, 1, true, List.of())),
                new TreeMap<>(),
                0,
                false,
                null);
    }

    private static Sale overHttp(World world, int item, int buyers) throws Exception {
        String rehearsed = "REHEARSED-";
        items(world, rehearsed);
        try (ServerProcess server = ServerProcess.startAsUser("--db", world.url())) {
            LoadClient client = new LoadClient(new int[] {server.port}, World.API_KEY, "/v1/orders", CONNECTIONS);
            AtomicInteger number = new AtomicInteger();
            warmUp(client, world, rehearsed, number);
            return sale(client, buyers, wanting(item, "HOT-HTTP", number), world, item);
        }
    }

    /** Those that are sold before one that is measured. */
    private static void items(World world, String rehearsed) throws SQLException {
        for (int i = 0; i < REHEARSALS; i++) {
            item(world, rehearsed + i);
        }
    }

    private static void warmUp(LoadClient client, World world, String rehearsed, AtomicInteger number)
            throws Exception {
        Drafts drafts = new Drafts(4, 1_000, 1);
        client.run(
                WARM_UP_OVER_HTTP,
                0,
                () -> Bodies.json(drafts.draft(-number.incrementAndGet(), Instant.EPOCH), "web"),
                (request, status, body) -> {});
        for (int i = 0; i < REHEARSALS; i++) {
            int item = (int) world.number("select id from item where sku = '" + rehearsed + i + "'");
            Sale sale = sale(client, BUYERS_AT_A_REHEARSAL, wanting(item, rehearsed + i, number), world, item);
            if (sale.sold() != UNITS) {
                throw new IllegalStateException("a rehearsal sold " + sale.sold());
            }
        }
    }

    /** Orders for one unit of an item. */
    private static Supplier<String> wanting(int item, String sku, AtomicInteger number) {
        return () -> Bodies.json(draft(-number.incrementAndGet(), Instant.EPOCH, item), "drop")
                .replace("\"SKU-" + item + "\"", "\"" + sku + "\"");
    }

    private static double naiveOverHttp(World world, int item) throws Exception {
        try (ServerProcess shop = ServerProcess.startShop(world.url(), item)) {
            LoadClient client = new LoadClient(new int[] {shop.port}, World.API_KEY, "/buy", CONNECTIONS);
            world.execute("update position set on_hand = " + WARM_UP_OVER_HTTP / 2 + " where item_id = " + item);
            client.run(WARM_UP_OVER_HTTP / 2, 0, () -> "{}", (request, status, body) -> {});
            world.execute("update position set on_hand = " + UNITS + ", reserved = 0 where item_id = " + item);
            return sale(client, UNITS + 1_000, () -> "{}", world, item).perSecond();
        }
    }

    private static Sale sale(LoadClient client, int buyers, Supplier<String> bodies, World world, int item)
            throws Exception {
        return sale(client, buyers, bodies, world, item, item);
    }

    private static Sale sale(
            LoadClient client, int buyers, Supplier<String> bodies, World world, int firstItem, int lastItem)
            throws Exception {
        AtomicInteger sold = new AtomicInteger();
        double[] lastUnit = {Double.POSITIVE_INFINITY};
        long started = System.nanoTime();
        client.run(buyers, 0, bodies, (request, status, body) -> {
            if (status == 201 && sold.incrementAndGet() == UNITS) {
                lastUnit[0] = (System.nanoTime() - started) / 1e9;
            }
        });
        return new Sale(lastUnit[0], sold.get(), reserved(world, firstItem, lastItem));
    }

    private static long reserved(World world, int firstItem, int lastItem) throws SQLException {
        return world.number("select sum(reserved) from position where place_id > 0 and item_id between " + firstItem
                + " and " + lastItem);
    }

    /** A new item of which one node has all units. */
    private static int item(World world, String sku) throws SQLException {
        world.execute("insert into item (sku) values ('" + sku + "')");
        int item = (int) world.number("select id from item where sku = '" + sku + "'");
        stock(world, item, 1);
        return item;
    }

    /** Several that have the same units together; answers the number of the first. */
    private static int items(World world, String prefix, int count) throws SQLException {
        world.execute("insert into item (sku) select '%s' || i from generate_series(0, %d) i order by i"
                .formatted(prefix, count - 1));
        int first = (int) world.number("select min(id) from item where sku like '" + prefix + "%'");
        stock(world, first, count);
        return first;
    }

    private static void stock(World world, int first, int count) throws SQLException {
        String items = "generate_series(%d, %d) i".formatted(first, first + count - 1);
        int units = UNITS / count;
        world.execute(
                "insert into position (item_id, place_id, on_hand, version) select i, 1, %d, 1 from ".formatted(units)
                        + items);
        world.execute("""
                insert into stock_ledger (batch_id, transaction_id, item_id, place_id, version, move, on_hand_delta,
                                          reserved_delta, found, on_hand, reserved, shortage, backorder_cap,
                                          safety_stock, cause_id)
                select 0, pg_current_xact_id()::text::int8, i, 1, 1, 'COUNT', %d, 0, 0, %d, 0, 0, 0, 0, 0 from
                """.formatted(units, units) + items);
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
    private static double naive(World world, int item) throws Exception {
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
