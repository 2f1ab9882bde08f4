package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.postgres.verify.Verification;
import dev.tutti.server.Sandbox.Mood;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.JsonNode;

/** The ready flow with money, against a payment provider over HTTP that loses calls and answers. */
class MoneyTest {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static TestHub hub;
    private static Http admin;

    private Sandbox provider;
    private String channel;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 100_000);
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @BeforeEach
    void open() throws IOException {
        provider = Sandbox.start();
        provider.answering(order -> "");
        channel = "shop" + NUMBERS.incrementAndGet();
        String flows = Files.readString(Path.of("../examples/flows/paid.yaml"));
        String document = Configured.paid(flows, channel, provider.url()).toString();
        Http.Reply reply = admin.json("POST", "/v1/configuration/apply", document);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    @AfterEach
    void close() {
        provider.close();
    }

    /** Three units at 3.33, 10 off and 4.99 of shipping, so that nothing divides evenly. */
    private String place(String externalId) {
        Http.Reply placed = admin.json("POST", "/v1/orders", """
                {"channel":"%s","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},"discount":10,"shipping":500,
                 "lines":[{"sku":"A","quantity":3,"unitPrice":333}]}""".formatted(channel, externalId));
        assertThat(placed.status()).as(placed.text()).isEqualTo(201);
        return placed.text("id");
    }

    private static JsonNode once(String id, String pointer, String value) throws InterruptedException {
        JsonNode order = admin.get("/v1/orders/" + id).json();
        for (int i = 0; i < 600 && !order.at(pointer).asString("").equals(value); i++) {
            Thread.sleep(50);
            order = admin.get("/v1/orders/" + id).json();
        }
        assertThat(order.at(pointer).asString("")).as(order.toPrettyString()).isEqualTo(value);
        return order;
    }

    private static void ship(String id, int quantity) {
        for (String action : List.of("pick", "pack", "hand-over")) {
            String carrier = action.equals("hand-over") ? ",\"carrier\":\"DHL\"" : "";
            Http.Reply reply = admin.json(
                    "POST",
                    "/v1/orders/" + id + "/fulfilment-orders/1/" + action,
                    "{\"lines\":[{\"line\":1,\"quantity\":" + quantity + "}]" + carrier + "}");
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        }
    }

    private static List<String> violations() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(hub.url());
        List<String> violations = new ArrayList<>();
        new Verification(database).run(List.of(), finding -> violations.addAll(finding.violations()));
        return violations;
    }

    private List<String> done() {
        return provider.done().stream()
                .map(asked -> asked.at("/payment/do").asString("") + " "
                        + asked.at("/payment/amount").asLong(0) + " "
                        + asked.at("/payment/currency").asString(""))
                .toList();
    }

    @Test
    void moneyIsHeldFirstAndTakenAsUnitsLeave() throws InterruptedException {
        String id = place("held");
        once(id, "/flow/step", "fulfil");
        ship(id, 1);
        once(id, "/payments/0/captured", "496");
        ship(id, 2);

        JsonNode order = once(id, "/flow/step", "close");

        assertThat(done()).containsExactly("authorise 1489 EUR", "capture 496 EUR", "capture 993 EUR");
        assertThat(order.at("/payments/0/held").asLong()).isZero();
        assertThat(provider.done().get(1).at("/payment/payment").asString())
                .isEqualTo(provider.done().getFirst().at("/payment/payment").asString());
    }

    @Test
    void whatIsCalledOffIsLetGoAndWhatComesBackIsPaidBack() throws InterruptedException {
        String id = place("back");
        once(id, "/flow/step", "fulfil");
        ship(id, 2);
        admin.json("POST", "/v1/orders/" + id + "/cancel", "{\"reason\":\"one is enough\"}");
        once(id, "/flow/step", "close");

        Http.Reply returned = admin.json(
                "POST",
                "/v1/orders/" + id + "/returns",
                "{\"node\":\"DC\",\"lines\":[{\"line\":1,\"quantity\":2}],\"restock\":true,\"reason\":\"too small\"}");
        assertThat(returned.status()).as(returned.text()).isEqualTo(200);
        once(id, "/payments/0/refunded", "993");

        assertThat(done()).containsExactly("authorise 1489 EUR", "capture 993 EUR", "void 496 EUR", "refund 993 EUR");
    }

    @Test
    void whoCannotPayGetsNothing() throws InterruptedException {
        provider.withMood((key, call) -> Mood.SAYS_NO);

        JsonNode order = once(place("poor"), "/flow/step", "close");

        assertThat(order.at("/status").asString()).isEqualTo("cancelled");
        assertThat(order.at("/payments/0/held").asLong()).isZero();
        assertThat(done()).isEmpty();
    }

    @Test
    void callsAndAnswersThatAreLostMoveNoMoneyTwice() throws InterruptedException {
        provider.withMood((key, call) -> call > 3
                ? Mood.ANSWERS
                : Math.floorMod(key.hashCode() + call, 2) == 0 ? Mood.LOSES_THE_CALL : Mood.LOSES_THE_ANSWER);
        String id = place("lost");
        once(id, "/flow/step", "fulfil");
        ship(id, 3);

        once(id, "/flow/step", "close");

        assertThat(done()).containsExactly("authorise 1489 EUR", "capture 1489 EUR");
        assertThat(provider.calls()).isGreaterThan(2);
    }

    @Test
    void whatAProviderRefusesIsSeenByAPersonWhoCanAskAgainOrGiveUp() throws InterruptedException {
        String id = place("refused");
        once(id, "/flow/step", "fulfil");
        provider.withMood((key, call) -> Mood.SAYS_NO);
        ship(id, 3);
        JsonNode owing = once(id, "/flow/step", "owing");
        assertThat(owing.at("/exception/reason").asString("")).contains("unpaid");

        Http.Reply again = admin.json("POST", "/v1/orders/" + id + "/settle", "{\"reason\":\"a new card\"}");
        assertThat(again.status()).as(again.text()).isEqualTo(200);
        Http.Reply busy = admin.json("POST", "/v1/orders/" + id + "/settle", "{\"reason\":\"and again\"}");
        once(id, "/payments/0/underWay/capture", "");
        Http.Reply given = admin.json("POST", "/v1/orders/" + id + "/write-off", "{\"reason\":\"lost\"}");

        assertThat(busy.status()).isEqualTo(409);
        assertThat(given.status()).as(given.text()).isEqualTo(200);
        provider.withMood((key, call) -> Mood.ANSWERS);
        JsonNode order = once(id, "/writtenOff", "1489");
        assertThat(order.at("/payments/0/captured").asLong()).isZero();
    }

    @Test
    void whatIsNotPaidBackDoesNotPayForWhatIsSentLater() throws InterruptedException {
        String id = place("denied");
        once(id, "/flow/step", "fulfil");
        ship(id, 1);
        once(id, "/payments/0/captured", "496");
        provider.withMood((key, call) -> Mood.SAYS_NO);
        admin.json(
                "POST",
                "/v1/orders/" + id + "/returns",
                "{\"node\":\"DC\",\"lines\":[{\"line\":1,\"quantity\":1}],\"restock\":true,\"reason\":\"too small\"}");
        once(id, "/payments/0/underWay/refund", "");
        Http.Reply given = admin.json("POST", "/v1/orders/" + id + "/write-off", "{\"reason\":\"paid in cash\"}");
        assertThat(given.status()).as(given.text()).isEqualTo(200);
        once(id, "/notRefunded", "496");
        provider.withMood((key, call) -> Mood.ANSWERS);
        ship(id, 2);

        JsonNode order = once(id, "/flow/step", "close");

        assertThat(order.at("/payments/0/captured").asLong()).isEqualTo(1489);
        assertThat(order.has("writtenOff")).isFalse();
        assertThat(violations()).isEmpty();
    }

    @Test
    void anotherAnswerAboutTheSameMoneyIsSeenByAPerson() throws InterruptedException {
        String id = place("twofold");
        once(id, "/flow/step", "fulfil");

        Http.Reply same = admin.json("POST", "/v1/orders/" + id + "/effects/1/answer", "{\"done\": true}");
        assertThat(same.json().has("exception")).isFalse();
        admin.json("POST", "/v1/orders/" + id + "/effects/1/answer", "{\"done\": false}");

        JsonNode order = once(id, "/exception/kind", "contradicted");
        assertThat(order.at("/exception/reason").asString("")).contains("to authorise 1489", "yes, and now no");
        assertThat(order.at("/payments/0/held").asLong()).isEqualTo(1489);
    }

    @Test
    void nobodyAnswersForAProviderThatIsJustBeingAsked() throws InterruptedException {
        provider.withMood((key, call) -> Mood.IS_BUSY);
        String id = place("asked");
        for (int i = 0; i < 200 && provider.calls() == 0; i++) {
            Thread.sleep(50);
        }

        Http.Reply hasty = admin.json("POST", "/v1/orders/" + id + "/effects/1/answer", "{\"done\": false}");

        assertThat(hasty.status()).as(hasty.text()).isEqualTo(409);
        assertThat(hasty.text("detail")).contains("is being asked");
        provider.withMood((key, call) -> Mood.ANSWERS);
        once(id, "/flow/step", "fulfil");
    }

    @Test
    void moneyThatAProviderForgetsToAnswerAboutIsAskedForAgain() throws Exception {
        provider.withMood((key, call) -> call == 1 ? Mood.ANSWERS_LATER : Mood.ANSWERS);
        String id = place("forgotten");
        for (int i = 0; i < 200 && provider.calls() == 0; i++) {
            Thread.sleep(50);
        }
        String soon =
                "select extract(epoch from due_at - now()) / 3600 from effect where state = 'asked' and order_id = "
                        + id;
        try (Connection connection = DriverManager.getConnection(hub.url());
                Statement statement = connection.createStatement()) {
            double hours = 0;
            for (int i = 0; i < 200 && hours == 0; i++) {
                Thread.sleep(50);
                try (ResultSet row = statement.executeQuery(soon)) {
                    hours = row.next() ? row.getDouble(1) : 0;
                }
            }
            assertThat(hours).isBetween(23.0, 24.0);
            statement.execute("update effect set due_at = now() where order_id = " + id);
        }

        once(id, "/flow/step", "fulfil");
        assertThat(done()).containsExactly("authorise 1489 EUR");
    }

    @Test
    void whatAProviderWillNotLetGoHoldsUpNobody() throws InterruptedException {
        String id = place("lapsed");
        once(id, "/flow/step", "fulfil");
        provider.withMood((key, call) -> Mood.SAYS_NO);

        admin.json("POST", "/v1/orders/" + id + "/cancel", "{\"reason\":\"no\"}");

        JsonNode order = once(id, "/flow/step", "close");
        assertThat(order.at("/payments/0/held").asLong()).isZero();
        assertThat(violations()).isEmpty();
    }

    @Test
    void whatIsWrittenOffIsNotTakenFromWhatIsSentLater() throws InterruptedException {
        String id = place("later");
        once(id, "/flow/step", "fulfil");
        provider.withMood((key, call) -> Mood.SAYS_NO);
        ship(id, 1);
        once(id, "/payments/0/underWay/capture", "");
        admin.json("POST", "/v1/orders/" + id + "/write-off", "{\"reason\":\"lost\"}");
        once(id, "/writtenOff", "496");
        admin.json(
                "POST",
                "/v1/orders/" + id + "/returns",
                "{\"node\":\"DC\",\"lines\":[{\"line\":1,\"quantity\":1}],\"restock\":true,\"reason\":\"too small\"}");
        provider.withMood((key, call) -> Mood.ANSWERS);
        ship(id, 2);

        JsonNode order = once(id, "/flow/step", "close");

        assertThat(order.at("/payments/0/captured").asLong()).isEqualTo(993);
        assertThat(order.has("writtenOff")).isFalse();
        assertThat(violations()).isEmpty();
    }

    @Test
    void aRefundThatIsRefusedAfterTheOrderIsOverIsSeen() throws InterruptedException {
        String id = place("over");
        once(id, "/flow/step", "fulfil");
        ship(id, 3);
        once(id, "/flow/step", "close");
        provider.withMood((key, call) -> Mood.SAYS_NO);
        admin.json(
                "POST", "/v1/orders/" + id + "/returns", "{\"node\":\"DC\",\"restock\":false,\"reason\":\"broken\"}");
        JsonNode order = once(id, "/payments/0/underWay/refund", "");
        assertThat(order.at("/exception/reason").asString("")).contains("refund 1489");

        provider.withMood((key, call) -> Mood.ANSWERS);
        admin.json("POST", "/v1/orders/" + id + "/settle", "{\"reason\":\"they say it works now\"}");
        once(id, "/payments/0/refunded", "1489");
        Http.Reply resolved =
                admin.json("POST", "/v1/orders/" + id + "/resolve-exception", "{\"reason\":\"paid back\"}");

        assertThat(resolved.json().has("exception")).isFalse();
        assertThat(violations()).isEmpty();
    }
}
