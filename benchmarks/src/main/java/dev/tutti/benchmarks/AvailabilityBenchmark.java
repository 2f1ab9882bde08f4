package dev.tutti.benchmarks;

import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Fences;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Supply;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * {@code bench availability}: reads of what a channel can sell, over HTTP, while 5,000 stock changes a second flow in; in turn
 * with an address that does nothing. Then the picture in memory alone, sparse and dense.
 */
final class AvailabilityBenchmark {
    private static final int NODES = 1_000;
    private static final int CONNECTIONS = 64;
    private static final int RUNS = 3;
    private static final int CHANGES_PER_SECOND = 5_000;

    private AvailabilityBenchmark() {}

    static void run(Options options) throws Exception {
        int items = options.number("items", options.quick() ? 5_000 : 100_000);
        if (!options.has("in-memory")) {
            overHttp(options, items);
        }
        inMemory("sparse", items, NODES / 10, NODES);
        if (!options.quick()) {
            inMemory("dense", 100_000, NODES, NODES);
        }
    }

    private static void overHttp(Options options, int items) throws Exception {
        int requests = options.quick() ? 20_000 : 60_000;
        try (World world = World.start(items, NODES);
                ServerProcess server = ServerProcess.startAsUser("--db", world.url())) {
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong changes = new AtomicLong();
            Thread feed = Thread.ofPlatform().start(() -> feed(server, items, over, changes));
            LoadClient client = LoadClient.getting(new int[] {server.port}, World.API_KEY, CONNECTIONS);
            Supplier<String> reads = reads(items, new SplittableRandom(11));
            Supplier<String> nothing = () -> "/health";
            System.err.println("warming up");
            client.run(requests, 0, reads, (request, status, body) -> {});
            client.run(requests, 0, nothing, (request, status, body) -> {});
            double[] read = new double[RUNS];
            double[] noop = new double[RUNS];
            AtomicInteger wrong = new AtomicInteger();
            AtomicLong stalest = new AtomicLong();
            long changesBefore = changes.get();
            long begun = System.nanoTime();
            for (int i = 0; i < RUNS; i++) {
                noop[i] = client.run(requests, 0, nothing, (request, status, body) -> {})
                        .perSecond();
                read[i] = client.run(requests, 0, reads, (request, status, body) -> {
                            wrong.addAndGet(status == 200 ? 0 : 1);
                            stalest.accumulateAndGet(stale(body), Math::max);
                        })
                        .perSecond();
                System.err.printf("nothing %.0f, reads %.0f a second%n", noop[i], read[i]);
            }
            LoadClient.Result half = client.run(
                    (int) (10 * Median.of(read) / 2), Median.of(read) / 2, reads, (request, status, body) -> {});
            double changesPerSecond = (changes.get() - changesBefore) / ((System.nanoTime() - begun) / 1e9);
            over.set(true);
            feed.join();
            new Line("availability")
                    .with("positions", world.count("position"))
                    .with("reads_per_s", Median.of(read))
                    .with("noop_per_s", Median.of(noop))
                    .with("ratio", Median.of(read) / Median.of(noop))
                    .with("p50_ms", half.millis(0.5))
                    .with("p99_ms", half.millis(0.99))
                    .with("stale_ms", stalest.get())
                    .with("changes_per_s", changesPerSecond)
                    .with("wrong", wrong.get())
                    .print();
        }
    }

    /** A product page asks for one item and where it is, a list or a cart for 1 to 50, in all or at one store. */
    private static Supplier<String> reads(int items, SplittableRandom random) {
        return () -> {
            int kind = random.nextInt(3);
            StringBuilder path = new StringBuilder(700).append("/v1/availability?channel=web&sku=");
            int wanted = kind == 0 ? 1 : random.nextInt(1, 51);
            for (int i = 0; i < wanted; i++) {
                path.append(i == 0 ? "" : ",").append("SKU-").append(random.nextInt(1, items + 1));
            }
            return switch (kind) {
                case 0 -> path.toString();
                case 1 -> path.append("&nodes=none").toString();
                default ->
                    path.append("&node=N").append(random.nextInt(1, NODES + 1)).toString();
            };
        };
    }

    private static long stale(String body) {
        int at = body.indexOf("\"staleMs\":");
        int end = at + 10;
        while (end < body.length() && Character.isDigit(body.charAt(end))) {
            end++;
        }
        return at < 0 || end == at + 10 ? 0 : Long.parseLong(body.substring(at + 10, end));
    }

    private static void feed(ServerProcess server, int items, AtomicBoolean over, AtomicLong changes) {
        SplittableRandom random = new SplittableRandom(12);
        try (HttpClient client = HttpClient.newHttpClient()) {
            long begun = System.nanoTime();
            while (!over.get()) {
                StringBuilder lines = new StringBuilder();
                for (int i = 0; i < 500; i++) {
                    lines.append("{\"sku\":\"SKU-")
                            .append(random.nextInt(1, items + 1))
                            .append("\",\"node\":\"N")
                            .append(random.nextInt(1, NODES + 1))
                            .append("\",\"quantity\":1}\n");
                }
                client.send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + server.port + "/v1/stock/delta"))
                                .header("Authorization", "Bearer " + World.API_KEY)
                                .header("Content-Type", "application/x-ndjson")
                                .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
                long sent = changes.addAndGet(500);
                long ahead = begun + sent * 1_000_000_000L / CHANGES_PER_SECOND - System.nanoTime();
                if (ahead > 0) {
                    Thread.sleep(ahead / 1_000_000);
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException("the changes stopped", e);
        }
    }

    /** What one thread can read of the picture: all nodes of an item, and one position. */
    private static void inMemory(String shape, int items, int nodesOfItem, int nodes) {
        SplittableRandom random = new SplittableRandom(13);
        long before = used();
        AvailabilityIndex index = new AvailabilityIndex();
        for (int item = 1; item <= items; item++) {
            for (int k = 0; k < nodesOfItem; k++) {
                int node = 1 + (int) (((long) item * 37 + (long) k * (nodes / nodesOfItem)) % nodes);
                index.learn(new PositionKey(item, node), new Position(random.nextInt(1, 20), 0, 0, 0, 0, 1));
            }
        }
        double bytes = (double) (used() - before) / index.size();
        Supply.Candidates candidates = new Supply.Candidates();
        long units = 0;
        double itemReads = 0;
        double points = 0;
        for (int round = 0; round < 3; round++) {
            int reads = nodesOfItem > 100 ? 200_000 : 2_000_000;
            long begun = System.nanoTime();
            for (int i = 0; i < reads; i++) {
                index.read(random.nextInt(1, items + 1), Fences.NONE, candidates);
                units += candidates.size();
            }
            itemReads = reads / ((System.nanoTime() - begun) / 1e9);
            begun = System.nanoTime();
            for (int i = 0; i < 4_000_000; i++) {
                units += index.balance(new PositionKey(random.nextInt(1, items + 1), random.nextInt(1, nodes + 1)))
                        .available();
            }
            points = 4_000_000 / ((System.nanoTime() - begun) / 1e9);
        }
        new Line("availability-in-memory")
                .with("shape", shape)
                .with("positions", index.size())
                .with("bytes_per_position", bytes)
                .with("item_reads_per_s", itemReads)
                .with("position_reads_per_s", points)
                .with("seen", units > 0 ? 1 : 0)
                .print();
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
