package dev.tutti.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What others tell of the stock, late, twice, in the wrong order and in part. */
class StockFilesTest {
    private static TestHub hub;
    private static Http admin;
    private static int files;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData();
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @AfterEach
    void everyInvariantHolds() {
        assertThat(hub.violations()).isEmpty();
    }

    private static String ago(int minutes) {
        return Instant.now().minus(Duration.ofMinutes(minutes)).toString();
    }

    private static void item(String sku) {
        assertThat(admin.json("PUT", "/v1/items", "[{\"sku\":\"" + sku + "\"}]").status())
                .isEqualTo(200);
    }

    private static Http.Reply count(String sku, int units, String asOf) {
        return admin.ndjson(
                "/v1/stock/snapshot",
                "{\"sku\":\"%s\",\"node\":\"DC\",\"quantity\":%d,\"asOf\":\"%s\"}".formatted(sku, units, asOf));
    }

    private static Http.Reply sell(String sku, int units, String at) {
        return admin.ndjson(
                "/v1/stock/sales",
                "{\"sku\":\"%s\",\"node\":\"DC\",\"quantity\":%d,\"at\":\"%s\"}".formatted(sku, units, at));
    }

    private static int onHand(String sku) {
        JsonNode position =
                admin.get("/v1/stock?sku=" + sku + "&node=DC").json().at("/positions/0");
        return position.at("/onHand").asInt(-1);
    }

    @Test
    void aSnapshotThatComesLateDoesNotUndoWhatWasSoldSince() {
        item("S-LATE");
        count("S-LATE", 10, ago(90));
        sell("S-LATE", 3, ago(30));
        assertThat(onHand("S-LATE")).isEqualTo(7);

        Http.Reply late = count("S-LATE", 12, ago(60));

        assertThat(late.text()).contains("200").doesNotContain("overtaken");
        assertThat(onHand("S-LATE")).isEqualTo(9);
    }

    @Test
    void aSnapshotFromYesterdayChangesNothingAndSaysSo() {
        item("S-OLD");
        count("S-OLD", 10, ago(5));

        Http.Reply old = count("S-OLD", 500, ago(24 * 60));

        assertThat(old.text()).contains("\"overtaken\":true");
        assertThat(onHand("S-OLD")).isEqualTo(10);
    }

    @Test
    void aSaleThatTheCountHasSeenIsNotTakenOffTwice() {
        item("S-SEEN");
        count("S-SEEN", 4, ago(5));

        assertThat(sell("S-SEEN", 2, ago(20)).text()).contains("\"overtaken\":true");
        assertThat(onHand("S-SEEN")).isEqualTo(4);
        assertThat(sell("S-SEEN", 2, ago(1)).text()).doesNotContain("overtaken");
        assertThat(onHand("S-SEEN")).isEqualTo(2);
    }

    @Test
    void whatWasSoldBeforeItsDeliveryWasToldOfIsNotThereTwice() {
        for (String sku : List.of("D-FIRST", "D-LATE", "D-LESS", "D-NOW")) {
            item(sku);
            count(sku, 0, ago(100));
        }
        deliver("D-FIRST", 5, ago(60));
        sell("D-FIRST", 3, ago(30));
        sell("D-LATE", 3, ago(30));
        assertThat(onHand("D-LATE")).isZero();
        assertThat(deliver("D-LATE", 5, ago(60)).text()).contains("200").doesNotContain("overtaken");
        assertThat(onHand("D-FIRST")).isEqualTo(onHand("D-LATE")).isEqualTo(2);
        deliver("D-LATE", 4, ago(50));
        assertThat(onHand("D-LATE")).as("what was sold came once").isEqualTo(6);

        sell("D-LESS", 3, ago(30));
        assertThat(deliver("D-LESS", 2, ago(60)).text()).doesNotContain("overtaken");
        deliver("D-LESS", 2, ago(50));
        assertThat(onHand("D-LESS")).isEqualTo(1);

        sell("D-NOW", 3, ago(30));
        deliver("D-NOW", 5, ago(10));
        assertThat(onHand("D-NOW")).as("it came after the sale").isEqualTo(5);
    }

    /** By moment there are 0 after the second count, 9 with the delivery, then 5, then 2. */
    @Test
    void theSameFactsComeToTheSameInAnyOrder() {
        String both = ago(40);
        List<Consumer<String>> facts = List.of(
                sku -> count(sku, 10, ago(100)),
                sku -> count(sku, 0, ago(45)),
                sku -> deliver(sku, 9, both),
                sku -> sell(sku, 4, both),
                sku -> sell(sku, 3, ago(30)));
        List<List<Integer>> orders = orders(List.of(0, 1, 2, 3, 4));
        assertThat(orders).hasSize(120);
        for (List<Integer> order : orders) {
            String sku = "D-" + order.stream().map(String::valueOf).collect(joining());
            item(sku);
            order.forEach(fact -> facts.get(fact).accept(sku));
            assertThat(onHand(sku)).as(sku).isEqualTo(2);
        }
    }

    private static List<List<Integer>> orders(List<Integer> of) {
        if (of.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> orders = new ArrayList<>();
        for (Integer first : of) {
            List<Integer> others =
                    of.stream().filter(other -> !other.equals(first)).toList();
            for (List<Integer> rest : orders(others)) {
                List<Integer> order = new ArrayList<>(List.of(first));
                order.addAll(rest);
                orders.add(order);
            }
        }
        return orders;
    }

    @Test
    void whatBecomesOfAnotherConditionIsThereOnce() {
        item("Q-1");
        String toGood =
                "{\"sku\":\"Q-1\",\"node\":\"DC\",\"quantity\":3,\"condition\":\"quality-control\",\"to\":\"good\"}";
        String came = "{\"sku\":\"Q-1\",\"node\":\"DC\",\"quantity\":4,\"condition\":\"quality-control\"}";

        Http.Reply file = admin.ndjson("/v1/stock/delta", came + "\n" + toGood + "\n" + toGood);

        assertThat(file.text().lines().toList())
                .as(file.text())
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"status\":200"),
                        line -> assertThat(line).contains("\"status\":200"),
                        line -> assertThat(line)
                                .contains("\"line\":3", "insufficient-supply")
                                .contains("not so many units"));
        assertThat(onHand("Q-1")).isEqualTo(3);
        assertThat(admin.ndjson("/v1/stock/delta", toGood).text()).contains("insufficient-supply");
        assertThat(onHand("Q-1")).isEqualTo(3);
    }

    @Test
    void aLineThatTakesWhatAnEarlierOneBringsComesAfterIt() {
        String in = "{\"sku\":\"%s\",\"node\":\"DC\",\"quantity\":5}";
        String out = "{\"sku\":\"%s\",\"node\":\"DC\",\"quantity\":-5}";
        StringBuilder lines = new StringBuilder();
        List<String> skus = IntStream.range(0, 200).mapToObj(n -> "O-" + n).toList();
        for (String sku : skus) {
            item(sku);
            lines.append(in.formatted(sku))
                    .append('\n')
                    .append(out.formatted(sku))
                    .append('\n');
        }

        Http.Reply file = admin.ndjson("/v1/stock/delta?source=wms&sequence=1", lines.toString());

        assertThat(file.text().lines()).hasSize(400).allMatch(line -> line.contains("200"));
        assertThat(skus).allSatisfy(sku -> assertThat(onHand(sku)).as(sku).isZero());
    }

    private static Http.Reply deliver(String sku, int units, String at) {
        return admin.ndjson(
                "/v1/stock/delta",
                "{\"sku\":\"%s\",\"node\":\"DC\",\"quantity\":%d,\"at\":\"%s\"}".formatted(sku, units, at));
    }

    @Test
    void twoFeedsForOneNodeComeToTheSameInEitherOrder() {
        for (String sku : List.of("S-ONE", "S-TWO")) {
            item(sku);
        }
        String counted = ago(60);
        String sold = ago(50);
        count("S-ONE", 8, counted);
        sell("S-ONE", 1, sold);
        sell("S-TWO", 1, sold);
        count("S-TWO", 8, counted);
        assertThat(onHand("S-ONE")).isEqualTo(onHand("S-TWO")).isEqualTo(7);
    }

    @Test
    void whatTheHubItselfHasSentOffSinceIsTakenOffALateCount() {
        item("S-SENT");
        count("S-SENT", 5, ago(90));
        String id = admin.json("POST", "/v1/orders", """
                        {"channel":"web","externalId":"sent","currency":"EUR","shipTo":{"country":"GB"},
                         "lines":[{"sku":"S-SENT","quantity":2,"unitPrice":100}]}
                        """).text("id");
        for (String act : List.of("pick", "pack", "hand-over")) {
            Http.Reply done = admin.json("POST", "/v1/orders/" + id + "/fulfilment-orders/1/" + act, "{}");
            assertThat(done.status()).as(done.text()).isEqualTo(200);
        }

        count("S-SENT", 6, ago(10));

        assertThat(onHand("S-SENT")).isEqualTo(4);
    }

    @Test
    void aFileThatBrokeOffIsSentAgainAndEachLineIsTakenOnce() {
        String source = "wms-" + ++files;
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 40; i++) {
            item("S-FILE" + i);
            lines.append("{\"sku\":\"S-FILE%d\",\"node\":\"DC\",\"quantity\":3}\n".formatted(i));
        }
        String path = "/v1/stock/delta?source=" + source + "&sequence=1";
        String cut = lines.substring(0, lines.length() / 2);
        String half = cut.substring(0, cut.lastIndexOf('\n') + 5);
        assertThat(admin.ndjson(path, half).text()).contains("\"status\":200", "malformed-json");

        Http.Reply again = admin.ndjson(path, lines.toString());

        assertThat(again.text()).contains("replayed");
        for (int i = 1; i <= 40; i++) {
            assertThat(onHand("S-FILE" + i)).isEqualTo(3);
        }
        admin.ndjson("/v1/stock/delta?source=" + source + "&sequence=4", lines.toString());
        JsonNode known = admin.get("/v1/stock/files?source=" + source).json().at("/sources/0");
        assertThat(known.at("/newest").asInt()).isEqualTo(4);
        assertThat(known.at("/missing").toString()).isEqualTo("[2,3]");
        assertThat(known.at("/files/1/taken").asInt()).isEqualTo(40);
    }

    @Test
    void aLineOfAClockThatIsAheadIsTheSameLineWhenItIsSentAgain() {
        item("S-AHEAD");
        count("S-AHEAD", 9, ago(5));
        String path = "/v1/stock/sales?source=till-" + ++files + "&sequence=1";
        String line = "{\"sku\":\"S-AHEAD\",\"node\":\"DC\",\"quantity\":2,\"at\":\"%s\"}"
                .formatted(Instant.now().plusSeconds(40));
        admin.ndjson(path, line);
        assertThat(admin.ndjson(path, line).text()).contains("replayed");
        assertThat(admin.ndjson(path, line.replace("quantity\":2", "quantity\":3"))
                        .text())
                .contains("key-reused", "line 1 of file 1");
        assertThat(onHand("S-AHEAD")).isEqualTo(7);
    }

    @Test
    void whatCannotBeIsRefusedAndTheStockStaysTrue() {
        item("S-BAD");
        count("S-BAD", 5, ago(5));
        String future = Instant.now().plus(Duration.ofHours(1)).toString();
        assertThat(count("S-BAD", 9, future).text()).contains("invalid-field", "is not between");
        assertThat(count("S-BAD", -1, ago(1)).text()).contains("invalid-field");
        assertThat(admin.ndjson(
                                "/v1/stock/snapshot",
                                "{\"sku\":\"S-BAD\",\"node\":\"DC\",\"quantity\":1,\"unit\":\"box\"}")
                        .text())
                .contains("unknown-field");
        assertThat(admin.ndjson("/v1/stock/snapshot?sequence=1", "{}").status()).isEqualTo(422);
        assertThat(admin.ndjson("/v1/stock/snapshot?source=a&sequence=-1", "{}").status())
                .isEqualTo(422);
        assertThat(onHand("S-BAD")).isEqualTo(5);
    }

    /** The caller sends everything before it reads anything: 20 MB of answers, more than a connection holds. */
    @Test
    void eachOfVeryManyLinesIsAnswered() {
        int lines = 150_000;
        Http.Reply reply = admin.ndjson("/v1/stock/sales", "{}\n".repeat(lines));
        assertThat(reply.status()).isEqualTo(200);
        List<String> answers = reply.text().lines().toList();
        assertThat(answers).hasSize(lines);
        for (int i = 0; i < lines; i += 10_000) {
            assertThat(answers.get(i)).startsWith("{\"line\":" + (i + 1) + ",").contains("missing-field");
        }
    }

    @Test
    void aBodyThatBreaksIsAnsweredByWhatIsWrongAloneAndItsWholeLinesAreTaken() throws IOException {
        item("S-BROKEN");
        String line = "{\"sku\":\"S-BROKEN\",\"node\":\"DC\",\"quantity\":7}\n";
        String head =
                "POST /v1/stock/snapshot HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                        + hub.adminKey()
                        + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
        String chunk = Integer.toHexString(line.length()) + "\r\n" + line + "\r\n";
        try (Socket socket = new Socket("localhost", hub.port())) {
            socket.getOutputStream().write((head + chunk + "zz\r\n{}\r\n").getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\"").doesNotContain("\"line\":1");
        }
        for (int i = 0; i < 200 && onHand("S-BROKEN") != 7; i++) {
            LockSupport.parkNanos(50_000_000);
        }
        assertThat(onHand("S-BROKEN")).isEqualTo(7);
    }
}
