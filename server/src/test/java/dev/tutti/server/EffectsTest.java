package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.server.Sandbox.Mood;
import dev.tutti.server.outgoing.Signature;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Flows call a service outside: a real HTTP server that fails in each of its ways. */
class EffectsTest {
    private static final boolean DEEP = Boolean.getBoolean("tutti.deep");
    private static final int MANY = DEEP ? 1_000 : 100;

    private static TestHub hub;
    private static Http admin;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private Sandbox sandbox;
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
        sandbox = Sandbox.start();
        channel = "c" + NUMBERS.incrementAndGet();
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    /** A flow that asks before it sources, and a channel whose orders take it. */
    private void screened(String ability, int attempts) {
        Http.Reply reply =
                admin.json("POST", "/v1/configuration/apply", """
                {"destinations": [{"code": "%1$s", "url": "%2$s", "ability": "%3$s", "timeoutSeconds": 2,
                                   "atOnce": 50, "mostAttempts": %4$d, "inside": true}],
                 "flows": [{"code": "%1$s", "steps": [
                  {"code": "screen", "call": "%1$s", "edges": [
                    {"on": "done", "when": "answers.risk == \\"high\\"", "to": "decline"},
                    {"on": "done", "to": "source"},
                    {"on": "failed", "to": "decline"},
                    {"on": "units-changed", "when": "units.live == 0", "to": "close"},
                    {"after": "1d", "to": "decline"}]},
                  {"code": "decline", "do": "cancel", "edges": [{"on": "done", "to": "close"}]},
                  {"code": "source", "do": "source", "edges": [{"on": "done", "to": "release"}, {"on": "failed", "to": "drop"}]},
                  {"code": "drop", "do": "cancel-unfilled", "edges": [{"on": "done", "to": "release"}]},
                  {"code": "release", "do": "release", "edges": [{"on": "done", "to": "fulfil"}]},
                  {"code": "fulfil", "edges": [
                    {"on": "done", "when": "units.live == 0", "to": "close"},
                    {"on": "units-changed", "when": "units.live == 0", "to": "close"},
                    {"on": "units-changed", "when": "units.open > 0", "to": "source"},
                    {"after": "1d", "to": "escalate"}]},
                  {"code": "escalate", "do": "open-exception", "edges": [{"on": "done", "to": "fulfil"}]},
                  {"code": "close", "do": "close"}]}],
                 "channels": [{"code": "%1$s", "currency": "EUR", "flow": "%1$s"}], "reason": "a test"}
                """.formatted(channel, sandbox.url(), ability, attempts));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    private String body(String externalId) {
        return """
                {"channel":"%s","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},\
                "lines":[{"sku":"A","quantity":1,"unitPrice":100}]}""".formatted(channel, externalId);
    }

    private String place(String externalId) {
        Http.Reply placed = admin.json("POST", "/v1/orders", body(externalId));
        assertThat(placed.status()).as(placed.text()).isEqualTo(201);
        assertThat(placed.json().at("/flow/step").asString()).isEqualTo("screen");
        return placed.text("id");
    }

    private static JsonNode once(String id, String pointer, String value) throws InterruptedException {
        JsonNode order = admin.get("/v1/orders/" + id).json();
        for (int i = 0; i < 600 && !order.at(pointer).asString("").startsWith(value); i++) {
            Thread.sleep(50);
            order = admin.get("/v1/orders/" + id).json();
        }
        assertThat(order.at(pointer).asString("")).as(order.toPrettyString()).startsWith(value);
        return order;
    }

    @Test
    void whatAServiceAnswersDecidesWhereTheFlowGoes() throws InterruptedException {
        screened("keyed", 5);
        sandbox.answering(order -> order.at("/externalId").asString().equals("bad")
                ? "{\"done\": true, \"answers\": {\"risk\": \"high\"}}"
                : "");

        String good = place("good");
        String bad = place("bad");

        JsonNode released = once(good, "/status", "released");
        once(bad, "/status", "cancelled");
        assertThat(released.at("/timeline/1/command").asString()).isEqualTo("answer-effect");
        assertThat(released.at("/timeline/1/actor").asString()).isEqualTo("effect:" + channel);
        assertThat(sandbox.effects()).hasSize(2);
    }

    @Test
    void aServiceThatSaysNoIsHeard() throws InterruptedException {
        screened("keyed", 5);
        sandbox.withMood((key, call) -> Mood.SAYS_NO);

        JsonNode order = once(place("no"), "/status", "cancelled");

        assertThat(order.toString()).contains("HTTP 422").contains("unknown");
    }

    @Test
    void anAnswerThatComesLaterIsBroughtByTheServiceItself() throws InterruptedException {
        screened("neither", 5);
        sandbox.withMood((key, call) -> Mood.ANSWERS_LATER);
        String id = place("later");
        while (sandbox.calls() == 0) {
            Thread.sleep(20);
        }

        Http.Reply answered =
                admin.json("POST", "/v1/orders/" + id + "/effects/1/answer", "{\"answers\": {\"risk\": \"low\"}}");
        Http.Reply again = admin.json("POST", "/v1/orders/" + id + "/effects/1/answer", "{\"done\": false}");

        assertThat(answered.text("status")).isEqualTo("released");
        assertThat(again.text("status")).isEqualTo("released");
        assertThat(admin.json("POST", "/v1/orders/" + id + "/effects/7/answer", "{}")
                        .status())
                .isEqualTo(409);
        assertThat(sandbox.calls()).isEqualTo(1);
    }

    @Test
    void whoWasAskedSaysLaterWhatItDidWithTheAddressItWasToldAndWithNothingElse() throws InterruptedException {
        screened("neither", 5);
        sandbox.withMood((key, call) -> Mood.ANSWERS_LATER);
        String id = place("told");
        while (sandbox.calls() == 0) {
            Thread.sleep(20);
        }
        String address = sandbox.answerAddress();
        Http nobody = new Http(hub.port(), "");
        String guessed = address.substring(0, address.length() - 1) + (address.endsWith("0") ? "1" : "0");

        assertThat(nobody.json("POST", guessed, "{}").status()).isEqualTo(404);
        assertThat(nobody.json("POST", "/v1/answers/1-1-x", "{}").status()).isEqualTo(404);
        assertThat(nobody.json("POST", address, "{\"risk\": 1}").status()).isEqualTo(422);
        assertThat(nobody.json("POST", address, "{\"answers\": {\"risk\": \"low\"}}")
                        .status())
                .isEqualTo(204);
        assertThat(nobody.json("POST", address, "{\"done\": false}").status())
                .as("the first answer counts")
                .isEqualTo(204);

        JsonNode order = once(id, "/status", "released");
        assertThat(order.at("/timeline/1/actor").asString()).isEqualTo("effect:" + channel);
    }

    @Test
    void whoIsToldOfAnOrdersEndIsToldAfterTheEnd() throws InterruptedException {
        Http.Reply reply = admin.json("POST", "/v1/configuration/apply", """
                {"destinations": [{"code": "%1$s", "url": "%2$s", "ability": "keyed", "inside": true}],
                 "flows": [{"code": "%1$s", "steps": [
                  {"code": "drop", "do": "cancel", "edges": [{"on": "done", "to": "tell"}]},
                  {"code": "tell", "do": "notify", "at": "%1$s", "edges": [{"on": "done", "to": "close"}]},
                  {"code": "close", "do": "close"}]}],
                 "channels": [{"code": "%1$s", "currency": "EUR", "flow": "%1$s"}], "reason": "a test"}
                """.formatted(channel, sandbox.url()));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        Http.Reply placed = admin.json("POST", "/v1/orders", body("over"));
        assertThat(placed.json().at("/closed").asBoolean()).isTrue();

        for (int i = 0; i < 200 && sandbox.effects().isEmpty(); i++) {
            Thread.sleep(50);
        }

        assertThat(sandbox.effects()).hasSize(1);
    }

    @Test
    void whoShowsTheWayElsewhereMayHaveDoneItAlready() throws InterruptedException {
        screened("neither", 5);
        sandbox.withMood((key, call) -> Mood.REDIRECTS);

        once(place("elsewhere"), "/exception/kind", "unanswered");

        assertThat(sandbox.calls()).isEqualTo(1);
    }

    @Test
    void aCaseThatNobodyAnswersIsOpenedAgain() throws Exception {
        screened("neither", 5);
        sandbox.withMood((key, call) -> Mood.LOSES_THE_ANSWER);
        String id = place("reminded");
        once(id, "/exception/kind", "unanswered");
        admin.json("POST", "/v1/orders/" + id + "/resolve-exception", "{\"reason\": \"later\"}");

        try (Connection connection = DriverManager.getConnection(hub.url());
                Statement statement = connection.createStatement()) {
            statement.execute("update effect set due_at = now() where order_id = " + id); // a day later
        }

        once(id, "/exception/kind", "unanswered");
        assertThat(sandbox.calls()).isEqualTo(1);
    }

    @Test
    void aServiceThatIsWellAgainIsAskedAgainForAllAtOnce() throws InterruptedException {
        screened("keyed", 1);
        sandbox.answering(order -> "<html>");
        String one = place("garbled-1");
        String other = place("garbled-2");
        once(one, "/exception/kind", "unanswered");
        JsonNode stuck = once(other, "/exception/kind", "unanswered");
        assertThat(stuck.at("/exception/reason").asString("")).contains("not understood");
        assertThat(stuck.at("/exception/suggestions").toString()).contains("effects/1/ask-again");
        sandbox.answering(order -> "{\"answers\": {\"risk\": \"low\"}}");

        Http.Reply alone = admin.json("POST", "/v1/orders/" + one + "/effects/1/ask-again", "{\"reason\": \"well\"}");
        assertThat(alone.status()).as(alone.text()).isEqualTo(200);
        once(one, "/status", "released");
        Http.Reply all =
                admin.json("POST", "/v1/destinations/" + channel + "/ask-again", "{\"reason\": \"well again\"}");

        assertThat(all.json().at("/asked").asInt()).as(all.text()).isEqualTo(1);
        once(other, "/status", "released");
        assertThat(sandbox.effects()).hasSize(2);
        assertThat(admin.json("POST", "/v1/orders/" + one + "/effects/1/ask-again", "{\"reason\": \"more\"}")
                        .status())
                .isEqualTo(409);
        assertThat(admin.json("POST", "/v1/destinations/nobody/ask-again", "{\"reason\": \"more\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aStepIsDoneAgainWhereAnOrderStands() throws InterruptedException {
        screened("neither", 5);
        sandbox.withMood((key, call) -> Mood.LOSES_THE_ANSWER);
        String id = place("once-more");
        once(id, "/exception/kind", "unanswered");
        sandbox.withMood((key, call) -> Mood.ANSWERS);

        Http.Reply again = admin.json(
                "POST",
                "/v1/orders/" + id + "/enter-step",
                "{\"step\": \"screen\", \"reason\": \"it knows of nothing\"}");

        assertThat(again.status()).as(again.text()).isEqualTo(200);
        once(id, "/status", "released");
        assertThat(sandbox.calls()).isEqualTo(2);
    }

    @Test
    void whatComesWhileACaseIsOpenIsAddedToIt() throws InterruptedException {
        screened("neither", 5);
        sandbox.withMood((key, call) -> {
            admin.json("POST", "/v1/orders/" + key.split("-", 2)[0] + "/open-exception", "{\"reason\": \"a call\"}");
            return Mood.LOSES_THE_ANSWER;
        });

        JsonNode order = once(place("both"), "/exception/also/0/kind", "unanswered");

        assertThat(order.at("/exception/reason").asString()).isEqualTo("a call");
    }

    @Test
    void whoReceivesAnOrderIsToldToServicesThatHaveToKnowAlone() throws InterruptedException {
        screened("keyed", 5);
        String withContact = body("known")
                .replace(
                        "{\"country\":\"GB\"}",
                        "{\"country\":\"GB\",\"name\":\"A. Person\",\"street\":[\"1 Long Lane\"],\"email\":\"a@example.com\"}");
        Http.Reply placed = admin.json("POST", "/v1/orders", withContact);
        assertThat(placed.status()).as(placed.text()).isEqualTo(201);
        once(placed.text("id"), "/status", "released");
        admin.json("POST", "/v1/configuration/apply", """
                {"destinations": [{"code": "%s", "url": "%s", "ability": "keyed", "inside": true, "contacts": true}],
                 "reason": "it looks at addresses"}
                """.formatted(channel, sandbox.url()));
        once(
                admin.json("POST", "/v1/orders", withContact.replace("known", "told"))
                        .text("id"),
                "/status",
                "released");

        List<JsonNode> asked = sandbox.done();
        assertThat(asked.getFirst().toString()).doesNotContain("Person").doesNotContain("example.com");
        assertThat(asked.getLast().at("/contacts/0/street/0").asString()).isEqualTo("1 Long Lane");
        assertThat(asked.getLast().at("/contacts/0/email").asString()).isEqualTo("a@example.com");
        assertThat(asked.getLast().at("/order").toString()).doesNotContain("Person");
    }

    @Test
    void callsAreSignedAsSoonAsThereIsASecret() throws InterruptedException {
        screened("keyed", 5);
        once(place("plain"), "/status", "released");
        String secret = admin.json("POST", "/v1/destinations/" + channel + "/secrets", "")
                .text("secret");
        once(place("signed"), "/status", "released");

        assertThat(sandbox.signed().getFirst().signature()).isNull();
        Sandbox.Signed signed = sandbox.signed().getLast();
        assertThat(Signature.matches(
                        secret,
                        signed.id(),
                        Long.parseLong(String.valueOf(signed.timestamp())),
                        signed.body(),
                        String.valueOf(signed.signature()),
                        Instant.now()))
                .isTrue();
        JsonNode standing = StreamSupport.stream(
                        admin.get("/v1/destinations").json().at("/destinations").spliterator(), false)
                .filter(one -> one.at("/code").asString().equals(channel))
                .findFirst()
                .orElseThrow();
        assertThat(standing.at("/secrets").asInt()).isEqualTo(1);
        assertThat(standing.at("/waiting").asInt() + standing.at("/unanswered").asInt())
                .isZero();
    }

    @Test
    void answersLostBeforeAndAfterTheEffectAreAllResolvedWithoutAPerson() throws Exception {
        screened("keyed", 30);
        sandbox.withMood((key, call) -> call > 3
                ? Mood.ANSWERS
                : switch (Math.floorMod(key.hashCode() + call, 5)) {
                    case 0 -> Mood.LOSES_THE_CALL;
                    case 1 -> Mood.LOSES_THE_ANSWER;
                    case 2 -> Mood.FAILS;
                    case 3 -> Mood.IS_BUSY;
                    default -> Mood.ANSWERS;
                });

        allAreReleased(MANY);

        assertThat(sandbox.effects()).hasSize(MANY);
        assertThat(sandbox.calls()).isGreaterThan(MANY);
    }

    @Test
    void whereItCanBeLookedUpALostAnswerIsLookedUpAndNotAskedForAgain() throws Exception {
        screened("look-up", 30);
        sandbox.forgettingKeys()
                .withMood((key, call) -> call > 1
                        ? Mood.ANSWERS
                        : key.hashCode() % 2 == 0 ? Mood.LOSES_THE_CALL : Mood.LOSES_THE_ANSWER);

        allAreReleased(20);

        assertThat(sandbox.effects()).hasSize(20);
        assertThat(sandbox.effects().values()).allMatch(count -> count.get() == 1);
    }

    private void allAreReleased(int orders) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < orders; i++) {
            lines.append(body("many-" + i)).append('\n');
        }
        assertThat(admin.ndjson("/v1/orders/bulk", lines.toString()).lines())
                .allMatch(line -> line.at("/status").asInt() == 201);
        try (Connection connection = DriverManager.getConnection(hub.url());
                Statement statement = connection.createStatement()) {
            long released = 0;
            for (int i = 0; i < 2_400 && released < orders; i++) {
                Thread.sleep(100);
                try (ResultSet row = statement.executeQuery("""
                        select count(*) from orders o join channel c on c.id = o.channel_id
                        where c.code = '%s' and o.status = 'RELEASED' and o.exception is null
                        """.formatted(channel))) {
                    row.next();
                    released = row.getLong(1);
                }
            }
            assertThat(released).isEqualTo(orders);
        }
    }

    @Test
    void whereNeitherIsPossibleAPersonFindsOut() throws InterruptedException {
        screened("neither", 5);
        sandbox.withMood((key, call) -> Mood.LOSES_THE_ANSWER);
        String id = place("lost");

        JsonNode order = once(id, "/exception/reason", "effect 1 at " + channel + ": the answer was lost");

        assertThat(order.at("/flow/step").asString()).isEqualTo("screen");
        assertThat(sandbox.calls()).isEqualTo(1);
        assertThat(admin.json(
                                "POST",
                                "/v1/orders/" + id + "/effects/1/answer",
                                "{\"detail\": \"it is there, says their portal\"}")
                        .text("status"))
                .isEqualTo("released");
    }

    @Test
    void aServiceThatIsNotThereFailsInTheEnd() throws InterruptedException {
        screened("neither", 2);
        sandbox.close();

        JsonNode order = once(place("nobody"), "/status", "cancelled");

        assertThat(order.toString()).contains("not reached").contains("2 times");
    }

    @Test
    void anotherServerFinishesWhatOneThatDiedHadTakenUp() throws Exception {
        screened("keyed", 30);
        sandbox.withMood((key, call) -> call == 1 ? Mood.LOSES_THE_ANSWER : Mood.ANSWERS);
        String id = place("died");
        while (sandbox.calls() == 0) {
            Thread.sleep(20);
        }
        try (Connection connection = DriverManager.getConnection(hub.url());
                Statement statement = connection.createStatement()) {
            // As if whoever took it up had died, and its lease were over: what they still write is too late.
            statement.execute(
                    "update effect set token = token + 1, state = 'unknown', due_at = now() where order_id = " + id);
        }

        once(id, "/status", "released");
        assertThat(sandbox.effects()).hasSize(1);
    }

    @Test
    void aPrivateAddressIsNotCalledUnlessItMayBe() throws InterruptedException {
        screened("keyed", 1);
        admin.json("POST", "/v1/configuration/apply", """
                {"destinations": [{"code": "%s", "url": "%s", "ability": "keyed", "mostAttempts": 1}], "reason": "outside"}
                """.formatted(channel, sandbox.url()));

        JsonNode order = once(place("private"), "/status", "cancelled");

        assertThat(order.toString()).contains("an address of a private network");
        assertThat(sandbox.calls()).isZero();
    }

    @Test
    void anAnswerThatTheHubDidNotTakeLeavesTheEffectToBeAsked() throws InterruptedException {
        screened("keyed", 30);
        sandbox.withMood((key, call) -> call < 3 ? Mood.IS_BUSY : Mood.ANSWERS);
        String id = place("stale");

        Http.Reply stale =
                admin.json("POST", "/v1/orders/" + id + "/effects/1/answer", "{\"done\": false}", "If-Match", "\"99\"");

        assertThat(stale.status()).isEqualTo(412);
        once(id, "/status", "released");
    }

    @Test
    void whatALookUpCannotSayIsNotANo() throws InterruptedException {
        screened("look-up", 30);
        sandbox.withMood((key, call) -> Mood.LOSES_THE_ANSWER).lookUpAnswering(405);
        String id = place("odd");
        while (sandbox.lookUps() == 0) {
            Thread.sleep(50);
        }
        assertThat(admin.get("/v1/orders/" + id).json().at("/flow/step").asString())
                .isEqualTo("screen");

        sandbox.lookUpAnswering(0);

        once(id, "/status", "released");
        assertThat(sandbox.calls()).isEqualTo(1);
    }

    @Test
    void aFlowThatCallsNobodyKnowsWhomIsRefused() {
        Http.Reply reply = admin.json("POST", "/v1/configuration/apply", """
                {"flows": [{"code": "x", "steps": [{"code": "a", "call": "nobody", "edges": [
                  {"on": "done", "to": "b"}, {"on": "failed", "to": "b"}, {"after": "1h", "to": "b"},
                  {"on": "units-changed", "when": "units.live == 0", "to": "b"}]},
                  {"code": "b", "do": "cancel", "edges": [{"on": "done", "to": "c"}]}, {"code": "c", "do": "close"}]}],
                 "reason": "x"}
                """);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.text("/problems/0/path")).isEqualTo("flows[0].steps[0].call");
        assertThat(reply.text("/problems/0/detail")).isEqualTo("there is no destination nobody");
    }
}
