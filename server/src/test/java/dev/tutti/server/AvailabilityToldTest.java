package dev.tutti.server;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What channels can sell is told as it changes: to webhooks, and to whoever listens. */
class AvailabilityToldTest {
    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData();
        admin = hub.admin();
        assertThat(admin.json("PUT", "/v1/items", "[{\"sku\":\"T-1\"},{\"sku\":\"T-2\"},{\"sku\":\"T-3\"}]")
                        .status())
                .isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static void until(Callable<Boolean> holds) throws Exception {
        for (int i = 0; i < 400 && !holds.call(); i++) {
            Thread.sleep(50);
        }
        assertThat(holds.call()).isTrue();
    }

    /** By SKU, what was told last. */
    private static Map<String, Integer> figures(List<JsonNode> events) {
        Map<String, Integer> newest = new TreeMap<>();
        for (JsonNode event : events) {
            for (JsonNode item : event.at("/data/items")) {
                newest.put(item.at("/sku").asString(), item.at("/ship").asInt());
            }
        }
        return newest;
    }

    @Test
    void awayOrNotASubscriptionHearsOfTheNewestFigures() throws Exception {
        try (Receiver receiver = Receiver.start()) {
            Configured.apply(hub, """
                    subscriptions:
                      - {code: told, url: "%s", channels: [web], events: [availability-changed], inside: true}
                    """.formatted(receiver.url()));
            receiver.knowing(
                    admin.send("POST", "/v1/subscriptions/told/secrets").text("secret"));
            hub.withStock("T-1", "S1", 5).withStock("T-2", "S1", 7);
            until(() -> Integer.valueOf(5).equals(figures(receiver.taken()).get("T-1"))
                    && Integer.valueOf(7).equals(figures(receiver.taken()).get("T-2")));
            assertThat(receiver.badSignatures()).isZero();
            JsonNode first = receiver.taken().getFirst();
            assertThat(first.at("/type").asString()).isEqualTo("dev.tutti.availability-changed");
            assertThat(first.at("/data/fromTheBeginning").asBoolean()).isTrue();
            assertThat(first.at("/subject").asString()).isEqualTo("web");

            receiver.withMood(event -> 503);
            // Down to few units: of many, a little change on top of the one before would rightly not be told.
            for (int units = 30; units >= 9; units--) {
                hub.withStock("T-1", "S1", units);
            }
            int before = receiver.taken().size();
            receiver.withMood(event -> 200);
            until(() -> Integer.valueOf(9).equals(figures(receiver.taken()).get("T-1")));
            List<JsonNode> since =
                    receiver.taken().subList(before, receiver.taken().size());
            assertThat(since.stream().flatMap(event -> event.at("/data/items").valueStream()))
                    .filteredOn(item -> item.at("/sku").asString().equals("T-1"))
                    .as("of what happened while it was away, the newest alone")
                    .hasSizeLessThan(5);

            // Orders are nothing that it asked for.
            assertThat(admin.json("POST", "/v1/orders", """
                    {"channel":"web","externalId":"told-1","currency":"EUR","shipTo":{"country":"GB"},
                     "lines":[{"sku":"T-2","quantity":2,"unitPrice":1}]}
                    """).status()).isEqualTo(201);
            until(() -> Integer.valueOf(5).equals(figures(receiver.taken()).get("T-2")));
            assertThat(receiver.taken())
                    .allMatch(event -> event.at("/type").asString().equals("dev.tutti.availability-changed"));

            // Another server leaves it to the one that has it.
            int told = receiver.taken().size();
            try (Server another = hub.another()) {
                assertThat(another.port()).isPositive();
                Thread.sleep(1_000);
                assertThat(receiver.taken()).hasSize(told);
            }
        }
    }

    @Test
    void whoListensHearsOfIt() throws Exception {
        hub.withStock("T-3", "S1", 3);
        ConcurrentLinkedQueue<JsonNode> heard = new ConcurrentLinkedQueue<>();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + hub.port() + "/v1/availability/changes?channel=web"))
                .header("Authorization", "Bearer " + hub.adminKey())
                .header("Accept", "application/x-ndjson")
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<Stream<String>> response = client.send(request, HttpResponse.BodyHandlers.ofLines());
            assertThat(response.headers().firstValue("content-type").orElse("")).contains("application/x-ndjson");
            Thread listening = Thread.ofVirtual().start(() -> {
                try (Stream<String> lines = response.body()) {
                    lines.forEach(line -> heard.add(JsonMapper.shared().readTree(line)));
                } catch (java.io.UncheckedIOException e) {
                    // it was told to stop
                }
            });
            until(() -> heard.stream().anyMatch(line -> says(line, 3)));
            assertThat(heard.peek().at("/fromTheBeginning").asBoolean()).isTrue();
            hub.withStock("T-3", "S1", 8);
            until(() -> heard.stream().anyMatch(line -> says(line, 8)));
            assertThat(heard).allMatch(line -> line.has("next"));
            client.shutdownNow();
            listening.join();
        }
    }

    @Test
    void allWhoAskFirstAtTheSameTimeHearOfEverything() throws Exception {
        int items = 3_000;
        String skus = IntStream.range(0, items)
                .mapToObj(n -> "{\"sku\":\"MANY-" + n + "\"}")
                .collect(joining(",", "[", "]"));
        assertThat(admin.json("PUT", "/v1/items", skus).status()).isEqualTo(200);
        String stock = IntStream.range(0, items)
                .mapToObj(n -> "{\"sku\":\"MANY-" + n + "\",\"node\":\"S1\",\"quantity\":2}")
                .collect(joining("\n"));
        assertThat(admin.ndjson("/v1/stock/snapshot", stock).text().lines()).hasSize(items);
        assertThat(admin.json("PUT", "/v1/channels", "[{\"code\":\"kiosk\",\"currency\":\"EUR\"}]")
                        .status())
                .isEqualTo(200);

        List<Future<Integer>> heard = new ArrayList<>();
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                heard.add(readers.submit(() -> allOf("kiosk")));
            }
        }
        for (Future<Integer> reader : heard) {
            assertThat(reader.get()).isEqualTo(items);
        }
    }

    /** How many items with a name like that are told of from the beginning until there is no more. */
    private static int allOf(String channel) {
        TreeSet<String> told = new TreeSet<>();
        JsonNode page = admin.get("/v1/availability/changes?limit=1000&channel=" + channel)
                .json();
        while (true) {
            for (JsonNode item : page.at("/items")) {
                told.add(item.at("/sku").asString());
            }
            if (!page.at("/more").asBoolean()) {
                told.removeIf(sku -> !sku.startsWith("MANY-"));
                return told.size();
            }
            page = admin.get("/v1/availability/changes?limit=1000&channel=" + channel + "&after="
                            + page.at("/next").asString())
                    .json();
        }
    }

    private static boolean says(JsonNode line, int units) {
        return line.at("/sku").asString("").equals("T-3") && line.at("/ship").asInt() == units;
    }
}
