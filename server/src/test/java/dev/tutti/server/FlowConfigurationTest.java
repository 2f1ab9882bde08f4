package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Flows over HTTP: what is not sound is told with its story; what is, orders take from then on. */
class FlowConfigurationTest {
    private static final String QUICK = """
            {"flows": [{"code": "%s", "steps": [
              {"code": "source", "do": "source", "edges": [{"on": "done", "to": "release"}, {"on": "failed", "to": "drop"}]},
              {"code": "drop", "do": "cancel-unfilled", "edges": [{"on": "done", "to": "release"}]},
              {"code": "release", "do": "release", "edges": [{"on": "done", "to": "fulfil"}]},
              {"code": "fulfil", "edges": [
                {"on": "done", "when": "units.live == 0", "to": "close"},
                {"on": "units-changed", "when": "units.live == 0", "to": "close"},
                {"on": "units-changed", "when": "units.open > 0", "to": "source"},
                {"after": "%s", "to": "escalate"}]},
              {"code": "escalate", "do": "open-exception", "edges": [{"on": "done", "to": "fulfil"}]},
              {"code": "close", "do": "close"}]}],
             "channels": [{"code": "%s", "currency": "EUR", "flow": "%s"}], "reason": "a test"}
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

    private static Http.Reply apply(String document) {
        return admin.json("POST", "/v1/configuration/apply", document);
    }

    private static String order(String channel, String externalId, String sku) {
        Http.Reply placed = admin.json("POST", "/v1/orders", """
                {"channel":"%s","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},
                 "lines":[{"sku":"%s","quantity":1,"unitPrice":100}]}
                """.formatted(channel, externalId, sku));
        assertThat(placed.status()).as(placed.text()).isEqualTo(201);
        return placed.text("id");
    }

    @Test
    void aChangedFlowIsTakenByNewOrdersWhileThoseUnderWayKeepTheirs() {
        assertThat(apply(QUICK.formatted("quick", "1d", "shop", "quick")).status())
                .isEqualTo(200);
        String before = order("shop", "before", "A");
        Server other = hub.another();
        try {
            Http.Reply plan =
                    admin.json("POST", "/v1/configuration/plan", QUICK.formatted("quick", "2d", "shop", "quick"));
            assertThat(plan.json().at("/changes/0/words").asString())
                    .isEqualTo("flow quick: steps.fulfil.edges + {\"after\":\"2d\",\"to\":\"escalate\"}"
                            + " − {\"after\":\"1d\",\"to\":\"escalate\"}");
            assertThat(plan.json().at("/follows/0").asString())
                    .isEqualTo("new orders take version 2 of flow quick; those under way keep the one they began with");

            assertThat(apply(QUICK.formatted("quick", "2d", "shop", "quick")).status())
                    .isEqualTo(200);
            String after = order("shop", "after", "A");
            // Whether the other server has heard of the new version yet or not.
            assertThat(admin.at(other.port())
                            .json("POST", "/v1/orders/" + after + "/cancel", "{\"reason\": \"no more\"}")
                            .status())
                    .isEqualTo(200);

            assertThat(flowOf(before)).isEqualTo("quick 1");
            assertThat(flowOf(after)).isEqualTo("quick 2");
            assertThat(admin.get("/v1/flows/quick").json().at("/version").asInt())
                    .isEqualTo(2);
            assertThat(admin.get("/v1/flows/quick?version=1")
                            .json()
                            .at("/steps/3/edges/3/after")
                            .asString())
                    .isEqualTo("1d");
            assertThat(admin.at(other.port())
                            .json("POST", "/v1/orders/" + before + "/cancel", "{\"reason\": \"no more\"}")
                            .status())
                    .isEqualTo(200);
        } finally {
            other.close();
        }
    }

    private static String flowOf(String order) {
        JsonNode json = admin.get("/v1/orders/" + order).json();
        return json.at("/flow/code").asString() + " " + json.at("/flow/version").asInt();
    }

    @Test
    void whatCannotBeFilledIsCancelledIfTheFlowSaysSo() {
        apply(QUICK.formatted("drop", "1d", "drops", "drop"));

        String id = order("drops", "short", "B");

        assertThat(admin.get("/v1/orders/" + id).text("status")).isEqualTo("cancelled");
    }

    @Test
    void theSameFlowAgainIsNoNewVersion() {
        apply(QUICK.formatted("same", "3d", "sames", "same"));

        assertThat(apply(QUICK.formatted("same", "3d", "sames", "same"))
                        .json()
                        .at("/nothingToDo")
                        .asBoolean())
                .isTrue();
        assertThat(admin.get("/v1/flows/same").json().at("/version").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {"on": "failed", "to": "drop"}; {"on": "failed", "to": "nowhere"}; flows[0].steps[0].edges[1].to; there is no step nowhere
            {"on": "failed", "to": "drop"}; {"on": "done", "to": "drop"}; flows[0].steps[0]; no edge is sure to lead on when it is source not done, or not in full
            , {"on": "failed", "to": "drop"};; flows[0].steps[0]; no edge is sure to lead on
            units.live == 0; units.live = 0; flows[0].steps[3].edges[0].when; column 12: token recognition error
            units.live == 0; units.lvie == 0; flows[0].steps[3].edges[0].when; there is no fact units.lvie
            units.open > 0; units.open > 1; flows[0].steps[3]; no edge is sure to lead on when units are rejected
            "after": "1d"; "after": "1 day"; flows[0].steps[3].edges[3].after; it is a time such as 90s, 30m, 12h or 30d
            {"after": "1d", "to": "escalate"}; {"on": "news", "to": "escalate"}; flows[0].steps[3]; it may wait here for ever
            {"after": "1d", "to": "escalate"}; {"after": "1h", "to": "fulfil"}, {"after": "1d", "to": "escalate"}; flows[0].steps[3]; edge 5 (after 1d) is never taken
            {"after": "1d", "to": "escalate"}; {"after": "48h", "to": "escalate"}, {"after": "1h", "when": "units.live > 0", "to": "fulfil"}; flows[0].steps[3]; edge 4 (after 2d) is never taken
            "on": "units-changed", "when": "units.open; "on": "units-chnged", "when": "units.open; flows[0].steps[3].edges[2].on; is units-changed meant
            "do": "open-exception"; "do": "open-exception", "reason": ""; flows[0].steps[4].reason; is empty
            "do": "open-exception"; "do": "refuse"; flows[0].steps[4]; an order that was taken cannot be refused any more
            "do": "open-exception"; "do": "close"; flows[0].steps[4]; an order with units that are on their way cannot be closed
            "do": "open-exception"; "do": "sing"; flows[0].steps[4].do; which is none of wait, validate, screen, source, park
            {"after": "1d", "to": "escalate"}; {"after": "1d"}; flows[0].steps[3].edges[3].to; "to" is missing
            "code": "close", "do"; "code": "source", "do"; flows[0].steps[5].code; there are two steps source
            "flow": "bad"; "flow": "none"; channels[0].flow; there is no flow for orders of this name
            """)
    void whatIsNotSoundIsRefusedWithItsPlaceAndStory(String good, String bad, String path, String told) {
        String sound = QUICK.formatted("bad", "1d", "bads", "bad");
        assertThat(sound).contains(good);

        Http.Reply reply = apply(sound.replace(good, bad == null ? "" : bad));

        assertThat(reply.status()).as(reply.text()).isEqualTo(422);
        JsonNode problems = reply.json().at("/problems");
        assertThat(StreamSupport.stream(problems.spliterator(), false))
                .as(problems.toPrettyString())
                .anyMatch(problem -> problem.at("/path").asString().equals(path)
                        && problem.at("/detail").asString().contains(told));
        assertThat(admin.get("/v1/flows/bad").status()).isEqualTo(404);
    }

    @Test
    void theStoryLeadsFromTheBeginningToTheFault() {
        String unsound = QUICK.formatted("bad", "1d", "bads", "bad").replace("units.open > 0", "units.open > 1");

        String detail = apply(unsound).json().at("/problems/0/detail").asString();

        assertThat(detail)
                .contains("It comes to this so: 1) an order is placed")
                .contains("source: source done; allocated")
                .contains("release: release done; released")
                .contains("units are rejected; open");
    }

    @Test
    void whatWasAppliedIsReadAgainByTheNextServer() {
        String odd = QUICK.formatted("odd", "1d", "odds", "odd")
                .replace(
                        "\"after\": \"1d\"",
                        "\"on\": \"news\", \"when\": \"attributes['gift-wrap'] == '\\\\r'\", \"to\": \"escalate\"},"
                                + " {\"after\": \"1d\"");
        assertThat(apply(odd).status()).isEqualTo(200);

        Server next = hub.another();
        try {
            JsonNode flow = admin.at(next.port()).get("/v1/flows/odd").json();
            assertThat(flow.at("/steps/3/edges/3/when").asString())
                    .isEqualTo("attributes[\"gift-wrap\"] == \"\\u000d\"");
        } finally {
            next.close();
        }
        assertThat(apply(odd).json().at("/nothingToDo").asBoolean()).isTrue();
    }

    @Test
    void builtInFlowsAreListedWithTheOthers() {
        JsonNode flows = admin.get("/v1/flows?limit=1000").json().at("/flows");

        assertThat(StreamSupport.stream(flows.spliterator(), false)
                        .map(flow -> flow.at("/code").asString()))
                .contains("ship", "ship-or-refuse")
                .isSorted();
    }

    @Test
    void aBuiltInFlowIsReplacedByItsSecondVersion() {
        apply(QUICK.formatted("ship-or-refuse", "1d", "express", "ship-or-refuse"));

        String id = order("express", "second", "A");

        assertThat(flowOf(id)).isEqualTo("ship-or-refuse 2");
    }
}
