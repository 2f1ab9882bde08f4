package dev.tutti.server.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A service of somebody else's, that says what it thinks of orders: a web server like any other, as unreliable as they
 * are. It keeps what it has said, so the same key is answered alike.
 */
final class FraudCheck implements AutoCloseable {
    static final String DESTINATION = "fraud-check";
    private static final int PERCENT_LOST = 2;
    private static final int MOST_KEPT = 50_000;

    private final HttpServer server;
    private final Map<String, String> said = new ConcurrentHashMap<>();

    private FraudCheck(HttpServer server) {
        this.server = server;
    }

    static FraudCheck start() {
        try {
            FraudCheck check =
                    new FraudCheck(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100));
            check.server.createContext("/check", check::answer);
            check.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            check.server.start();
            return check;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/check";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            ThreadLocalRandom chance = ThreadLocalRandom.current();
            think(chance.nextLong(20, 400));
            String key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            if (said.size() > MOST_KEPT) {
                said.clear();
            }
            String risk = said.computeIfAbsent(key, k -> chance.nextInt(200) == 0 ? "high" : "low");
            if (chance.nextInt(100) < PERCENT_LOST) {
                return; // it has decided, and nobody hears of it
            }
            byte[] body = "{\"answers\": {\"risk\": \"%s\"}}".formatted(risk).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void think(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
