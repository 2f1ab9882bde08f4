package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What was promised against what happened, and what is learned from it. */
class ArrivalsTest {
    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    private static TestHub hub;
    private static Http admin;
    private static int number;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData();
        admin = hub.admin();
        Configured.apply(hub, """
                carrierServices:
                  - code: FAST
                    collects: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]
                    delivers: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]
                    transit: [{zone: 1, fewestDays: 0, mostDays: 1}]
                    zonesByMiles: [{zone: 1}]
                  - code: NEVER
                    transit: [{zone: 1, fewestDays: 1, mostDays: 2}]
                    zonesByMiles: [{zone: 1}]
                """);
        hub.withStock("A", "S1", 100_000);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @AfterEach
    void everyInvariantHolds() {
        assertThat(hub.violations()).isEmpty();
    }

    private static String order(String group) {
        Http.Reply reply = admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"arrives-%d","currency":"EUR","shipGroups":[%s],
                 "lines":[{"sku":"A","quantity":1,"unitPrice":100}]}
                """.formatted(++number, group));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json().at("/id").asString();
    }

    private static String sent(String promised) {
        return order("{\"method\":\"ship\",\"address\":{\"country\":\"GB\"},\"service\":\"FAST\",\"promised\":"
                + promised + "}");
    }

    private static String promise(LocalDate latest, int confidence) {
        return "{\"latest\":\"%s\",\"confidence\":%d}".formatted(latest, confidence);
    }

    private static void act(String order, String... actions) {
        for (String action : actions) {
            Http.Reply reply = admin.json("POST", "/v1/orders/" + order + "/fulfilment-orders/1/" + action, "{}");
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        }
    }

    private static Http.Reply arrive(String order, LocalDate on) {
        return admin.json(
                "POST", "/v1/orders/" + order + "/fulfilment-orders/1/arrive", "{\"on\":\"%s\"}".formatted(on));
    }

    private static JsonNode of(JsonNode calibration, int confidence) {
        for (JsonNode step : calibration.at("/promises")) {
            if (step.at("/confidence").asInt(-1) == confidence) {
                return step;
            }
        }
        throw new AssertionError("nothing is said of " + confidence + " in " + calibration);
    }

    @Test
    void whatWasPromisedIsComparedWithWhatHappened() {
        String kept = sent(promise(TODAY, 93));
        assertThat(arrive(kept, TODAY).text("code")).isEqualTo("units-not-in-state");
        act(kept, "pick", "pack", "hand-over");
        assertThat(arrive(kept, TODAY.plusDays(5)).text("path")).isEqualTo("on");
        assertThat(arrive(kept, TODAY.minusDays(90)).text("path")).isEqualTo("on");
        Http.Reply arrived = arrive(kept, TODAY);
        assertThat(arrived.json().at("/fulfilmentOrders/0/arrived").asString()).isEqualTo(TODAY.toString());
        assertThat(arrived.json().at("/shipGroups/0/promised/confidence").asInt())
                .isEqualTo(93);
        assertThat(arrive(kept, TODAY).text("code")).isEqualTo("units-not-in-state");

        for (String to : new String[] {"-999999999-01-01", "2500-01-01", "tomorrow"}) {
            assertThat(admin.get("/v1/promises/calibration?to=" + to).text("path"))
                    .isEqualTo("to");
        }
        String late = sent(promise(TODAY.minusDays(1), 91));
        act(late, "pick", "pack", "hand-over");
        assertThat(arrive(late, TODAY).status()).isEqualTo(200);
        act(sent(promise(TODAY, 90)), "pick", "pack", "hand-over");
        sent(promise(TODAY.minusDays(2), 94));
        String calledOff = sent(promise(TODAY, 92));
        assertThat(admin.json("POST", "/v1/orders/" + calledOff + "/cancel", "{\"reason\":\"changed my mind\"}")
                        .status())
                .isEqualTo(200);

        JsonNode step = of(admin.get("/v1/promises/calibration?to=" + TODAY).json(), 90);
        assertThat(step.at("/promises").asInt()).as(step.toString()).isEqualTo(4);
        assertThat(step.at("/told").asDouble()).isEqualTo(92.0);
        assertThat(step.at("/kept").asInt()).isEqualTo(1);
        assertThat(step.at("/late").asInt()).isEqualTo(2);
        assertThat(step.at("/unknown").asInt()).isEqualTo(1);
        assertThat(step.at("/keptPercent").asDouble()).isEqualTo(33.3);
        assertThat(step.at("/daysLate/p90").asInt()).isEqualTo(1);
    }

    @Test
    void aKeyOfOneChannelSeesItsPromisesAlone() {
        String order = sent(promise(TODAY, 72));
        act(order, "pick", "pack", "hand-over");
        assertThat(arrive(order, TODAY).status()).isEqualTo(200);
        Http other = hub.key("viewer", "[\"app\"]", "[\"*\"]");
        assertThat(other.get("/v1/promises/calibration?to=" + TODAY).text("path"))
                .isEqualTo("channel");
        assertThat(other.get("/v1/promises/calibration?channel=web&to=" + TODAY).text("code"))
                .isEqualTo("unknown-channel");
        JsonNode own =
                other.get("/v1/promises/calibration?channel=app&to=" + TODAY).json();
        assertThat(own.at("/promises").isEmpty()).as(own.toString()).isTrue();
        assertThat(own.at("/ways").isEmpty()).as(own.toString()).isTrue();
    }

    @Test
    void whatIsCollectedIsThereWhenItIsPacked() {
        String order = order("{\"method\":\"pick-up\",\"pickUpNode\":\"S1\",\"promised\":{\"latest\":\"%s\"}}"
                .formatted(TODAY.plusDays(1)));
        assertThat(arrive(order, TODAY).text("code")).isEqualTo("units-not-in-state");
        act(order, "pick", "pack");
        assertThat(admin.get("/v1/orders/" + order)
                        .json()
                        .at("/fulfilmentOrders/0/arrived")
                        .asString())
                .isIn(TODAY.toString(), TODAY.plusDays(1).toString());
        JsonNode all = admin.get("/v1/promises/calibration?channel=web&from=%s&to=%s"
                        .formatted(TODAY.plusDays(1), TODAY.plusDays(1)))
                .json();
        assertThat(all.at("/promises/0/kept").asInt()).as(all.toString()).isEqualTo(1);
        assertThat(all.at("/promises/0/confidence").isMissingNode()).isTrue();
    }

    @Test
    void confidenceIsLearned() throws Exception {
        assertThat(confidence("NEVER").isMissingNode()).isTrue();
        for (int i = 0; i < 12; i++) {
            String order = sent("null");
            act(order, "pick", "pack", "hand-over");
            // It leaves today or tomorrow, and is there a day later at the latest.
            assertThat(arrive(order, TODAY).status()).isEqualTo(200);
        }
        try (Server another = hub.another()) {
            Http fresh = new Http(another.port(), hub.adminKey());
            for (int i = 0; i < 100 && !confidence(fresh, "FAST").isNumber(); i++) {
                Thread.sleep(50);
            }
            assertThat(confidence(fresh, "FAST").asInt()).isBetween(90, 99);
            assertThat(confidence(fresh, "NEVER").isMissingNode()).isTrue();
        }
        JsonNode ways = admin.get("/v1/promises/calibration?to=" + TODAY).json().at("/ways");
        assertThat(ways.findValuesAsString("service")).contains("FAST");
    }

    private static JsonNode confidence(String service) {
        return confidence(admin, service);
    }

    private static JsonNode confidence(Http caller, String service) {
        JsonNode options = caller.json("POST", "/v1/promises", """
                {"channel":"web","shipTo":{"country":"GB"},"lines":[{"sku":"A","quantity":1}]}
                """).json().at("/options");
        for (JsonNode option : options) {
            if (option.at("/service").asString().equals(service)) {
                return option.at("/confidence");
            }
        }
        throw new AssertionError("there is no " + service + " in " + options);
    }
}
