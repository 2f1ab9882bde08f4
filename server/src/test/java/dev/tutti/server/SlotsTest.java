package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Customers come in slots, and only so many in each. */
class SlotsTest {
    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData();
        admin = hub.admin();
        for (String node : List.of("SLOTS-1", "SLOTS-2", "SLOTS-3", "SLOTS-4")) {
            store(node, 2);
            hub.withStock("A", node, 1_000);
        }
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @AfterEach
    void everyInvariantHolds() {
        assertThat(hub.violations()).isEmpty();
    }

    private static void store(String node, int perSlot) {
        store(node, perSlot, 0, "");
    }

    private static void store(String node, int perSlot, int leadMinutes, String more) {
        Configured.apply(hub, """
                nodes:
                  - code: %s
                    type: store
                    %s
                    calendar: {zone: Europe/Berlin, cutOff: '23:59'}
                    handling:
                      pickUp:
                        leadMinutes: %d
                        slotMinutes: 60
                        perSlot: %d
                        hours: [{days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday], from: '00:00', to: '00:00'}]
                """.formatted(node, more, leadMinutes, perSlot));
    }

    private static Instant offered(String node) {
        JsonNode options =
                admin.json("POST", "/v1/promises", """
                {"channel":"web","shipTo":{"country":"GB"},"stores":["%s"],"lines":[{"sku":"A","quantity":1}]}
                """.formatted(node)).json().at("/options");
        assertThat(options.at("/0/method").asString()).as(options.toString()).isEqualTo("pick-up");
        return Instant.parse(options.at("/0/collect/from").asString());
    }

    private static String collects(String node, Instant from) {
        return "{\"method\":\"pick-up\",\"pickUpNode\":\"%s\",\"collectFrom\":\"%s\"}".formatted(node, from);
    }

    private static Http.Reply order(String externalId, String groups, String more) {
        return admin.json("POST", "/v1/orders", """
                {"channel":"app","externalId":"%s","currency":"EUR","shipGroups":[%s],
                 "lines":[{"sku":"A","quantity":1,"unitPrice":100}]%s}
                """.formatted(externalId, groups, more));
    }

    private static Http.Reply hold(String node, Instant from) {
        return admin.json("POST", "/v1/reservations", """
                {"channel":"app","shipGroups":[%s],"lines":[{"sku":"A","quantity":1}]}
                """.formatted(collects(node, from)));
    }

    @Test
    void whatIsFullIsNotOfferedAndNotHad() {
        Instant first = offered("SLOTS-1");
        Http.Reply one = order("one", collects("SLOTS-1", first), "");
        assertThat(one.status()).as(one.text()).isEqualTo(201);
        assertThat(one.json().at("/shipGroups/0/collectFrom").asString()).isEqualTo(first.toString());
        assertThat(offered("SLOTS-1")).isEqualTo(first);
        assertThat(order("two", collects("SLOTS-1", first), "").status()).isEqualTo(201);
        assertThat(offered("SLOTS-1")).isEqualTo(first.plus(Duration.ofHours(1)));
        Http.Reply three = order("three", collects("SLOTS-1", first), "");
        assertThat(three.status()).isEqualTo(409);
        assertThat(three.text("code")).isEqualTo("insufficient-capacity");
        assertThat(three.text("path")).isEqualTo("shipGroups[0].collectFrom");
        // Without a slot they come when they like; and who comes twice takes two.
        assertThat(order("four", "{\"method\":\"pick-up\",\"pickUpNode\":\"SLOTS-1\"}", "")
                        .status())
                .isEqualTo(201);

        String id = one.text("id");
        assertThat(admin.json("POST", "/v1/orders/" + id + "/cancel", "{\"reason\":\"ill\"}")
                        .status())
                .isEqualTo(200);
        assertThat(offered("SLOTS-1")).isEqualTo(first);
        assertThat(order("five", collects("SLOTS-1", first), "").status()).isEqualTo(201);
        assertThat(order("six", collects("SLOTS-1", first), "").status()).isEqualTo(409);
        store("SLOTS-1", 3);
        assertThat(order("seven", collects("SLOTS-1", first), "").status()).isEqualTo(201);
        assertThat(order("eight", collects("SLOTS-1", first), "").status()).isEqualTo(409);
    }

    @Test
    void workIsDueWhenItsCustomerComes() {
        Instant later = offered("SLOTS-3").plus(Duration.ofHours(3));
        Http.Reply order = order("comes later", collects("SLOTS-3", later), "");
        assertThat(order.status()).as(order.text()).isEqualTo(201);
        assertThat(Instant.parse(order.text("/fulfilmentOrders/0/dispatchBy"))).isEqualTo(later);
    }

    @Test
    void whoComesWhenTheyLikeIsNotMadeToWaitForTheSlotOfTheirCart() {
        Instant later = offered("SLOTS-4").plus(Duration.ofHours(5));
        Http.Reply held = hold("SLOTS-4", later);
        Http.Reply order = order(
                "likes",
                "{\"method\":\"pick-up\",\"pickUpNode\":\"SLOTS-4\"}",
                ",\"reservation\":\"" + held.text("id") + "\"");
        assertThat(order.status()).as(order.text()).isEqualTo(201);
        assertThat(Instant.parse(order.text("/fulfilmentOrders/0/dispatchBy"))).isBefore(later);
    }

    @Test
    void whoComesInASlotTakesWhatTheStoreCanDoOnThatDay() {
        store("SLOTS-DAY", 9, 0, "dailyCapacity: 1");
        hub.withStock("A", "SLOTS-DAY", 100);
        String anyTime = "{\"method\":\"pick-up\",\"pickUpNode\":\"SLOTS-DAY\"}";
        for (int i = 0; i < 11; i++) {
            assertThat(order("day-" + i, anyTime, "").text("/lines/0/units/released"))
                    .isEqualTo("1");
        }
        assertThat(order("day-11", anyTime, "")
                        .json()
                        .at("/lines/0/units/released")
                        .asInt())
                .isZero();

        Instant slot = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofDays(20));
        Http.Reply inTwentyDays = order("slot-1", collects("SLOTS-DAY", slot), "");
        assertThat(inTwentyDays.text("/lines/0/units/released"))
                .as(inTwentyDays.text())
                .isEqualTo("1");
        Http.Reply theSameDay = order("slot-2", collects("SLOTS-DAY", slot), "");
        assertThat(theSameDay.json().at("/lines/0/units/released").asInt())
                .as(theSameDay.text())
                .isZero();
    }

    /** Whose cart was for another slot than the order is takes room of the day on which they come, if there is any. */
    @Test
    void anOrderTakesRoomOfTheDayOnWhichItsCustomerComesWhateverItsCartHad() {
        store("SLOTS-MOVED", 9, 0, "dailyCapacity: 1");
        hub.withStock("A", "SLOTS-MOVED", 100);
        Instant early = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofDays(3));
        Instant late = early.plus(Duration.ofDays(2));
        Instant later = late.plus(Duration.ofDays(2));

        Http.Reply moved = ofCart("moved-1", hold("SLOTS-MOVED", late), collects("SLOTS-MOVED", early));
        assertThat(due(moved)).isEqualTo(early);
        assertThat(countsOn(moved)).isEqualTo(dayOf(early));
        assertThat(countsOn(order("moved-2", collects("SLOTS-MOVED", late), "")))
                .as("the day that was given back")
                .isEqualTo(dayOf(late));

        String anyTime = "{\"method\":\"pick-up\",\"pickUpNode\":\"SLOTS-MOVED\"}";
        Http.Reply atOnce = ofCart("moved-3", hold("SLOTS-MOVED", later), anyTime);
        assertThat(due(atOnce)).isBefore(Instant.now().plus(Duration.ofHours(2)));
        assertThat(countsOn(atOnce)).isEqualTo(dayOf(due(atOnce)));

        // Should it become tomorrow meanwhile, that is full as well.
        assertThat(countsOn(order("moved-4", anyTime, "")))
                .isEqualTo(countsOn(atOnce).plusDays(1));
        Http.Reply full = ofCart("moved-5", hold("SLOTS-MOVED", later), anyTime);
        assertThat(countsOn(full)).as("the soonest day is full").isEqualTo(dayOf(later));
        assertThat(dayOf(due(full))).isEqualTo(dayOf(later));
    }

    private static LocalDate dayOf(Instant moment) {
        return LocalDate.ofInstant(moment, ZoneId.of("Europe/Berlin"));
    }

    private static LocalDate countsOn(Http.Reply order) {
        assertThat(order.status()).as(order.text()).isEqualTo(201);
        return LocalDate.parse(order.text("/fulfilmentOrders/0/capacityDay"));
    }

    private static Http.Reply ofCart(String externalId, Http.Reply held, String group) {
        assertThat(held.status()).as(held.text()).isEqualTo(201);
        return order(externalId, group, ",\"reservation\":\"" + held.text("id") + "\"");
    }

    private static Instant due(Http.Reply order) {
        assertThat(order.status()).as(order.text()).isEqualTo(201);
        return Instant.parse(order.text("/fulfilmentOrders/0/dispatchBy"));
    }

    @Test
    void aSlotIsHeldForACartAndItsOrderGetsIt() {
        Instant first = offered("SLOTS-2");
        Http.Reply held = hold("SLOTS-2", first);
        assertThat(held.status()).as(held.text()).isEqualTo(201);
        assertThat(held.json().at("/slots/0/collectFrom").asString()).isEqualTo(first.toString());
        assertThat(hold("SLOTS-2", first).status()).isEqualTo(201);
        assertThat(hold("SLOTS-2", first).text("code")).isEqualTo("insufficient-capacity");
        assertThat(order("late", collects("SLOTS-2", first), "").status()).isEqualTo(409);
        Http.Reply taken = order("held", collects("SLOTS-2", first), ",\"reservation\":\"" + held.text("id") + "\"");
        assertThat(taken.status()).as(taken.text()).isEqualTo(201);
        assertThat(Instant.parse(taken.text("/fulfilmentOrders/0/dispatchBy"))).isEqualTo(first);
        assertThat(order("later", collects("SLOTS-2", first), "").status()).isEqualTo(409);
    }

    @Test
    void whatAReservationHeldAndNobodyTookIsFree() {
        Instant first = offered("SLOTS-3");
        Http.Reply held = hold("SLOTS-3", first);
        assertThat(hold("SLOTS-3", first).status()).isEqualTo(201);
        assertThat(offered("SLOTS-3")).isAfter(first);
        assertThat(admin.json("POST", "/v1/reservations/" + held.text("id") + "/release", "{}")
                        .status())
                .isEqualTo(200);
        assertThat(offered("SLOTS-3")).isEqualTo(first);
    }

    @Test
    void ofManyWhoWantOneSlotAtOnceSoManyGetItAsItTakes() throws Exception {
        Instant first = offered("SLOTS-4");
        try (Server another = hub.another()) {
            Http there = new Http(another.port(), hub.adminKey());
            List<CompletableFuture<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Http at = i % 2 == 0 ? admin : there;
                String body = """
                        {"channel":"app","externalId":"crowd-%d","currency":"EUR","shipGroups":[%s],
                         "lines":[{"sku":"A","quantity":1,"unitPrice":100}]}
                        """.formatted(i, collects("SLOTS-4", first));
                all.add(CompletableFuture.supplyAsync(
                        () -> at.json("POST", "/v1/orders", body).status()));
            }
            List<Integer> answers = all.stream().map(CompletableFuture::join).toList();
            assertThat(answers).filteredOn(status -> status == 201).hasSize(2);
            assertThat(answers).filteredOn(status -> status == 409).hasSize(38);
        }
    }

    @Test
    void whatIsNoSlotIsNotTaken() {
        Instant slot = offered("SLOTS-3");
        assertThat(order("no-1", collects("SLOTS-3", slot.plusSeconds(60)), "").text("detail"))
                .isEqualTo("SLOTS-3 has no slot that begins then; promises say which there are");
        assertThat(order("no-2", collects("SLOTS-3", slot.minus(Duration.ofDays(2))), "")
                        .text("detail"))
                .isEqualTo("that slot has begun already");
        assertThat(order("no-5", collects("SLOTS-3", slot.plus(Duration.ofDays(2_000))), "")
                        .text("detail"))
                .contains("for 366 days");
        store("SLOTS-LATE", 1, 600, "");
        assertThat(order("no-6", collects("SLOTS-LATE", slot), "").text("detail"))
                .as("ten hours of work are not done by the next full hour")
                .contains("when anything could be ready");
        assertThat(order("no-3", collects("S1", slot), "").status()).isEqualTo(422);
        assertThat(order(
                                "no-4",
                                "{\"method\":\"ship\",\"address\":{\"country\":\"GB\"},\"collectFrom\":\"" + slot
                                        + "\"}",
                                "")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void whatWasHeldIsTheOrdersThoughTheSlotTakesFewerNow() {
        store("SLOTS-5", 3);
        hub.withStock("A", "SLOTS-5", 100);
        Instant first = offered("SLOTS-5");
        Http.Reply held = hold("SLOTS-5", first);
        hold("SLOTS-5", first);
        hold("SLOTS-5", first);
        store("SLOTS-5", 1);
        Http.Reply order = order("fewer", collects("SLOTS-5", first), ",\"reservation\":\"" + held.text("id") + "\"");
        assertThat(order.status()).as(order.text()).isEqualTo(201);
        assertThat(order("fewer-2", collects("SLOTS-5", first), "").text("code"))
                .isEqualTo("insufficient-capacity");
    }

    @Test
    void whoCollectsTwiceInASlotTakesTwoPlaces() {
        store("SLOTS-6", 1);
        hub.withStock("A", "SLOTS-6", 100);
        Instant first = offered("SLOTS-6");
        Http.Reply held = hold("SLOTS-6", first);
        String twice = collects("SLOTS-6", first) + "," + collects("SLOTS-6", first);
        Http.Reply order = admin.json("POST", "/v1/orders", """
                {"channel":"app","externalId":"twice","currency":"EUR","shipGroups":[%s],"reservation":"%s",
                 "lines":[{"sku":"A","quantity":1,"unitPrice":100,"shipGroup":1},{"sku":"A","quantity":1,"unitPrice":100,"shipGroup":2}]}
                """.formatted(twice, held.text("id")));
        assertThat(order.text("code")).as(order.text()).isEqualTo("insufficient-capacity");
        assertThat(order.text("path")).isEqualTo("shipGroups[1].collectFrom");
        Http.Reply empty = admin.json("POST", "/v1/reservations", """
                {"channel":"app","shipGroups":[%s],"lines":[{"sku":"A","quantity":1}]}
                """.formatted(twice));
        assertThat(empty.text("path")).as(empty.text()).isEqualTo("shipGroups[1].collectFrom");
    }
}
