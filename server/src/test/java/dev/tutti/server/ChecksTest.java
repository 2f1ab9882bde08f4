package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is looked at before a node hears of an order: where it goes, whether it came before, what is odd about it. */
class ChecksTest {
    private static final String GOOD = """
            {"name":"A. Person","street":"Hauptstr. 1","city":"Berlin","postcode":"%s","country":"DE"}""";

    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() throws IOException {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 1_000).withStock("B", "DC", 1_000);
        admin = hub.admin();
        Configured.apply(hub, Files.readString(Path.of("../examples/flows/checked.yaml")) + """
                        channels:
                          - {code: checked, currency: EUR, flow: checked, duplicatesWithin: 1d}
                        """);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static String body(String externalId, String who, String postcode, String sku, int quantity) {
        return """
                {"channel":"checked","externalId":"%s","customer":"%s","currency":"EUR","shipTo":%s,
                 "lines":[{"sku":"%s","quantity":%d,"unitPrice":10000}]}""".formatted(externalId, who, GOOD.formatted(postcode), sku, quantity);
    }

    private static JsonNode place(Http as, String body) {
        Http.Reply reply = as.json("POST", "/v1/orders", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json();
    }

    private static List<String> holds(JsonNode order) {
        return StreamSupport.stream(order.at("/holds").spliterator(), false)
                .map(hold -> hold.at("/type").asString())
                .toList();
    }

    private static List<String> found(String query) {
        return StreamSupport.stream(
                        admin.get("/v1/orders?" + query).json().at("/orders").spliterator(), false)
                .map(order -> order.at("/id").asString())
                .toList();
    }

    private static JsonNode order(String id) {
        return admin.get("/v1/orders/" + id).json();
    }

    private static void clean() {
        assertThat(hub.violations()).isEmpty();
    }

    @Test
    void anOrderThatNothingIsWrongWithGoesOn() {
        JsonNode order = place(admin, body("good", "c-good", "10115", "A", 1));

        assertThat(order.at("/status").asString()).isEqualTo("released");
        assertThat(order.has("holds")).isFalse();
        assertThat(order.has("duplicateOf")).isFalse();
    }

    @Test
    void whatCannotBeDeliveredIsHeldUntilTheAddressIsCorrected() throws InterruptedException {
        JsonNode order = place(admin, body("address", "c-address", "1011", "A", 1));
        String id = order.at("/id").asString();

        assertThat(order.at("/status").asString()).isEqualTo("allocated");
        assertThat(holds(order)).containsExactly("address");
        assertThat(order.at("/shipGroups/0/addressProblem").asString()).isEqualTo("wrong-postcode");

        String path = "/v1/orders/" + id + "/ship-groups/1/address";
        String still = "{\"reason\":\"called\",\"address\":" + GOOD.formatted("999") + "}";
        assertThat(holds(admin.json("POST", path, still).json())).containsExactly("address");
        String abroad =
                "{\"reason\":\"moved\",\"address\":" + GOOD.formatted("75001").replace("\"DE\"", "\"FR\"") + "}";
        assertThat(admin.json("POST", path, abroad).text("code")).isEqualTo("invalid-field");
        assertThat(admin.json("POST", path.replace("groups/1", "groups/2"), still)
                        .status())
                .isEqualTo(409);

        String right = "{\"reason\":\"called\",\"address\":"
                + GOOD.formatted("10117").replace("A. Person", "Zacharias Corrected") + "}";
        Http.Reply corrected = admin.json("POST", path, right);

        assertThat(corrected.status()).as(corrected.text()).isEqualTo(200);
        assertThat(corrected.json().at("/status").asString()).isEqualTo("released");
        assertThat(corrected.json().has("holds")).isFalse();
        assertThat(corrected.json().at("/shipGroups/0/postcode").asString()).isEqualTo("10117");
        assertThat(admin.json("POST", path, right).status())
                .as("a node has begun")
                .isEqualTo(409);
        for (int i = 0; i < 200; i++) {
            JsonNode found = admin.get("/v1/orders?q=zacharias").json().at("/orders/0/id");
            if (found.asString("").equals(id)) {
                clean();
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the corrected name is not found");
    }

    @Test
    void oneOrderSentTwiceIsHeld() {
        String first = place(admin, body("twice-1", "c-twice", "10115", "B", 2))
                .at("/id")
                .asString();
        JsonNode second = place(admin, body("twice-2", "c-twice", "10115", "B", 2));
        JsonNode other = place(admin, body("twice-3", "c-twice", "10115", "B", 3));
        JsonNode another = place(admin, body("twice-4", "c-other", "10115", "B", 2));

        assertThat(second.at("/duplicateOf").asString()).isEqualTo(first);
        assertThat(holds(second)).containsExactly("duplicate");
        assertThat(other.has("duplicateOf")).isFalse();
        assertThat(another.has("duplicateOf")).isFalse();
        assertThat(admin.json("POST", "/v1/orders", body("twice-1", "c-twice", "10115", "B", 2))
                        .text("id"))
                .as("the same number is the same order")
                .isEqualTo(first);
        JsonNode looked = admin.json(
                        "POST",
                        "/v1/orders/" + second.at("/id").asString() + "/open-exception",
                        "{\"reason\":\"look\"}")
                .json();
        assertThat(looked.at("/exception/suggestions").toString()).contains("order " + first + " sent twice");
        clean();
    }

    @Test
    void whatComesAtTheSameMomentByTwoServersIsTaggedButOnce() throws Exception {
        Server another = hub.another();
        Http there = new Http(another.port(), hub.adminKey());
        Set<String> notTagged = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<JsonNode>> placed = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String body = body("moment-" + i, "c-moment", "10115", "A", 4);
                Http to = i % 2 == 0 ? admin : there;
                placed.add(threads.submit(() -> place(to, body)));
            }
            for (Future<JsonNode> one : placed) {
                if (!one.get().has("duplicateOf")) {
                    notTagged.add(one.get().at("/id").asString());
                }
            }
        } finally {
            another.close();
        }

        assertThat(notTagged).hasSize(1);
        clean();
    }

    @Test
    void rulesHoldWhatIsOddEachForItsReason() {
        JsonNode order = place(admin, body("odd", "", "1", "A", 30));

        assertThat(holds(order)).containsExactly("address", "fraud", "fraud");
        assertThat(found("hold=fraud")).contains(order.at("/id").asString());
        assertThat(found("held=true&hold=fra")).isEmpty();
        assertThat(order.at("/holds/1/reason").asString()).isEqualTo("nobody we know orders for more than 500");
        String id = order.at("/id").asString();
        Http.Reply after = admin.json("POST", "/v1/orders/" + id + "/holds/2/release", "{\"reason\":\"known\"}");
        assertThat(holds(after.json())).containsExactly("address", "fraud");
        assertThat(order(id).at("/status").asString()).isEqualTo("allocated");
        admin.json("POST", "/v1/orders/" + id + "/holds/3/release", "{\"reason\":\"known\"}");
        assertThat(found("hold=fraud")).doesNotContain(id);
        assertThat(found("held=true")).contains(id);
        clean();
    }

    @Test
    void aRuleThatAsksForWhatIsNotThereIsNotTaken() {
        String flow = """
                flows:
                  - code: odd
                    steps:
                      - code: screen
                        do: screen
                        rules:
                          - {when: order.age > 3, hold: fraud, reason: "?"}
                        edges:
                          - {on: done, to: close}
                      - {code: close, do: close}
                """;
        assertThat(Configured.refused(hub, flow)).contains("flows[0].steps[0].rules[0].when");
        assertThat(Configured.refused(
                        hub, flow.replace("do: screen", "do: validate").replace("order.age >", "order.units >")))
                .contains("goes by no rules");
    }
}
