package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The stream of what happens, as a page or a program hears it. */
class EventStreamTest {
    private static TestHub hub;
    private static Http admin;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 1_000);
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
        CLIENT.close();
    }

    private record Heard(@Nullable String id, String type, JsonNode event) {
        String order() {
            return event.at("/data/order").asString();
        }

        int version() {
            return event.at("/data/version").asInt();
        }
    }

    /** An open stream. */
    private static final class Listening implements AutoCloseable {
        private final HttpResponse<InputStream> response;
        private final BufferedReader lines;
        private String lastId = "";

        Listening(String key, String query, String lastEventId) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + hub.port() + "/v1/event-stream" + query))
                    .header("Authorization", "Bearer " + key);
            if (!lastEventId.isEmpty()) {
                request.header("Last-Event-ID", lastEventId);
            }
            response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
            String first = lines.readLine();
            assertThat(first).startsWith("id: ");
            lastId = first.substring(4);
            assertThat(lines.readLine()).isEmpty();
        }

        /** The next event, or null at the end of the stream. */
        @Nullable
        Heard next() throws IOException {
            String id = null;
            String type = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                    lastId = id;
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data += line.substring(6);
                } else if (line.isEmpty() && !data.isEmpty()) {
                    return new Heard(id, type, JsonMapper.shared().readTree(data));
                }
            }
            return null;
        }

        List<Heard> until(Predicate<List<Heard>> enough) throws IOException {
            List<Heard> all = new ArrayList<>();
            while (!enough.test(all)) {
                Heard next = next();
                if (next == null) {
                    throw new AssertionError("the stream ended after " + all);
                }
                all.add(next);
            }
            return all;
        }

        String lastId() {
            return lastId;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private static String place(String channel, String externalId) {
        Http.Reply reply = admin.json("POST", "/v1/orders", """
                        {"channel":"%s","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},
                         "lines":[{"sku":"A","quantity":1,"unitPrice":100}]}""".formatted(channel, externalId));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.text("id");
    }

    private static void cancel(String id) {
        assertThat(admin.json("POST", "/v1/orders/" + id + "/cancel", "{\"reason\":\"changed my mind\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void tellsEverythingInOrderWhileManyOrderAtOnce() throws Exception {
        int orders = 60;
        try (Listening all = new Listening(hub.adminKey(), "", "");
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<String>> placed = new ArrayList<>();
            for (int i = 0; i < orders; i++) {
                String externalId = "many-" + i;
                placed.add(threads.submit(() -> {
                    String id = place("web", externalId);
                    cancel(id);
                    return id;
                }));
            }
            TreeSet<String> wanted = new TreeSet<>();
            for (Future<String> one : placed) {
                wanted.add(one.get());
            }
            TreeSet<String> closed = new TreeSet<>();
            List<Heard> heard = all.until(sofar -> {
                if (!sofar.isEmpty() && sofar.getLast().type().equals("order-closed")) {
                    closed.add(sofar.getLast().order());
                }
                return closed.containsAll(wanted);
            });

            Map<String, Integer> versions = new TreeMap<>();
            for (Heard one : heard) {
                if (wanted.contains(one.order())) {
                    assertThat(one.version()).isEqualTo(versions.getOrDefault(one.order(), 0) + 1);
                    versions.put(one.order(), one.version());
                    assertThat(one.event().at("/type").asString()).isEqualTo("dev.tutti." + one.type());
                }
            }
            assertThat(versions.keySet()).containsAll(wanted);
        }
    }

    @Test
    void whoComesBackHearsWhatHappenedMeanwhile() throws Exception {
        String before = place("web", "before");
        String lastId;
        String first;
        try (Listening listening = new Listening(hub.adminKey(), "", "")) {
            first = place("web", "first");
            List<Heard> heard = listening.until(sofar -> sofar.stream().anyMatch(one -> one.id() != null));
            assertThat(heard).noneMatch(one -> one.order().equals(before));
            assertThat(heard.getFirst().order()).isEqualTo(first);
            lastId = listening.lastId();
        }
        String second = place("web", "second");

        try (Listening again = new Listening(hub.adminKey(), "?after=latest", lastId)) {
            Heard next = again.next();
            assertThat(next).isNotNull();
            assertThat(next.order()).isEqualTo(second);
            assertThat(next.type()).isEqualTo("order-placed");
        }
    }

    @Test
    void tellsWhatIsAskedForAndWhatMayBeSeen() throws Exception {
        Http caller = hub.key("channel", "[\"app\"]", "[]");
        try (Listening app = new Listening(caller.key(), "?events=order-placed,order-closed", "")) {
            cancel(place("web", "other"));
            String own = place("app", "own");
            cancel(own);

            List<Heard> heard = app.until(sofar -> sofar.size() == 2);

            assertThat(heard).allMatch(one -> one.order().equals(own));
            assertThat(heard.stream().map(Heard::type)).containsExactly("order-placed", "order-closed");
            assertThat(admin.send("DELETE", "/v1/keys/" + caller.key().split("_")[1])
                            .status())
                    .isEqualTo(204);
            assertThat(app.next()).as("a revoked key hears no more").isNull();
        }
    }

    @Test
    void whatCannotBeAskedForIsSaid() {
        assertThat(admin.get("/v1/event-stream?events=order-lost").text("detail"))
                .contains("there is no event order-lost");
        assertThat(admin.get("/v1/event-stream?after=yesterday").status()).isEqualTo(422);
        assertThat(admin.get("/v1/event-stream?order=x").status()).isEqualTo(422);
    }
}
