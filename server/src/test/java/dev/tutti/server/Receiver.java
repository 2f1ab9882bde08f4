package dev.tutti.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tutti.server.outgoing.Signature;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who is told what happens: a real HTTP server that checks signatures and can be out of sorts. */
final class Receiver implements AutoCloseable {
    /** In place of a status: the connection ends, before it has taken the event in or after. */
    static final int CUT_BEFORE = -1;

    static final int CUT_AFTER = -2;

    private final HttpServer server;
    private final int port;
    private final List<JsonNode> taken = new ArrayList<>();
    private final Map<String, Integer> calls = new TreeMap<>();
    private final AtomicInteger badSignatures = new AtomicInteger();
    private volatile List<String> secrets = List.of();
    private volatile ToIntFunction<JsonNode> mood = event -> 200;

    private Receiver(HttpServer server) {
        this.server = server;
        this.port = server.getAddress().getPort();
    }

    static Receiver start() throws IOException {
        return start(0);
    }

    static Receiver start(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
        Receiver receiver = new Receiver(server);
        server.createContext("/", receiver::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return receiver;
    }

    String url() {
        return "http://127.0.0.1:" + port + "/events";
    }

    int port() {
        return port;
    }

    /** It believes what is signed with any of them. */
    Receiver knowing(String... some) {
        secrets = List.of(some);
        return this;
    }

    /** @param status of the answer, or that of a cut connection */
    Receiver withMood(ToIntFunction<JsonNode> status) {
        mood = status;
        return this;
    }

    int badSignatures() {
        return badSignatures.get();
    }

    /** What it took in, in the order in which it did, repetitions included. */
    synchronized List<JsonNode> taken() {
        return List.copyOf(taken);
    }

    /** How often it was told of an event. */
    synchronized int calls(String id) {
        return calls.getOrDefault(id, 0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String id = String.valueOf(exchange.getRequestHeaders().getFirst(Signature.ID));
            long timestamp = Long.parseLong(exchange.getRequestHeaders().getFirst(Signature.TIMESTAMP));
            String signature = exchange.getRequestHeaders().getFirst(Signature.SIGNATURE);
            if (secrets.stream()
                    .noneMatch(secret -> Signature.matches(secret, id, timestamp, body, signature, Instant.now()))) {
                badSignatures.incrementAndGet();
            }
            JsonNode event = JsonMapper.shared().readTree(body);
            synchronized (this) {
                calls.merge(id, 1, Integer::sum);
            }
            int status = mood.applyAsInt(event);
            if (status == 200 || status == CUT_AFTER) {
                synchronized (this) {
                    taken.add(event);
                }
            }
            if (status > 0) {
                exchange.sendResponseHeaders(status, -1);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
