package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What people do to the flows of orders under way. */
class FlowControlTest {
    private static final String ASKED = """
            {"flows": [{"code": "%1$s", "steps": [
              {"code": "%2$s", "edges": [
                {"on": "approved", "to": "source"},
                {"on": "units-changed", "when": "units.live == 0", "to": "close"},
                {"after": "3d", "to": "decline"}]},
              {"code": "decline", "do": "cancel", "edges": [{"on": "done", "to": "close"}]},
              {"code": "source", "do": "source", "edges": [{"on": "done", "to": "release"}, {"on": "failed", "to": "park"}]},
              {"code": "park", "do": "park", "edges": [{"on": "done", "to": "release"}]},
              {"code": "release", "do": "release", "edges": [{"on": "done", "to": "fulfil"}]},
              {"code": "fulfil", "edges": [
                {"on": "done", "when": "units.live == 0", "to": "close"},
                {"on": "units-changed", "when": "units.live == 0", "to": "close"},
                {"on": "units-changed", "when": "units.open > 0", "to": "source"},
                {"on": "supply-arrived", "when": "units.backordered > 0", "to": "source"},
                {"after": "30d", "when": "units.backordered > 0", "to": "give-up"},
                {"after": "40d", "to": "escalate"}]},
              {"code": "give-up", "do": "cancel-unfilled", "edges": [{"on": "done", "to": "fulfil"}]},
              {"code": "escalate", "do": "open-exception", "edges": [{"on": "done", "to": "fulfil"}]},
              {"code": "close", "do": "close"}]}],
             "channels": [{"code": "%1$s", "currency": "EUR", "flow": "%1$s"}], "reason": "a test"}
            """;

    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 1_000);
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static void flow(String code, String firstStep) {
        Http.Reply reply = admin.json("POST", "/v1/configuration/apply", ASKED.formatted(code, firstStep));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    private static String order(String channel, String externalId) {
        return admin.json("POST", "/v1/orders", """
                        {"channel":"%s","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},
                         "lines":[{"sku":"A","quantity":2,"unitPrice":100}]}
                        """.formatted(channel, externalId))
                .text("id");
    }

    private static Http.Reply tell(String id, String signal) {
        return admin.json("POST", "/v1/orders/" + id + "/signals", "{\"name\": \"%s\"}".formatted(signal));
    }

    private static String step(String id) {
        JsonNode flow = admin.get("/v1/orders/" + id).json().at("/flow");
        return flow.at("/version").asInt() + " " + flow.at("/step").asString();
    }

    @Test
    void aPausedOrderHearsNothingUntilItGoesOnAndThenMakesUpForIt() {
        flow("paused", "asked");
        String id = order("paused", "1");
        String until = Instant.now().plusSeconds(3_600).toString();

        Http.Reply paused = admin.json(
                "POST",
                "/v1/orders/" + id + "/pause",
                "{\"until\": \"%s\", \"reason\": \"somebody asks\"}".formatted(until));

        assertThat(paused.text("/flow/pausedUntil")).isNotEmpty();
        assertThat(tell(id, "approved").status()).isEqualTo(409);
        assertThat(admin.json("POST", "/v1/orders/" + id + "/cancel", "{\"reason\": \"no more\"}")
                        .json()
                        .at("/closed")
                        .asBoolean())
                .isFalse();
        Http.Reply on = admin.json("POST", "/v1/orders/" + id + "/resume", "{\"reason\": \"asked\"}");
        assertThat(on.json().at("/closed").asBoolean()).isTrue();
        assertThat(admin.json("POST", "/v1/orders/" + id + "/resume", "{\"reason\": \"again\"}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aPauseEndsByItself() throws InterruptedException {
        flow("brief", "asked");
        String id = order("brief", "1");

        admin.json(
                "POST",
                "/v1/orders/" + id + "/pause",
                "{\"until\": \"%s\", \"reason\": \"?\"}".formatted(Instant.now().plusMillis(400)));
        while (tell(id, "approved").status() != 200) {
            Thread.sleep(50);
        }

        assertThat(step(id)).isEqualTo("1 fulfil");
    }

    @Test
    void anOrderIsSentToAnotherStepOnlyWhereItsFlowMightComeToIt() {
        flow("skip", "asked");
        String id = order("skip", "1");

        Http.Reply closed = enter(id, "close");
        Http.Reply unknown = enter(id, "nowhere");
        Http.Reply skipped = enter(id, "source");

        assertThat(closed.status()).isEqualTo(409);
        assertThat(closed.text("detail")).contains("nothing that stands as the order does comes to close");
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(skipped.text("status")).isEqualTo("released");
        JsonNode last = admin.get("/v1/orders/" + id).json().at("/timeline").get(1);
        assertThat(last.at("/command").asString()).isEqualTo("enter-step");
        assertThat(last.at("/reason").asString()).isEqualTo("approved by telephone");
        Http service = hub.key("service", "[\"*\"]", "[\"*\"]");
        assertThat(service.json("POST", "/v1/orders/" + id + "/enter-step", "{\"step\":\"source\",\"reason\":\"x\"}")
                        .status())
                .isEqualTo(403);
    }

    private static Http.Reply enter(String id, String step) {
        return admin.json(
                "POST",
                "/v1/orders/" + id + "/enter-step",
                "{\"step\": \"%s\", \"reason\": \"approved by telephone\"}".formatted(step));
    }

    @Test
    void ordersUnderWayMoveToAnotherVersionWhereItMightHaveThem() {
        flow("moved", "asked");
        String asked = order("moved", "1");
        String working = order("moved", "2");
        tell(working, "approved");
        flow("moved", "waiting");
        String young = order("moved", "3");
        String body = "{\"from\": 1, \"to\": 2, %s}";

        JsonNode blind = migrate(body.formatted("\"preview\": true"));
        JsonNode preview = migrate(body.formatted("\"preview\": true, \"steps\": {\"asked\": \"waiting\"}"));

        assertThat(blind.at("/move").toString()).isEqualTo("[{\"from\":\"fulfil\",\"to\":\"fulfil\",\"orders\":1}]");
        assertThat(blind.at("/stay/0/why").asString()).contains("version 2 has no step asked; say which in steps");
        assertThat(preview.at("/move")).hasSize(2);
        assertThat(preview.at("/stay")).isEmpty();
        assertThat(step(asked)).isEqualTo("1 asked");

        JsonNode wrong = migrate(body.formatted("\"preview\": true, \"steps\": {\"asked\": \"fulfil\"}"));
        assertThat(wrong.at("/stay/0/why").asString()).contains("never has an order that stands so wait at fulfil");

        JsonNode done = migrate(body.formatted("\"reason\": \"renamed\", \"steps\": {\"asked\": \"waiting\"}"));
        assertThat(done.at("/changedMeanwhile").asInt()).isZero();
        assertThat(step(asked)).isEqualTo("2 waiting");
        assertThat(step(working)).isEqualTo("2 fulfil");
        assertThat(step(young)).isEqualTo("2 waiting");
        assertThat(tell(asked, "approved").text("status")).isEqualTo("released");

        JsonNode where = admin.get("/v1/flows/moved/orders").json().at("/steps");
        assertThat(StreamSupport.stream(where.spliterator(), false)
                        .map(at -> at.at("/version") + " " + at.at("/step").asString() + " " + at.at("/orders")))
                .containsExactly("2 fulfil 2", "2 waiting 1");
        assertThat(migrate(body.formatted("\"reason\": \"again\"")).at("/move")).isEmpty();
    }

    private static JsonNode migrate(String body) {
        Http.Reply reply = admin.json("POST", "/v1/flows/moved/migrations", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    @Test
    void aMigrationWithoutReasonOrToNowhereIsRefused() {
        assertThat(admin.json("POST", "/v1/flows/ship/migrations", "{\"from\": 1, \"to\": 1}")
                        .text("path"))
                .isEqualTo("reason");
        assertThat(admin.json("POST", "/v1/flows/ship/migrations", "{\"from\": 1, \"to\": 9, \"preview\": true}")
                        .text("path"))
                .isEqualTo("to");
        assertThat(admin.json("POST", "/v1/flows/none/migrations", "{\"from\": 1, \"to\": 2, \"preview\": true}")
                        .status())
                .isEqualTo(404);
    }
}
