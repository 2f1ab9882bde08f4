package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Many orders in one request. */
class BulkOrdersTest {
    private static final int LINES = Boolean.getBoolean("tutti.deep") ? 99_999 : 9_999;

    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 1_000_000);
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static String order(String externalId, String sku) {
        return "{\"channel\":\"web\",\"externalId\":\"%s\",\"currency\":\"EUR\",\"shipTo\":{\"country\":\"GB\"},"
                        .formatted(externalId)
                + "\"lines\":[{\"sku\":\"%s\",\"quantity\":1,\"unitPrice\":100}]}".formatted(sku);
    }

    @Test
    void everyLineHasAResultInItsPlace() {
        String body = String.join(
                "\n",
                order("r1", "A"),
                "",
                order("r2", "none"),
                "{\"channel\":\"web\"",
                order("r3", "A"),
                order("r1", "A"));

        Http.Reply reply = admin.ndjson("/v1/orders/bulk", body);

        List<JsonNode> lines = reply.lines();
        assertThat(reply.header("Content-Type")).startsWith("application/x-ndjson");
        assertThat(lines.stream().map(l -> l.at("/line").asInt())).containsExactly(1, 3, 4, 5, 6);
        assertThat(lines.stream().map(l -> l.at("/status").asInt())).containsExactly(201, 422, 400, 201, 200);
        assertThat(lines.get(1).at("/problem/path").asString()).isEqualTo("lines[0].sku");
        assertThat(lines.get(2).at("/problem/detail").asString()).startsWith("line 4, column 17");
        assertThat(lines.get(4).at("/id").asString())
                .isEqualTo(lines.get(0).at("/id").asString());
        assertThat(lines.get(4).at("/replayed").asBoolean()).isTrue();
    }

    @Test
    void aFileThatBreaksInItsLastLineGivesAllTheOthersAndChangesNothingWhenRepeated() {
        StringBuilder file = new StringBuilder();
        for (int i = 1; i < LINES; i++) {
            file.append(order("broken-" + i, "A")).append('\n');
        }
        file.append(order("broken-" + LINES, "A"), 0, 60);

        Http.Reply first = admin.ndjson("/v1/orders/bulk", file.toString());
        Http.Reply again = admin.ndjson("/v1/orders/bulk", file.toString());

        List<JsonNode> lines = first.lines();
        assertThat(lines).hasSize(LINES);
        assertThat(lines.subList(0, LINES - 1))
                .allMatch(line -> line.at("/status").asInt() == 201);
        assertThat(lines.getLast().at("/problem/code").asString()).isEqualTo("malformed-json");
        assertThat(lines.getLast().at("/problem/detail").asString()).startsWith("line " + LINES + ", column 61");
        List<JsonNode> repeated = again.lines();
        assertThat(repeated.subList(0, LINES - 1))
                .allMatch(line -> line.at("/status").asInt() == 200);
        assertThat(repeated.stream().map(line -> line.at("/id").asString()))
                .isEqualTo(lines.stream().map(line -> line.at("/id").asString()).toList());
    }

    @Test
    void aLineOfAnyContentSpoilsNoOther() {
        String body = order("before", "A") + "\n" + "[".repeat(10_000) + "\n\u0000\n\"text\"\n" + "9".repeat(5_000)
                + "\n" + "x".repeat(5 << 20) + "\n" + order("after", "A") + "\r\n";

        List<JsonNode> lines = admin.ndjson("/v1/orders/bulk", body).lines();

        assertThat(lines.stream().map(l -> l.at("/status").asInt())).containsExactly(201, 422, 400, 422, 400, 413, 201);
    }

    @Test
    void anEmptyFileIsAnsweredEmpty() {
        assertThat(admin.ndjson("/v1/orders/bulk", "\n \n").text()).isEmpty();
    }

    @Test
    void aKeyRevokedMeanwhileEndsTheFile() throws Exception {
        Http other = hub.key("channel", "[\"*\"]", "[\"*\"]");
        PipedInputStream body = new PipedInputStream(1 << 20);
        try (OutputStream out = new PipedOutputStream(body);
                HttpClient client = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<String>> reply = client.sendAsync(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + hub.port() + "/v1/orders/bulk"))
                            .header("Authorization", "Bearer " + other.key())
                            .header("Content-Type", "application/x-ndjson")
                            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            write(out, "before", 50);
            while (!isPlaced("before-49")) {
                Thread.sleep(20);
            }

            admin.send("DELETE", "/v1/keys/" + other.key().split("_", -1)[1]);
            write(out, "after", 1_000);
            out.close();

            assertThat(reply.handle((answer, cut) ->
                                    answer == null || answer.body().lines().count() < 1_000)
                            .get(1, TimeUnit.MINUTES))
                    .isTrue();
        }
        assertThat(isPlaced("after-999")).isFalse();
    }

    private static void write(OutputStream out, String name, int orders) throws IOException {
        for (int i = 0; i < orders; i++) {
            out.write((order(name + "-" + i, "A") + "\n").getBytes(StandardCharsets.UTF_8));
        }
        // More than any buffer on the way holds back.
        out.write(("\n".repeat(70_000)).getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static boolean isPlaced(String externalId) {
        return !admin.get("/v1/orders?channel=web&externalId=" + externalId)
                .json()
                .at("/orders")
                .isEmpty();
    }

    @Test
    void otherContentTypesAreRefused() {
        assertThat(admin.json("POST", "/v1/orders/bulk", order("json", "A")).status())
                .isEqualTo(415);
    }
}
