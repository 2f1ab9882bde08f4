package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Many small worlds of random orders, stock, settings and nodes, on two servers. When all is quiet, nobody who still waits
 * could have anything: each is asked once more, and none has use for what there is.
 */
class NobodyWaitsInVainTest {
    private static final boolean DEEP = Boolean.getBoolean("tutti.deep");
    private static final long SEED = Long.getLong("tutti.seed", 1);
    private static final int WORLDS = DEEP ? 120 : 12;
    private static final int STEPS = 30;
    private static final int AT_ONCE = 4;
    private static final int POLLS_OF_QUIET = 24;

    private final PGSimpleDataSource database = new PGSimpleDataSource();
    private TestHub hub;
    private Server second;

    @BeforeEach
    void start() {
        hub = TestHub.start().withMasterData();
        second = hub.another();
        database.setUrl(hub.url());
    }

    @AfterEach
    void everyInvariantHolds() {
        assertThat(hub.violations()).isEmpty();
        second.close();
        hub.close();
    }

    /** A node that opens wakes all who wait for anything: that must not help the others. */
    @Test
    void nobodyWaitsBesideWhatTheyMayHaveOnceItIsFree() throws Exception {
        nobodyWaitsInVain(EnumSet.complementOf(EnumSet.of(Reason.CLOSED)));
    }

    @Test
    void nobodyWaitsBesideWhatTheyMayHaveOnceItOpens() throws Exception {
        nobodyWaitsInVain(EnumSet.of(Reason.CLOSED));
    }

    private void nobodyWaitsInVain(Set<Reason> reasons) throws Exception {
        List<World> worlds = new ArrayList<>();
        for (Reason reason : reasons) {
            for (int i = 0; i < WORLDS; i++) {
                worlds.add(new World(worlds.size(), reason));
            }
        }
        for (World world : worlds) {
            world.begin();
        }
        inAll(worlds, World::fill);
        untilQuiet();
        inAll(worlds, World::letGo);
        untilQuiet();
        SortedMap<String, Integer> before = waiting();
        for (String order : before.keySet()) {
            ok(hub.admin().json("POST", "/v1/orders/" + order + "/signals", "{\"name\":\"supply-arrived\"}"));
        }
        SortedMap<String, Integer> after = waiting();

        assertThat(before).hasSizeGreaterThan(worlds.size());
        for (World world : worlds) {
            for (String order : world.orders) {
                assertThat(after.get(order))
                        .as("order %s of world %d:%n%s", order, world.number, String.join("\n", world.told))
                        .isEqualTo(before.get(order));
            }
        }
    }

    private static void inAll(List<World> worlds, Consumer<World> happens) throws Exception {
        try (ExecutorService crowd = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> all = new ArrayList<>();
            worlds.forEach(world -> all.add(crowd.submit(() -> happens.accept(world))));
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    /** Longer than those who begin to wait are looked after, and than anything is kept for them. */
    private void untilQuiet() throws InterruptedException, SQLException {
        Map<String, Integer> before = Map.of();
        int quiet = 0;
        while (quiet < POLLS_OF_QUIET) {
            Thread.sleep(500);
            Map<String, Integer> now = waiting();
            quiet = now.equals(before) ? quiet + 1 : 0;
            before = now;
        }
    }

    /** By order, units that wait. */
    private SortedMap<String, Integer> waiting() throws SQLException {
        TreeMap<String, Integer> waiting = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select order_id, sum(backordered) from order_line where backordered > 0 group by order_id
                        """)) {
            while (row.next()) {
                waiting.put(row.getString(1), row.getInt(2));
            }
            return waiting;
        }
    }

    /** Why they wait, and how what they wait for becomes free. */
    private enum Reason {
        SAFETY_STOCK {
            @Override
            void holdUp(World world) {
                world.safetyStock(world.any(world.skus), world.any(world.stores), 1 + world.random.nextInt(4));
            }

            @Override
            void letGo(World world) {
                world.stores.forEach(store -> world.safetyStock(world.skus.getFirst(), store, 0));
            }
        },
        CAPACITY {
            @Override
            void holdUp(World world) {
                world.node(world.random.nextInt(3), true, world.random.nextInt(3));
            }

            @Override
            void letGo(World world) {
                world.node(world.random.nextInt(3), true, 6);
            }
        },
        CLOSED {
            @Override
            void holdUp(World world) {
                world.node(world.random.nextInt(3), world.random.nextInt(4) == 0, -1);
            }

            @Override
            void letGo(World world) {
                world.node(world.random.nextInt(3), true, -1);
            }
        },
        FULL {
            @Override
            void begin(World world) {
                for (int store = 0; store < world.stores.size(); store++) {
                    world.node(store, true, 1);
                }
            }

            /** There is enough of everything all the time. */
            @Override
            void stock(World world) {
                world.stock(world.any(world.skus), world.any(world.stores), 40);
            }

            @Override
            void holdUp(World world) {
                world.order();
            }

            @Override
            void letGo(World world) {
                world.ofLast.forEach(world::cancel);
            }
        },
        FENCED {
            @Override
            void begin(World world) {
                world.fence(false);
            }

            @Override
            void holdUp(World world) {
                String sku = world.any(world.skus);
                String store = world.any(world.stores);
                world.stock(sku, store, 4);
                world.post("/v1/ring-fences/F" + world.number + "/allocate", sku, store, "quantity", 2);
            }

            @Override
            void letGo(World world) {
                world.fence(true);
            }
        },
        NO_STOCK {
            @Override
            void holdUp(World world) {
                world.stock(world.any(world.skus), world.any(world.stores), 0);
            }

            @Override
            void letGo(World world) {
                world.stock(world.any(world.skus), world.any(world.stores), 7);
            }
        };

        void begin(World world) {}

        void stock(World world) {
            world.stock(world.any(world.skus), world.any(world.stores), world.random.nextInt(6));
        }

        abstract void holdUp(World world);

        abstract void letGo(World world);
    }

    private final class World {
        private final int number;
        private final Reason reason;
        private final Random random;
        private final List<String> skus;
        private final List<String> stores;
        private final List<String> orders = new ArrayList<>();
        /** Those that ask for nothing else than the last item. */
        private final List<String> ofLast = new ArrayList<>();

        private final List<String> told = new ArrayList<>();

        World(int number, Reason reason) {
            this.number = number;
            this.reason = reason;
            this.random = new Random(SEED * 1_000_003 + number);
            this.skus = List.of("A" + number, "B" + number);
            this.stores = List.of("P" + number, "Q" + number, "R" + number);
        }

        private Http server() {
            return random.nextBoolean() ? hub.admin() : hub.admin().at(second.port());
        }

        void begin() {
            ok(hub.admin().json("PUT", "/v1/items", "[{\"sku\":\"A%d\"},{\"sku\":\"B%d\"}]".formatted(number, number)));
            for (int store = 0; store < stores.size(); store++) {
                node(store, true, -1);
            }
            reason.begin(this);
        }

        /** The first sends nothing. */
        private void node(int store, boolean active, int capacity) {
            told.add("node %s capacity %d active %b".formatted(stores.get(store), capacity, active));
            ok(hub.admin().json("PUT", "/v1/nodes", """
                    [{"code":"%s","type":"store","ships":%b,"active":%b%s}]
                    """.formatted(
                    stores.get(store), store > 0, active, capacity < 0 ? "" : ",\"dailyCapacity\":" + capacity)));
        }

        /** More and more wait, for one reason above all. */
        void fill() {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> reason.holdUp(this);
                    case 2, 3 -> reason.stock(this);
                    default -> order();
                }
            }
        }

        /** The reason is gone. */
        void letGo() {
            reason.letGo(this);
        }

        private String any(List<String> some) {
            return some.get(random.nextInt(some.size()));
        }

        private void order() {
            String store = any(stores);
            String group = switch (random.nextInt(3)) {
                case 0 -> "{\"method\":\"pick-up\",\"pickUpNode\":\"%s\"}".formatted(store);
                case 1 -> "{\"method\":\"ship-to-store\",\"pickUpNode\":\"%s\"}".formatted(store);
                default -> "{\"method\":\"ship\",\"address\":{\"country\":\"GB\"}}";
            };
            List<String> lines = new ArrayList<>();
            for (int line = 0; line < 1 + random.nextInt(2); line++) {
                lines.add("{\"sku\":\"%s\",\"quantity\":%d,\"unitPrice\":100,\"splittable\":%b}"
                        .formatted(any(skus), 1 + random.nextInt(3), random.nextInt(4) > 0));
            }
            Http.Reply reply = server().json("POST", "/v1/orders", """
                    {"channel":"web","externalId":"%d-%d","currency":"EUR","priority":%d,
                     "shipGroups":[%s],"lines":[%s]}
                    """.formatted(
                            number, told.size(), random.nextInt(3), group, String.join(",", lines)));
            if (reply.status() == 422 && reply.text().contains("is closed for the time being")) {
                return;
            }
            assertThat(reply.status()).as(reply.text()).isEqualTo(201);
            orders.add(reply.text("id"));
            if (lines.stream().allMatch(line -> line.contains(skus.getLast()))) {
                ofLast.add(orders.getLast());
            }
            told.add("order " + orders.getLast() + " " + group + lines);
        }

        private void stock(String sku, String store, int quantity) {
            post("/v1/stock/snapshot", sku, store, "quantity", quantity);
        }

        private void safetyStock(String sku, String store, int quantity) {
            post("/v1/stock/settings", sku, store, "safetyStock", quantity);
        }

        private void post(String path, String sku, String store, String field, int quantity) {
            String line = "{\"sku\":\"%s\",\"node\":\"%s\",\"%s\":%d}".formatted(sku, store, field, quantity);
            told.add(line);
            ok(server().ndjson(path, line));
        }

        private void fence(boolean lends) {
            told.add("fence lends " + lends);
            Http.Reply reply;
            do {
                reply = hub.admin().json("POST", "/v1/configuration/apply", """
                        {"reason":"a test","ringFences":[{"code":"F%d","customerGroups":["club"],"lends":%b}]}
                        """.formatted(number, lends));
            } while (reply.status() == 412);
            ok(reply);
        }

        private void cancel(String order) {
            told.add("cancel " + order);
            server().json("POST", "/v1/orders/" + order + "/cancel", "{\"reason\":\"ill\"}");
        }
    }

    private static void ok(Http.Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }
}
