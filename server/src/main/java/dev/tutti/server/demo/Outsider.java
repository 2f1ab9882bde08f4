package dev.tutti.server.demo;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tutti.server.outgoing.Signature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A service of somebody else's: a web server like any other, as unreliable as they are. It does what a key asks for
 * once, and answers alike from then on.
 */
final class Outsider implements AutoCloseable {
    private static final int PERCENT_LOST = 2;
    private static final int MOST_KEPT = 200_000;

    private final String name;
    private final int most;
    private final Function<JsonNode, String> does;
    private final HttpServer server;
    private final Map<String, String> said = new ConcurrentHashMap<>();

    private Outsider(String name, int most, Function<JsonNode, String> does, HttpServer server) {
        this.name = name;
        this.most = most;
        this.does = does;
        this.server = server;
    }

    /**
     * @param name by which flows call it
     * @param most milliseconds that it takes
     * @param does what it is asked, and says what it answers
     */
    static Outsider start(String name, int most, Function<JsonNode, String> does) {
        try {
            InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            Outsider service = new Outsider(name, most, does, HttpServer.create(anyPort, 100));
            service.server.createContext("/" + name, service::answer);
            service.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            service.server.start();
            return service;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode asked =
                    JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
            ThreadLocalRandom chance = ThreadLocalRandom.current();
            think(chance.nextLong(most / 20, most));
            if (said.size() > MOST_KEPT) {
                said.clear();
            }
            String key = key(exchange.getRequestHeaders());
            String answer = said.computeIfAbsent(key, k -> does.apply(asked));
            if (chance.nextInt(100) < PERCENT_LOST) {
                return; // it is done, and nobody hears of it
            }
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** A call has one key, an event another. */
    private static String key(Headers headers) {
        String key = headers.getFirst("Idempotency-Key");
        return key == null ? String.valueOf(headers.getFirst(Signature.ID)) : key;
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
