package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a shop is told of when and how, and that it is what happens. */
class PromisesTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData();
        admin = hub.admin();
        apply("""
                {"reason":"promises",
                 "carrierServices":[
                   {"code":"STANDARD","transit":[{"zone":1,"fewestDays":2,"mostDays":3},{"zone":2,"fewestDays":3,"mostDays":4}],
                    "zonesByMiles":[{"upTo":300,"zone":1},{"zone":2}]},
                   {"code":"EXPRESS","collects":["monday","tuesday","wednesday","thursday","friday","saturday","sunday"],
                    "delivers":["monday","tuesday","wednesday","thursday","friday","saturday","sunday"],
                    "transit":[{"zone":1,"fewestDays":1,"mostDays":1,"perPackage":300000000}],
                    "zonesByMiles":[{"upTo":300,"zone":1},{"zone":9}],
                    "zones":[{"country":"GB","postcodes":"BT","zone":9}]}],
                 "nodes":[
                   {"code":"P-DC","type":"distribution-centre","location":{"latitude":52.5,"longitude":13.4},
                    "calendar":{"zone":"Europe/Berlin","cutOff":"15:00"},
                    "handling":{"processingDays":1,"cutOffs":[{"service":"EXPRESS","cutOff":"23:59"}]}},
                   {"code":"P-SHOP","type":"store","ships":false,"location":{"latitude":52.4,"longitude":13.3},
                    "calendar":{"zone":"Europe/Berlin","cutOff":"15:00"},
                    "handling":{"receivingDays":1,"pickUp":{"leadMinutes":60,"slotMinutes":30,"perSlot":2,"hours":[
                      {"days":["monday","tuesday","wednesday","thursday","friday","saturday","sunday"],"from":"09:00","to":"18:30"}]}}}]}
                """);
        admin.json("PUT", "/v1/items", "[{\"sku\":\"P-A\"},{\"sku\":\"P-B\"},{\"sku\":\"P-C\"}]");
        count("P-A", "P-DC", 5);
        count("P-A", "P-SHOP", 2);
        count("P-B", "P-DC", 9);
        count("P-C", "P-SHOP", 5);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static void apply(String document) {
        Http.Reply applied = admin.json("POST", "/v1/configuration/apply", document);
        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
    }

    private static void count(String sku, String node, int units) {
        assertThat(admin.ndjson(
                                "/v1/stock/snapshot",
                                "{\"sku\":\"%s\",\"node\":\"%s\",\"quantity\":%d}".formatted(sku, node, units))
                        .text())
                .contains("200");
    }

    private static JsonNode ask(String lines, String more) {
        Http.Reply reply = admin.json("POST", "/v1/promises", """
                {"channel":"web","shipTo":{"country":"GB","postcode":"SW1A","location":{"latitude":52.6,"longitude":13.5}},
                 "lines":[%s]%s}
                """.formatted(lines, more));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    private static JsonNode option(JsonNode answer, String method, String service) {
        for (JsonNode option : answer.at("/options")) {
            if (option.at("/method").asString().equals(method)
                    && (service.isEmpty() || option.at("/service").asString().equals(service))) {
                return option;
            }
        }
        throw new AssertionError("there is no " + method + " " + service + " in " + answer);
    }

    @Test
    void eachServiceIsAWayWithItsDatesAndItsCost() {
        JsonNode answer = ask("{\"sku\":\"P-A\",\"quantity\":1},{\"sku\":\"P-B\",\"quantity\":2}", "");
        JsonNode express = option(answer, "ship", "EXPRESS");
        JsonNode standard = option(answer, "ship", "STANDARD");

        LocalDate today =
                Instant.parse(answer.at("/askedAt").asString()).atZone(BERLIN).toLocalDate();
        LocalDate left = LocalDate.parse(express.at("/parcels/0/handedOver").asString());
        assertThat(left).isIn(today.plusDays(1), today.plusDays(2));
        assertThat(express.at("/latest").asString()).isEqualTo(left.plusDays(1).toString());
        LocalDate taken = LocalDate.parse(standard.at("/parcels/0/handedOver").asString());
        assertThat(taken.getDayOfWeek()).isNotIn(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
        assertThat(standard.at("/earliest").asString())
                .isLessThan(standard.at("/latest").asString());
        assertThat(express.at("/cost").asLong()).isGreaterThan(300_000_000L);
    }

    @Test
    void aStoreThatHasItHandsItOutAndOneThatHasNotGetsItFirst() {
        JsonNode here = option(ask("{\"sku\":\"P-A\",\"quantity\":2}", ",\"stores\":[\"P-SHOP\"]"), "pick-up", "");
        Instant from = Instant.parse(here.at("/collect/from").asString());
        assertThat(from.atZone(BERLIN).getMinute() % 30).isZero();
        assertThat(Instant.parse(here.at("/collect/until").asString())).isEqualTo(from.plusSeconds(1_800));
        assertThat(here.at("/parcels")).isEmpty();

        JsonNode sent =
                option(ask("{\"sku\":\"P-A\",\"quantity\":3}", ",\"stores\":[\"P-SHOP\"]"), "ship-to-store", "EXPRESS");
        assertThat(sent.at("/store").asString()).isEqualTo("P-SHOP");
        assertThat(LocalDate.parse(sent.at("/latest").asString()))
                .isAfter(LocalDate.parse(sent.at("/parcels/0/latest").asString()));
    }

    @Test
    void aStoreThatHasNoRoomLeftTodayHandsOutLaterAsItIsPlanned() {
        apply("""
                {"reason":"a narrow store","nodes":[
                   {"code":"P-NARROW","type":"store","ships":false,"dailyCapacity":1,"location":{"latitude":52.4,"longitude":13.3},
                    "calendar":{"zone":"Europe/Berlin","cutOff":"23:59",
                      "workdays":["monday","tuesday","wednesday","thursday","friday","saturday","sunday"]},
                    "handling":{"pickUp":{"leadMinutes":0,"slotMinutes":30,"perSlot":20,"hours":[
                      {"days":["monday","tuesday","wednesday","thursday","friday","saturday","sunday"],"from":"00:00","to":"24:00"}]}}}]}
                """);
        admin.json("PUT", "/v1/items", "[{\"sku\":\"P-NARROW\"}]");
        count("P-NARROW", "P-NARROW", 5);
        Instant last = Instant.EPOCH;
        for (int i = 0; i < 3; i++) {
            JsonNode here =
                    option(ask("{\"sku\":\"P-NARROW\",\"quantity\":1}", ",\"stores\":[\"P-NARROW\"]"), "pick-up", "");
            Instant promised = Instant.parse(here.at("/collect/from").asString());
            Http.Reply order = admin.json("POST", "/v1/orders", """
                    {"channel":"web","externalId":"narrow-%d","currency":"EUR",
                     "shipGroups":[{"method":"pick-up","pickUpNode":"P-NARROW"}],
                     "lines":[{"sku":"P-NARROW","quantity":1,"unitPrice":100}]}
                    """.formatted(i));
            Instant planned = Instant.parse(order.text("/fulfilmentOrders/0/dispatchBy"));
            // The slot may have begun between the two calls, and then it is the next.
            assertThat(planned).as(order.text()).isIn(promised, promised.plusSeconds(1_800));
            assertThat(planned.atZone(BERLIN).toLocalDate())
                    .isAfter(last.atZone(BERLIN).toLocalDate());
            last = planned;
        }
        JsonNode two =
                option(ask("{\"sku\":\"P-NARROW\",\"quantity\":2}", ",\"stores\":[\"P-NARROW\"]"), "pick-up", "");
        assertThat(Instant.parse(two.at("/collect/from").asString())
                        .atZone(BERLIN)
                        .toLocalDate())
                .as("a unit a day: when the last is ready")
                .isEqualTo(last.atZone(BERLIN).toLocalDate().plusDays(2));
        assertThat(two.at("/split").asBoolean()).isTrue();
    }

    @Test
    void whatANodeCanOnlyDoInTwoDaysIsNotOneParcel() {
        apply("""
                {"reason":"a slow depot","nodes":[
                   {"code":"P-SLOW","type":"distribution-centre","dailyCapacity":2,"location":{"latitude":52.5,"longitude":13.4},
                    "calendar":{"zone":"Europe/Berlin","cutOff":"23:59"}}]}
                """);
        admin.json("PUT", "/v1/items", "[{\"sku\":\"P-SLOW\"}]");
        count("P-SLOW", "P-SLOW", 9);
        List<String> services = ask("{\"sku\":\"P-SLOW\",\"quantity\":3}", ",\"nearest\":0")
                .at("/options")
                .valueStream()
                .map(one -> one.at("/service").asString() + one.at("/split").asBoolean())
                .toList();
        assertThat(services).containsExactlyInAnyOrder("STANDARDtrue", "EXPRESStrue");
        Http.Reply held = admin.json("POST", "/v1/reservations", """
                {"channel":"web","mostParcels":1,
                 "shipTo":{"country":"GB","postcode":"SW1A","location":{"latitude":52.6,"longitude":13.5},"service":"EXPRESS"},
                 "lines":[{"sku":"P-SLOW","quantity":3}]}
                """);
        assertThat(held.status()).as(held.text()).isEqualTo(409);
    }

    @Test
    void whatIsCollectedIsPlannedForTheTimeThatWasPromised() {
        JsonNode here = option(ask("{\"sku\":\"P-C\",\"quantity\":1}", ",\"stores\":[\"P-SHOP\"]"), "pick-up", "");
        Http.Reply order = admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"collect","currency":"EUR",
                 "shipGroups":[{"method":"pick-up","pickUpNode":"P-SHOP"}],
                 "lines":[{"sku":"P-C","quantity":1,"unitPrice":100}]}
                """);
        Instant planned = Instant.parse(order.text("/fulfilmentOrders/0/dispatchBy"));
        Instant promised = Instant.parse(here.at("/collect/from").asString());
        // The slot may have begun between the two calls, and then it is the next.
        assertThat(planned).isIn(promised, promised.plusSeconds(1_800));
    }

    @Test
    void whoeverDoesNotSayWhereTheyAreIsPromisedWhatHoldsEverywhere() {
        JsonNode answer = admin.json("POST", "/v1/promises", """
                        {"channel":"web","shipTo":{"country":"GB"},"nearest":0,"lines":[{"sku":"P-B","quantity":1}]}
                        """).json();
        assertThat(answer.toString()).contains("STANDARD").doesNotContain("EXPRESS");
        JsonNode far = option(answer, "ship", "STANDARD");
        JsonNode near = option(ask("{\"sku\":\"P-B\",\"quantity\":1}", ",\"nearest\":0"), "ship", "STANDARD");
        assertThat(far.at("/latest").asString())
                .isGreaterThan(near.at("/latest").asString());
    }

    @Test
    void whatWasHeldForOneServiceIsNotTakenOverForAnother() {
        String to =
                "\"shipTo\":{\"country\":\"GB\",\"service\":\"%s\",\"location\":{\"latitude\":52.6,\"longitude\":13.5}}";
        Http.Reply held = admin.json(
                "POST",
                "/v1/reservations",
                "{\"channel\":\"web\",%s,\"lines\":[{\"sku\":\"P-B\",\"quantity\":1}]}"
                        .formatted(to.formatted("STANDARD")));

        Http.Reply order = admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"other service","currency":"EUR",%s,"reservation":"%s",
                 "lines":[{"sku":"P-B","quantity":1,"unitPrice":100}]}
                """.formatted(to.formatted("EXPRESS"), held.text("id")));

        assertThat(order.text("/status")).isEqualTo("released");
        assertThat(admin.get("/v1/orders/" + order.text("id")).text()).doesNotContain("promise-kept");
    }

    @Test
    void whatCannotBeHadIsNotPromised() {
        assertThat(ask("{\"sku\":\"P-B\",\"quantity\":50}", "").at("/options")).isEmpty();
        JsonNode islands = admin.json("POST", "/v1/promises", """
                        {"channel":"web","shipTo":{"country":"GB","postcode":"BT1 1AA","location":{"latitude":52.6,"longitude":13.5}},
                         "lines":[{"sku":"P-B","quantity":1}],"nearest":0}
                        """).json();
        assertThat(islands.toString()).contains("STANDARD").doesNotContain("EXPRESS");
    }

    @Test
    void whatWasPromisedIsHeldAndThenPlanned() {
        JsonNode promised = option(ask("{\"sku\":\"P-B\",\"quantity\":1}", ""), "ship", "STANDARD");
        String to =
                "\"shipTo\":{\"country\":\"GB\",\"postcode\":\"SW1A\",\"service\":\"STANDARD\",\"location\":{\"latitude\":52.6,\"longitude\":13.5}}";
        Http.Reply held = admin.json(
                "POST",
                "/v1/reservations",
                "{\"channel\":\"web\",%s,\"lines\":[{\"sku\":\"P-B\",\"quantity\":1}]}".formatted(to));
        assertThat(held.status()).as(held.text()).isEqualTo(201);

        Http.Reply order = admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"promised","currency":"EUR",%s,"reservation":"%s",
                 "lines":[{"sku":"P-B","quantity":1,"unitPrice":100}]}
                """.formatted(to, held.text("id")));

        assertThat(order.status()).as(order.text()).isEqualTo(201);
        assertThat(order.text("/shipGroups/0/service")).isEqualTo("STANDARD");
        JsonNode work = order.json().at("/fulfilmentOrders/0");
        assertThat(work.at("/node").asString())
                .isEqualTo(promised.at("/parcels/0/node").asString());
        assertThat(Instant.parse(work.at("/dispatchBy").asString())
                        .minusNanos(1)
                        .atZone(BERLIN)
                        .toLocalDate()
                        .toString())
                .isEqualTo(promised.at("/parcels/0/handedOver").asString());
    }

    @Test
    void aCalendarWithoutAWorkingDayAndAServiceThatIsNotThereAreRefused() {
        StringBuilder holidays = new StringBuilder();
        LocalDate day = LocalDate.now(BERLIN).minusDays(3);
        for (int i = 0; i < 400; i++) {
            holidays.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(day.plusDays(i))
                    .append('"');
        }
        Http.Reply never = admin.json("POST", "/v1/configuration/plan", """
                {"nodes":[{"code":"NEVER","type":"store","calendar":{"zone":"Europe/Berlin","cutOff":"12:00","holidays":[%s]}}]}
                """.formatted(holidays));
        assertThat(never.text()).contains("no working day within a year");
        Http.Reply unknown = admin.json("POST", "/v1/reservations", """
                {"channel":"web","shipTo":{"country":"GB","service":"PIGEON"},"lines":[{"sku":"P-B","quantity":1}]}
                """);
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.text()).contains("no such carrier service");
        Http.Reply overlapping = admin.json("POST", "/v1/configuration/plan", """
                {"nodes":[{"code":"TWICE","type":"store","handling":{"pickUp":{"hours":[
                  {"days":["monday"],"from":"09:00","to":"12:00"},{"days":["monday"],"from":"11:00","to":"18:00"}]}}}]}
                """);
        assertThat(overlapping.text()).contains("none overlap");
    }
}
