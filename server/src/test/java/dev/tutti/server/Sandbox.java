package dev.tutti.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tutti.server.outgoing.Signature;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service outside, as a real HTTP server: it has effects, and can lose its answers before or after them. */
final class Sandbox implements AutoCloseable {
    /** What it does when it is called. */
    enum Mood {
        ANSWERS,
        /** Nothing has happened when the connection ends. */
        LOSES_THE_CALL,
        /** It has happened, and the connection ends. */
        LOSES_THE_ANSWER,
        FAILS,
        IS_BUSY,
        /** It has happened, and it shows the way elsewhere. */
        REDIRECTS,
        ANSWERS_LATER,
        SAYS_NO
    }

    private final HttpServer server;
    private final Map<String, AtomicInteger> effects = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private volatile Function<JsonNode, String> answer = order -> "{\"answers\": {\"risk\": \"low\"}}";
    private final Queue<JsonNode> done = new ConcurrentLinkedQueue<>();
    private final Queue<Signed> signatures = new ConcurrentLinkedQueue<>();
    private final Map<String, String> addresses = new ConcurrentHashMap<>();
    private final AtomicInteger lookUps = new AtomicInteger();
    private volatile int lookUpStatus;
    private volatile boolean keyed = true;
    private volatile MoodOf mood = (key, call) -> Mood.ANSWERS;

    /** @param signature null if there was none */
    record Signed(@Nullable String signature, @Nullable String timestamp, String id, byte[] body) {}

    /** What it does with which call, counted for each key from 1. */
    interface MoodOf {
        Mood of(String key, int call);
    }

    private Sandbox(HttpServer server) {
        this.server = server;
    }

    static Sandbox start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        Sandbox sandbox = new Sandbox(server);
        server.createContext("/", sandbox::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return sandbox;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/check";
    }

    Sandbox withMood(MoodOf next) {
        mood = next;
        return this;
    }

    /** It does what it is asked each time it is. */
    Sandbox forgettingKeys() {
        keyed = false;
        return this;
    }

    Sandbox answering(Function<JsonNode, String> next) {
        answer = next;
        return this;
    }

    Map<String, AtomicInteger> effects() {
        return effects;
    }

    /** What it was asked each time that it did it. */
    List<JsonNode> done() {
        return List.copyOf(done);
    }

    /** All calls, with what they were signed with. */
    List<Signed> signed() {
        return List.copyOf(signatures);
    }

    /** Where the answer to its only call is to be said later. */
    String answerAddress() {
        return addresses.values().iterator().next();
    }

    /** @param status of all look-ups from now on; 0 for what is true */
    Sandbox lookUpAnswering(int status) {
        lookUpStatus = status;
        return this;
    }

    int lookUps() {
        return lookUps.get();
    }

    int calls() {
        return calls.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestMethod().equals("GET")) {
                String path = exchange.getRequestURI().getPath();
                String key = path.substring(path.lastIndexOf('/') + 1);
                lookUps.incrementAndGet();
                int status = lookUpStatus;
                reply(exchange, status > 0 ? status : effects.containsKey(key) ? 200 : 404, "{}");
                return;
            }
            JsonNode asked = JsonMapper.shared().readTree(body);
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            if (!key.equals(asked.path("key").asString())) {
                reply(exchange, 400, "{}");
                return;
            }
            signatures.add(new Signed(
                    exchange.getRequestHeaders().getFirst(Signature.SIGNATURE),
                    exchange.getRequestHeaders().getFirst(Signature.TIMESTAMP),
                    key,
                    body));
            addresses.put(key, asked.path("answerAt").asString());
            int call = calls.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
            switch (mood.of(key, call)) {
                case ANSWERS -> {
                    happen(key, asked);
                    reply(exchange, 200, answer.apply(asked.path("order")));
                }
                case LOSES_THE_CALL -> {}
                case LOSES_THE_ANSWER -> happen(key, asked);
                case FAILS -> reply(exchange, 500, "oh");
                case IS_BUSY -> reply(exchange, 503, "");
                case REDIRECTS -> {
                    happen(key, asked);
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    reply(exchange, 303, "");
                }
                case ANSWERS_LATER -> reply(exchange, 202, "");
                case SAYS_NO -> reply(exchange, 422, "{\"answers\": {\"risk\": \"unknown\"}}");
            }
        }
    }

    /** Once for a key if it is keyed; else each time it is asked. */
    private void happen(String key, JsonNode asked) {
        AtomicInteger count = effects.computeIfAbsent(key, k -> new AtomicInteger());
        if (!keyed || count.get() == 0) {
            count.incrementAndGet();
            done.add(asked);
        }
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
