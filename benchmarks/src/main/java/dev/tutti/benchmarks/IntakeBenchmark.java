package dev.tutti.benchmarks;

import dev.tutti.conveyor.Limits;
import dev.tutti.postgres.Database;
import dev.tutti.server.engine.Engine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * {@code bench intake}: orders of three lines, from the POST to their release, over HTTP; one by one from 256
 * connections, and as NDJSON in bulk. In turn with the limit, in the same run, on the same database.
 */
final class IntakeBenchmark {
    private static final int CONNECTIONS = 256;
    private static final int RUNS = 3;
    private static final int CATCHING_UP_MILLIS = 2_000;

    private IntakeBenchmark() {}

    static void run(Options options) throws Exception {
        int orders = options.number("orders", options.quick() ? 15_000 : 60_000);
        Statements statements = new Statements(options.has("statements"));
        try (World world = World.start(
                        options.quick() ? 10_000 : 100_000, "shared_preload_libraries", statements.library());
                Database database = Database.open(world.url(), 4)) {
            if (options.has("in-process")) {
                inProcess(options, world, database, orders);
            } else {
                overHttp(options, world, database, orders, options.quick() ? orders : 2 * orders, statements);
            }
        }
    }

    private static void overHttp(
            Options options, World world, Database database, int orders, int warmUp, Statements statements)
            throws Exception {
        Drafts drafts = new Drafts(5, world.items, 3);
        Limit limit = new Limit(world.url(), database);
        AtomicLong number = new AtomicLong();
        Supplier<String> bodies = () -> Bodies.json(drafts.draft(-number.incrementAndGet(), Instant.EPOCH), "web");
        try (ServerProcess server = ServerProcess.startAsUser("--db", world.url())) {
            LoadClient client = new LoadClient(new int[] {server.port}, World.API_KEY, "/v1/orders", CONNECTIONS);
            System.err.println("warming up");
            client.run(warmUp, 0, bodies, (request, status, body) -> {});
            if (options.has("rate")) {
                LoadClient.Result result = atRate(client, world, options.number("rate", 0), bodies, options.quick());
                new Line("intake-at-rate")
                        .with("orders_per_s", result.perSecond())
                        .with("p50_ms", result.millis(0.5))
                        .with("p99_ms", result.millis(0.99))
                        .with("lock_hold_p99_ms", lockHold(server))
                        .print();
                return;
            }
            limit.prepare(Decided.orders(database, drafts, orders / 4));
            limit(limit, world, server);
            bulk(server, warmUp / 2, bodies);
            double[] single = new double[RUNS];
            double[] inBulk = new double[RUNS];
            double[] limits = new double[RUNS];
            double clientShare = 0;
            double serverCpu = 0;
            double databaseCpu = 0;
            long lost = 0;
            for (int i = 0; i < RUNS; i++) {
                limit.prepare(Decided.orders(database, drafts, orders));
                limits[i] = limit(limit, world, server);
                statements.reset(world);
                double cpuBefore = server.cpuSeconds();
                double databaseBefore = world.cpuSeconds();
                LoadClient.Result result = client.run(orders, 0, bodies, (request, status, body) -> {
                    if (status != 201) {
                        System.err.println(status + " " + body);
                    }
                });
                serverCpu += server.cpuSeconds() - cpuBefore;
                databaseCpu += world.cpuSeconds() - databaseBefore;
                statements.print(world, orders);
                clientShare += result.cpuSeconds()
                        / result.seconds()
                        / Runtime.getRuntime().availableProcessors();
                lost += orders - result.status(201);
                single[i] = result.perSecond();
                inBulk[i] = bulk(server, orders, bodies);
                System.err.printf("limit %.0f, single %.0f, bulk %.0f orders/s%n", limits[i], single[i], inBulk[i]);
            }
            LoadClient.Result half = atRate(client, world, Median.of(single) / 2, bodies, options.quick());
            new Line("intake")
                    .with("orders_per_s", Median.of(single))
                    .with("bulk_orders_per_s", Median.of(inBulk))
                    .with("limit_orders_per_s", Median.of(limits))
                    .with("ratio", Median.of(single) / Median.of(limits))
                    .with("bulk_ratio", Median.of(inBulk) / Median.of(limits))
                    .with("p50_ms", half.millis(0.5))
                    .with("p99_ms", half.millis(0.99))
                    .with("lock_hold_p99_ms", lockHold(server))
                    .with("cpu_us_per_order", 1e6 * serverCpu / (RUNS * (double) orders))
                    .with("database_cpu_us_per_order", 1e6 * databaseCpu / (RUNS * (double) orders))
                    .with("client_cpu_share", clientShare / RUNS)
                    .with("oversold", world.number("select count(*) from position where reserved > on_hand"))
                    .with("lost", lost)
                    .print();
        }
    }

    /** What was left of the load before is worked off first, in a third of the time that is measured. */
    private static LoadClient.Result atRate(
            LoadClient client, World world, double perSecond, Supplier<String> bodies, boolean quick) throws Exception {
        world.checkpoint();
        int seconds = quick ? 6 : 30;
        client.run((int) (seconds / 3.0 * perSecond), perSecond, bodies, (request, status, body) -> {});
        return client.run((int) (seconds * perSecond), perSecond, bodies, (request, status, body) -> {});
    }

    /** The server stands still meanwhile: it would follow the ledger, which the yardstick must not pay for. */
    private static double limit(Limit limit, World world, ServerProcess server) throws Exception {
        server.pause();
        double ordersPerSecond = limit.run(world).ordersPerSecond();
        server.goOn();
        Thread.sleep(CATCHING_UP_MILLIS);
        return ordersPerSecond;
    }

    /** @return orders a second */
    static double bulk(ServerProcess server, int orders, Supplier<String> bodies) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < orders; i++) {
            lines.append(bodies.get()).append('\n');
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port + "/v1/orders/bulk"))
                .header("Authorization", "Bearer " + World.API_KEY)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            long started = System.nanoTime();
            long taken = client.send(request, HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .filter(line -> line.contains("201"))
                    .count();
            double seconds = (System.nanoTime() - started) / 1e9;
            if (taken != orders) {
                System.err.println("only " + taken + " of " + orders + " were taken in bulk");
            }
            return taken / seconds;
        }
    }

    private static double lockHold(ServerProcess server) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String health = client.send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + server.port + "/v1/metrics"))
                                    .header("Authorization", "Bearer " + World.API_KEY)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            int at = health.indexOf("\"lockHoldP99Ms\":");
            return at < 0 ? -1 : Double.parseDouble(health.substring(at + 16).split("[,}]")[0]);
        }
    }

    /** Without HTTP: what the engine itself takes of the limit. */
    private static void inProcess(Options options, World world, Database database, int orders) throws Exception {
        try (Engine engine = Engine.start(database, Limits.STANDARD, options.number("threads", 2))) {
            Drafts drafts = new Drafts(5, world.items, 3);
            Limit limit = new Limit(world.url(), database);
            limit.prepare(Decided.orders(database, drafts, orders / 4));
            limit.run(world);
            InProcess.place(engine, orders / 2, 512, drafts::draft);
            for (int i = 0; i < RUNS; i++) {
                limit.prepare(Decided.orders(database, drafts, orders));
                Limit.Result yardstick = limit.run(world);
                database.store().lockHold().reset();
                InProcess.Result intake = InProcess.place(engine, orders, 512, drafts::draft);
                new Line("intake-in-process")
                        .with("orders_per_s", intake.perSecond())
                        .with("limit_orders_per_s", yardstick.ordersPerSecond())
                        .with("ratio", intake.perSecond() / yardstick.ordersPerSecond())
                        .with("lock_hold_p99_ms", database.store().lockHold().millis(0.99))
                        .with("refused", intake.refused())
                        .print();
            }
        }
    }
}
