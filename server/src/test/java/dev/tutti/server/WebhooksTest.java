package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Somebody outside is told what happens: over HTTP, by one server and by two, whatever goes wrong on the way. */
class WebhooksTest {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static TestHub hub;
    private static Http admin;

    private Receiver receiver;
    private String code;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 100_000);
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    /** Each test has a channel and a subscription of its own. */
    @BeforeEach
    void open() throws IOException {
        receiver = Receiver.start();
        code = "c" + NUMBERS.incrementAndGet();
    }

    @AfterEach
    void close() {
        admin.send("DELETE", "/v1/subscriptions/" + code);
        receiver.close();
    }

    private void subscribe(String more) {
        Http.Reply reply = admin.json("POST", "/v1/configuration/apply", """
                {"channels": [{"code": "%1$s", "currency": "EUR", "flow": "ship"}],
                 "subscriptions": [{"code": "%1$s", "url": "%2$s", "channels": ["%1$s"], "inside": true%3$s}],
                 "reason": "a test"}
                """.formatted(code, receiver.url(), more));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    private String secret() {
        Http.Reply made = admin.send("POST", "/v1/subscriptions/" + code + "/secrets");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.text("secret");
    }

    private void subscribed(String more) {
        subscribe(more);
        receiver.knowing(secret());
    }

    private void place(String prefix, int orders) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < orders; i++) {
            lines.append("""
                    {"channel":"%s","externalId":"%s-%d","currency":"EUR","shipTo":{"country":"GB"},\
                    "lines":[{"sku":"A","quantity":1,"unitPrice":100}]}
                    """.formatted(code, prefix, i));
        }
        assertThat(admin.ndjson("/v1/orders/bulk", lines.toString()).lines())
                .allMatch(line -> line.at("/status").asInt() == 201);
    }

    /** The ids of orders of the test's channel, and how many events each has had. */
    private Map<String, Integer> versions() throws SQLException {
        Map<String, Integer> versions = new HashMap<>();
        try (Connection connection = DriverManager.getConnection(hub.url());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select o.id, o.version from orders o join channel c on c.id = o.channel_id where c.code = '%s'
                        """.formatted(code))) {
            while (row.next()) {
                versions.put(row.getString(1), row.getInt(2));
            }
        }
        return versions;
    }

    /** Waits until all is told; each order's events must have come the first time in their order, without a gap. */
    private void allIsTold() throws Exception {
        Map<String, Integer> wanted = versions();
        Map<String, Integer> told = new HashMap<>();
        for (int i = 0; i < 1_200 && !told.equals(wanted); i++) {
            Thread.sleep(50);
            told = told();
        }
        assertThat(told).isEqualTo(wanted);
        assertThat(receiver.taken())
                .allSatisfy(event -> assertThat(Contract.errors(event)).isEmpty());
        assertThat(receiver.badSignatures()).isZero();
    }

    private Map<String, Integer> told() {
        Map<String, Integer> told = new HashMap<>();
        for (JsonNode event : receiver.taken()) {
            String order = event.at("/data/order").asString();
            int version = event.at("/data/version").asInt();
            int before = told.getOrDefault(order, 0);
            assertThat(version)
                    .as("of order " + order + ", of which " + before + " were told")
                    .isLessThanOrEqualTo(before + 1);
            told.put(order, Math.max(before, version));
        }
        return told;
    }

    private JsonNode state() {
        for (JsonNode each : admin.get("/v1/subscriptions").json().path("subscriptions")) {
            if (each.path("code").asString().equals(code)) {
                return each;
            }
        }
        throw new AssertionError("there is no subscription " + code);
    }

    @Test
    void nothingIsSentBeforeThereIsASecretAndThenAllOfItIsSigned() throws Exception {
        subscribe("");
        place("first", 3);
        Thread.sleep(500);
        assertThat(receiver.taken()).isEmpty();
        assertThat(state().path("secrets").asInt()).isZero();

        receiver.knowing(secret());

        allIsTold();
        JsonNode event = receiver.taken().getFirst();
        assertThat(event.path("specversion").asString()).isEqualTo("1.0");
        assertThat(event.path("type").asString()).isEqualTo("dev.tutti.order-placed");
        assertThat(event.at("/data/channel").asString()).isEqualTo(code);
        assertThat(event.at("/data/event/lines/0/sku").asString()).isEqualTo("A");
        assertThat(event.path("id").asString()).startsWith(event.path("subject").asString() + "-1-");
    }

    @Test
    void onlyWhatWasAskedForIsSent() throws Exception {
        subscribe(", \"events\": [\"units-cancelled\"]");
        receiver.knowing(secret());
        place("some", 2);
        String order = versions().keySet().iterator().next();
        admin.json("POST", "/v1/orders/" + order + "/cancel", "{\"reason\":\"no\"}");

        for (int i = 0; i < 200 && receiver.taken().isEmpty(); i++) {
            Thread.sleep(50);
        }

        assertThat(receiver.taken())
                .singleElement()
                .satisfies(event ->
                        assertThat(event.at("/data/event/reason").asString()).isEqualTo("no"));
    }

    @Test
    void aSecretIsReplacedWithoutAGap() throws Exception {
        subscribe("");
        String old = secret();
        String young = secret();
        receiver.knowing(old);
        place("old", 2);
        allIsTold();
        receiver.knowing(young);
        place("young", 2);
        allIsTold();

        secret(); // ends the oldest
        receiver.knowing(old);
        place("ended", 1);
        for (int i = 0; i < 200 && receiver.badSignatures() == 0; i++) {
            Thread.sleep(50);
        }

        assertThat(receiver.badSignatures()).isPositive();
    }

    @Test
    void whateverGoesWrongAllOfItComesInItsOrder() throws Exception {
        subscribed(", \"atOnce\": 50");
        receiver.withMood(event -> switch (ThreadLocalRandom.current().nextInt(30)) {
            case 0 -> 503;
            case 1 -> Receiver.CUT_BEFORE;
            case 2 -> Receiver.CUT_AFTER;
            case 3 -> 429;
            default -> 200;
        });
        try (Server another = hub.another()) {
            place("many", 150);
            allIsTold();
        }
    }

    @Test
    void whyOneOrdersEventIsNotTakenIsSeenAndDoesNotMakeItsReceiverAway() throws Exception {
        subscribed("");
        receiver.withMood(event -> 503);
        place("alone", 1);

        for (int i = 0; i < 200 && !state().has("failure"); i++) {
            Thread.sleep(50);
        }
        assertThat(state().path("failure").asString("")).isEqualTo("HTTP 503");
        assertThat(state().has("failingSince")).isFalse();

        receiver.withMood(event -> 200);
        allIsTold();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40})
    void whoWasAwayIsToldAllOfIt(int orders) throws Exception {
        subscribed("");
        int port = receiver.port();
        receiver.close();
        place("away", orders);
        for (int i = 0; i < 200 && !state().has("failingSince"); i++) {
            Thread.sleep(50);
        }
        assertThat(state().path("failure").asString("")).contains("not reached");
        assertThat(state().path("behindSeconds").asDouble()).isPositive();
        String known = secret();

        receiver = Receiver.start(port).knowing(known);

        allIsTold();
        for (int i = 0; i < 200 && state().has("failingSince"); i++) {
            Thread.sleep(50);
        }
        assertThat(state().has("failingSince")).isFalse();
        assertThat(state().path("deadLetters").asInt()).isZero();
    }

    @Test
    void toBeAwayIsNoAttempt() throws Exception {
        subscribed(", \"mostAttempts\": 1");
        int port = receiver.port();
        receiver.close();
        place("quiet", 1);
        for (int i = 0; i < 300 && state().path("waiting").asInt() == 0; i++) {
            Thread.sleep(50);
        }
        Thread.sleep(5_000); // and tried again meanwhile
        assertThat(state().path("deadLetters").asInt()).isZero();
        String known = secret();

        receiver = Receiver.start(port).knowing(known);

        allIsTold();
    }

    @Test
    void anEventThatIsNeverTakenIsGivenUpOnAndHoldsUpNobodyElse() throws Exception {
        subscribed(", \"mostAttempts\": 3");
        receiver.withMood(event -> event.at("/data/externalId").asString().equals("bad-0")
                        && event.at("/data/version").asInt() == 2
                ? 422
                : 200);
        place("bad", 4);

        for (int i = 0; i < 600 && state().path("deadLetters").asInt() == 0; i++) {
            Thread.sleep(50);
        }
        JsonNode letter =
                admin.get("/v1/subscriptions/" + code + "/dead-letters").json().at("/deadLetters/0");
        assertThat(letter.path("version").asInt()).isEqualTo(2);
        assertThat(letter.path("failure").asString()).isEqualTo("HTTP 422");
        assertThat(letter.path("attempts").asInt()).isEqualTo(3);
        List<Integer> others = receiver.taken().stream()
                .filter(event -> event.path("subject")
                        .asString()
                        .equals(letter.path("order").asString()))
                .map(event -> event.at("/data/version").asInt())
                .toList();
        assertThat(others).startsWith(1, 3);

        receiver.withMood(event -> 200);
        Http.Reply replayed = admin.send("POST", "/v1/subscriptions/" + code + "/dead-letters/replay");

        assertThat(replayed.json().path("replayed").asInt()).isEqualTo(1);
        for (int i = 0; i < 200 && receiver.taken().stream().noneMatch(e -> isOf(e, letter, 2)); i++) {
            Thread.sleep(50);
        }
        assertThat(receiver.taken()).anyMatch(event -> isOf(event, letter, 2));
    }

    private static boolean isOf(JsonNode event, JsonNode letter, int version) {
        return event.path("subject").asString().equals(letter.path("order").asString())
                && event.at("/data/version").asInt() == version;
    }

    @Test
    void aPrivateAddressIsNotCalledUnlessItMayBe() throws Exception {
        subscribed("");
        admin.json("POST", "/v1/configuration/apply", """
                {"subscriptions": [{"code": "%s", "url": "%s", "channels": ["%s"]}], "reason": "outside"}
                """.formatted(code, receiver.url(), code));
        place("private", 6);

        for (int i = 0; i < 200 && !state().has("failingSince"); i++) {
            Thread.sleep(50);
        }

        assertThat(state().path("failure").asString("")).contains("an address of a private network");
        assertThat(receiver.taken()).isEmpty();
    }

    @Test
    void whoIsGoneIsToldNothing() throws Exception {
        subscribed("");
        assertThat(admin.send("DELETE", "/v1/subscriptions/" + code).status()).isEqualTo(204);
        place("gone", 2);
        Thread.sleep(500);

        assertThat(receiver.taken()).isEmpty();
        assertThat(admin.send("POST", "/v1/subscriptions/" + code + "/secrets").status())
                .isEqualTo(404);
        assertThat(admin.get("/v1/subscriptions/" + code + "/dead-letters").status())
                .isEqualTo(404);
    }

    @Test
    void aKindOfEventThatIsNoneIsRefused() {
        Http.Reply reply = admin.json("POST", "/v1/configuration/apply", """
                {"subscriptions": [{"code": "x", "url": "http://example.com", "events": ["order-vanished"]}], "reason": "x"}
                """);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.text("/problems/0/path")).isEqualTo("subscriptions[0].events[0]");
        assertThat(reply.text("/problems/0/detail")).contains("order-placed");
    }
}
