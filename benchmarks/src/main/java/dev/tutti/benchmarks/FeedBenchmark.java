package dev.tutti.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * {@code bench feed}: a snapshot of a million positions, and then deltas, while orders are taken; in turn with orders alone.
 */
final class FeedBenchmark {
    private static final int CONNECTIONS = 64;
    private static final int WARM_UP = 20_000;

    private FeedBenchmark() {}

    static void run(Options options) throws Exception {
        int lines = options.number("lines", options.quick() ? 100_000 : 1_000_000);
        int deltas = lines / 4;
        try (World world = World.start(options.quick() ? 10_000 : 100_000);
                ServerProcess server = ServerProcess.startAsUser("--db", world.url())) {
            Drafts drafts = new Drafts(5, world.items, 3);
            AtomicLong number = new AtomicLong();
            Supplier<String> orders = () -> Bodies.json(drafts.draft(-number.incrementAndGet(), Instant.EPOCH), "web");
            LoadClient client = new LoadClient(new int[] {server.port}, World.API_KEY, "/v1/orders", CONNECTIONS);
            System.err.println("warming up");
            client.run(WARM_UP, 0, orders, (request, status, body) -> {});
            feed(server, world, "delta", lines / 20).join();
            double alone = client.run(WARM_UP, 0, orders, (request, status, body) -> {})
                    .perSecond();
            Fed snapshot = meanwhile(client, orders, () -> feed(server, world, "snapshot", lines));
            double aloneAgain = client.run(WARM_UP, 0, orders, (request, status, body) -> {})
                    .perSecond();
            Fed delta = meanwhile(client, orders, () -> feed(server, world, "delta", deltas));
            double intake = (alone + aloneAgain) / 2;
            new Line("feed")
                    .with("positions", world.count("position"))
                    .with("lines", lines)
                    .with("snapshot_s", snapshot.seconds())
                    .with("snapshot_lines_per_s", lines / snapshot.seconds())
                    .with("deltas_per_s", deltas / delta.seconds())
                    .with("intake_orders_per_s", intake)
                    .with("intake_meanwhile", snapshot.ordersPerSecond())
                    .with("intake_share", snapshot.ordersPerSecond() / intake)
                    .with("intake_share_deltas", delta.ordersPerSecond() / intake)
                    .with("not_taken", snapshot.notTaken() + delta.notTaken())
                    .print();
        }
    }

    /** How long a file took, and how fast orders were taken meanwhile. */
    private record Fed(double seconds, double ordersPerSecond, long notTaken) {}

    private static Fed meanwhile(LoadClient client, Supplier<String> orders, Supplier<CompletableFuture<Long>> file)
            throws Exception {
        long begun = System.nanoTime();
        CompletableFuture<Long> fed = file.get();
        CompletableFuture<Double> seconds = fed.thenApply(taken -> (System.nanoTime() - begun) / 1e9);
        long placed = 0;
        double ordering = 0;
        while (!fed.isDone()) {
            LoadClient.Result result = client.run(2_000, 0, orders, (request, status, body) -> {});
            placed += result.answered();
            ordering += result.seconds();
        }
        return new Fed(seconds.join(), placed / ordering, fed.join());
    }

    /** @return how many lines were not taken */
    private static CompletableFuture<Long> feed(ServerProcess server, World world, String kind, int lines) {
        SplittableRandom random = new SplittableRandom(14);
        StringBuilder file = new StringBuilder(lines * 60);
        for (int i = 0; i < lines; i++) {
            int item = 1 + i % world.items;
            int k = i / world.items % (world.nodes / 10);
            int node = 1 + (item * 37 + k * 10 + (int) (((long) item * 7919 + k * 104_729L) % 10)) % world.nodes;
            file.append("{\"sku\":\"SKU-")
                    .append(item)
                    .append("\",\"node\":\"N")
                    .append(node)
                    .append("\",\"quantity\":")
                    .append(kind.equals("delta") ? random.nextInt(-3, 10) : random.nextInt(900_000, 1_100_000))
                    .append("}\n");
        }
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + server.port + "/v1/stock/" + kind))
                .header("Authorization", "Bearer " + World.API_KEY)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(file.toString()))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(response -> {
            try (client) {
                return response.body()
                        .lines()
                        .filter(line -> !line.contains("\"status\":200"))
                        .count();
            }
        });
    }
}
