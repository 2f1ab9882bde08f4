package dev.tutti.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * {@code bench webhooks}: orders come in at a steady rate, and ten endpoints are told of each, one of which takes every
 * request and never answers. What is measured is the time from an event's own moment to its arrival at those that are
 * well. The endpoints are in the process of the benchmark and share the machine.
 */
final class WebhooksBenchmark {
    private static final int ENDPOINTS = 10;
    private static final int DEAD = 1;
    private static final int RATE = 200;
    private static final int CONNECTIONS = 32;

    private WebhooksBenchmark() {}

    /** Endpoints as one HTTP server: the last letters of a path say which, and the dead never answers. */
    private static final class Endpoints implements AutoCloseable {
        private final HttpServer server;
        private final ConcurrentHashMap<String, Boolean> seen = new ConcurrentHashMap<>();
        private final AtomicLong arrived = new AtomicLong();
        private final AtomicLong again = new AtomicLong();
        private final AtomicLongArray millis = new AtomicLongArray(4_000_000);
        private volatile boolean measured;

        Endpoints() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            for (int i = 0; i < ENDPOINTS; i++) {
                boolean dead = i < DEAD;
                String path = "/" + i;
                server.createContext(path, exchange -> take(exchange, dead));
            }
            server.start();
        }

        String url(int endpoint) {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + endpoint;
        }

        private void take(HttpExchange exchange, boolean dead) throws IOException {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (dead) {
                try {
                    Thread.sleep(Duration.ofMinutes(10));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return;
            }
            try (exchange) {
                String id = exchange.getRequestURI().getPath()
                        + exchange.getRequestHeaders().getFirst("webhook-id");
                if (seen.put(id, true) != null) {
                    again.incrementAndGet();
                } else if (measured) {
                    String text = new String(body, StandardCharsets.UTF_8);
                    int at = text.indexOf("\"time\":\"") + 8;
                    Instant happened = Instant.parse(text.substring(at, text.indexOf('"', at)));
                    millis.set(
                            (int) arrived.getAndIncrement(),
                            Duration.between(happened, Instant.now()).toMillis());
                }
                exchange.sendResponseHeaders(204, -1);
            }
        }

        double millis(double quantile) {
            long[] sorted = new long[(int) arrived.get()];
            Arrays.setAll(sorted, millis::get);
            Arrays.sort(sorted);
            return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)];
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    static void run(Options options) throws Exception {
        int rate = options.number("rate", RATE);
        int seconds = options.quick() ? 10 : 60;
        try (World world = World.start(10_000);
                Endpoints endpoints = new Endpoints();
                ServerProcess server = ServerProcess.startAsUser("--db", world.url());
                Caller caller = new Caller(server)) {
            subscribe(caller, endpoints);
            Drafts drafts = new Drafts(5, world.items, 3);
            AtomicLong number = new AtomicLong();
            Supplier<String> bodies = () -> Bodies.json(drafts.draft(-number.incrementAndGet(), Instant.EPOCH), "web");
            LoadClient client = new LoadClient(new int[] {server.port}, World.API_KEY, "/v1/orders", CONNECTIONS);
            System.err.println("warming up");
            client.run(rate * seconds / 2, rate, bodies, (request, status, body) -> {});
            drain(endpoints, number.get());
            endpoints.measured = true;
            long started = System.nanoTime();
            LoadClient.Result intake = client.run(rate * seconds, rate, bodies, (request, status, body) -> {});
            long told = endpoints.arrived.get();
            double took = (System.nanoTime() - started) / 1e9;
            long lost = drain(endpoints, number.get());
            new Line("webhooks")
                    .with("endpoints", ENDPOINTS)
                    .with("dead", DEAD)
                    .with("orders_per_s", intake.perSecond())
                    .with("intake_p99_ms", intake.millis(0.99))
                    .with("per_s", told / took)
                    .with("healthy_p50_ms", endpoints.millis(0.5))
                    .with("healthy_p99_ms", endpoints.millis(0.99))
                    .with("lost", lost)
                    .with("twice", endpoints.again.get())
                    .print();
        }
    }

    /** Waits until all are told of so many orders, a minute at most; returns how much is missing then. */
    private static long drain(Endpoints endpoints, long orders) throws InterruptedException {
        long wanted = orders * (ENDPOINTS - DEAD);
        for (int i = 0; i < 600 && endpoints.seen.size() < wanted; i++) {
            Thread.sleep(100);
        }
        return wanted - endpoints.seen.size();
    }

    private static void subscribe(Caller caller, Endpoints endpoints) throws IOException, InterruptedException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < ENDPOINTS; i++) {
            all.append(i == 0 ? "" : ",").append("""
                    {"code": "e%d", "url": "%s", "events": ["order-placed"], "inside": true}
                    """.formatted(i, endpoints.url(i)));
        }
        caller.post("/v1/configuration/apply", "{\"reason\":\"measuring\",\"subscriptions\":[" + all + "]}");
        for (int i = 0; i < ENDPOINTS; i++) {
            caller.post("/v1/subscriptions/e" + i + "/secrets", "");
        }
    }
}
