package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What is on its way, who waits for it, and who gets it. */
class InboundTest {
    private static final LocalDate SOON = LocalDate.now(ZoneOffset.UTC).plusDays(5);
    private static final LocalDate LATER = LocalDate.now(ZoneOffset.UTC).plusDays(20);

    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData();
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @AfterEach
    void everyInvariantHolds() {
        assertThat(hub.violations()).isEmpty();
    }

    private static void item(String sku) {
        assertThat(admin.json("PUT", "/v1/items", "[{\"sku\":\"" + sku + "\"}]").status())
                .isEqualTo(200);
    }

    private static Http.Reply announce(String reference, String sku, LocalDate due, int quantity) {
        return admin.json("PUT", "/v1/inbound/" + reference, """
                {"kind":"purchase-order","lines":[{"sku":"%s","node":"DC","due":"%s","quantity":%d}]}
                """.formatted(sku, due, quantity));
    }

    private static Http.Reply receive(String reference, int quantity, String more) {
        return admin.json(
                "POST",
                "/v1/inbound/" + reference + "/receive",
                "{\"lines\":[{\"line\":1,\"quantity\":%d%s}]}".formatted(quantity, more));
    }

    private static String order(String externalId, String sku, int units, String more) {
        Http.Reply reply = admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},
                 "lines":[{"sku":"%s","quantity":%d,"unitPrice":100}]%s}
                """.formatted(externalId, sku, units, more));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json().at("/id").asString();
    }

    private static void waitsAtTheStore(String sku, int units) {
        Http.Reply waits = admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"collects-%1$s","currency":"EUR",
                 "shipGroups":[{"method":"pick-up","pickUpNode":"S1"}],
                 "lines":[{"sku":"%1$s","quantity":%2$d,"unitPrice":100}]}
                """.formatted(sku, units));
        assertThat(waits.status()).as(waits.text()).isEqualTo(201);
    }

    private static int units(String order, String state) {
        return admin.get("/v1/orders/" + order)
                .json()
                .at("/lines/0/units/" + state)
                .asInt();
    }

    private static JsonNode availability(String sku) {
        return admin.get("/v1/availability?channel=web&sku=" + sku).json().at("/items/0");
    }

    private static JsonNode position(String sku) {
        return admin.get("/v1/stock?sku=" + sku + "&node=DC").json().at("/positions/0");
    }

    private static void until(Callable<Boolean> holds) throws Exception {
        for (int i = 0; i < 400 && !holds.call(); i++) {
            Thread.sleep(50);
        }
        assertThat(holds.call()).isTrue();
    }

    @Test
    void whatIsAnnouncedIsExpectedOnItsDay() {
        item("EXPECTED");
        assertThat(announce("PO-1", "EXPECTED", LATER, 10).status()).isEqualTo(201);
        assertThat(announce("PO-1b", "EXPECTED", SOON, 4).status()).isEqualTo(201);
        JsonNode item = availability("EXPECTED");
        assertThat(item.at("/ship").asInt()).isZero();
        assertThat(item.at("/expected/0").toString())
                .isEqualTo("{\"from\":\"%s\",\"node\":\"DC\",\"quantity\":4,\"together\":4}".formatted(SOON));
        assertThat(item.at("/expected/1/together").asInt()).isEqualTo(14);

        assertThat(announce("PO-1", "EXPECTED", SOON, 6).status()).isEqualTo(200);
        assertThat(availability("EXPECTED").at("/expected/0/together").asInt()).isEqualTo(10);
        assertThat(announce("PO-1", "EXPECTED", SOON, 6).json().at("/version").asInt())
                .isEqualTo(2);
    }

    @Test
    void whoWaitsHasItBeforeWhoComesLater() throws Exception {
        item("WAITED");
        announce("PO-2", "WAITED", SOON, 5);
        String first = order("waits-1", "WAITED", 3, "");
        assertThat(units(first, "backordered")).isEqualTo(3);
        assertThat(availability("WAITED").at("/waiting").asInt()).isEqualTo(3);
        assertThat(availability("WAITED").at("/expected/0/quantity").asInt()).isEqualTo(2);

        assertThat(receive("PO-2", 5, "").status()).isEqualTo(200);
        // In the moment in which it has come, the rest is all that anybody else can have.
        assertThat(availability("WAITED").at("/ship").asInt()).isLessThanOrEqualTo(2);
        String second = order("overtakes-1", "WAITED", 4, "");
        assertThat(units(second, "backordered")).isGreaterThanOrEqualTo(2);
        until(() -> units(first, "released") == 3);
        assertThat(position("WAITED").at("/onHand").asInt()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "3600, 0"})
    void whatIsToldALittleAfterItCameIsKeptAsWell(int secondsAgo, int kept) {
        String sku = "TOLD-" + secondsAgo;
        item(sku);
        // It waits for another node: what is kept stays so for a moment.
        waitsAtTheStore(sku, 5);
        String at = Instant.now().minusSeconds(secondsAgo).toString();
        admin.ndjson(
                "/v1/stock/delta", "{\"sku\":\"%s\",\"node\":\"DC\",\"quantity\":5,\"at\":\"%s\"}".formatted(sku, at));
        assertThat(position(sku).at("/keptForOrders").asInt()).isEqualTo(kept);
    }

    @Test
    void unitsBecomeGoodThoughACountHasSeenThemAndOthersWait() {
        item("BECAME");
        Instant before = Instant.now().minusSeconds(120);
        admin.ndjson(
                "/v1/stock/delta",
                "{\"sku\":\"BECAME\",\"node\":\"DC\",\"quantity\":5,\"condition\":\"quality-control\",\"at\":\"%s\"}"
                        .formatted(before.minusSeconds(60)));
        waitsAtTheStore("BECAME", 8);
        admin.ndjson("/v1/stock/snapshot", "{\"sku\":\"BECAME\",\"node\":\"DC\",\"quantity\":5}");
        Http.Reply good = admin.ndjson(
                "/v1/stock/delta",
                "{\"sku\":\"BECAME\",\"node\":\"DC\",\"quantity\":5,\"condition\":\"quality-control\",\"to\":\"good\",\"at\":\"%s\"}"
                        .formatted(before));
        assertThat(good.text()).contains("\"status\":200");
        assertThat(position("BECAME").at("/onHand").asInt()).isEqualTo(5);
    }

    @Test
    void moreThanCanBeExpectedIsRefusedHoweverItIsAnnounced() {
        item("ENDLESS");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 105; i++) {
            lines.append("""
                    {"reference":"ENDLESS-%d","kind":"purchase-order","lines":[{"sku":"ENDLESS","node":"DC","due":"%s","quantity":10000000}]}
                    """.formatted(i, SOON));
        }
        Http.Reply announced = admin.ndjson("/v1/inbound", lines.toString());
        List<JsonNode> refused = announced.lines().stream()
                .filter(line -> line.at("/status").asInt() != 201)
                .toList();
        assertThat(refused).as(announced.text()).hasSize(5);
        assertThat(refused.getFirst().toString()).contains("there would be more than 1000000000 units");
        for (int i = 0; i < 105; i++) {
            admin.json("POST", "/v1/inbound/ENDLESS-" + i + "/cancel", "{}");
        }
        assertThat(availability("ENDLESS").at("/expected")).isEmpty();
    }

    @Test
    void whatNobodyWhoWaitsCanHaveIsEverybodysAgain() throws Exception {
        item("ELSEWHERE");
        // It waits for one store, and units come to another node.
        waitsAtTheStore("ELSEWHERE", 2);
        admin.ndjson("/v1/stock/delta", "{\"sku\":\"ELSEWHERE\",\"node\":\"DC\",\"quantity\":2}");
        assertThat(position("ELSEWHERE").at("/keptForOrders").asInt()).isEqualTo(2);
        until(() -> availability("ELSEWHERE").at("/ship").asInt() == 2);
    }

    @Test
    void unitsInQualityControlAreNotSoldBeforeTheyAreGood() {
        item("LOOKED-AT");
        announce("PO-3", "LOOKED-AT", SOON, 5);
        assertThat(receive("PO-3", 5, ",\"condition\":\"quality-control\"").status())
                .isEqualTo(200);
        admin.ndjson("/v1/stock/delta", "{\"sku\":\"LOOKED-AT\",\"node\":\"DC\",\"quantity\":0}");
        assertThat(availability("LOOKED-AT").at("/ship").asInt()).isZero();
        assertThat(position("LOOKED-AT").at("/qualityControl").asInt()).isEqualTo(5);
        Http.Reply moved = admin.ndjson("/v1/stock/delta", """
                {"sku":"LOOKED-AT","node":"DC","quantity":4,"condition":"quality-control","to":"good"}
                {"sku":"LOOKED-AT","node":"DC","quantity":1,"condition":"quality-control","to":"damaged"}
                """);
        assertThat(moved.text()).doesNotContain("problem");
        assertThat(availability("LOOKED-AT").at("/ship").asInt()).isEqualTo(4);
        assertThat(position("LOOKED-AT").at("/damaged").asInt()).isEqualTo(1);
    }

    @Test
    void onlySoManyWaitAsThePolicySays() {
        item("CAPPED");
        assertThat(admin.ndjson("/v1/stock/settings", "{\"sku\":\"CAPPED\",\"backorderCap\":1}")
                        .text())
                .contains("200");
        announce("PO-4", "CAPPED", SOON, 4);
        assertThat(availability("CAPPED").at("/mayWait").asInt()).isEqualTo(5);
        String first = order("capped-1", "CAPPED", 3, "");
        String second = order("capped-2", "CAPPED", 3, "");
        assertThat(units(first, "backordered")).isEqualTo(3);
        assertThat(units(second, "backordered")).isEqualTo(2);
        assertThat(units(second, "cancelled")).isEqualTo(1);
        assertThat(availability("CAPPED").at("/mayWait").asInt()).isZero();
        admin.json("POST", "/v1/inbound/PO-4/cancel", "{}");
        assertThat(availability("CAPPED").at("/expected").size()).isZero();
    }

    @Test
    void aTransferLeavesOneNodeAndComesToAnother() {
        item("MOVED");
        admin.ndjson("/v1/stock/snapshot", "{\"sku\":\"MOVED\",\"node\":\"DC\",\"quantity\":10}");
        Http.Reply sent = admin.json("PUT", "/v1/inbound/T-1", """
                {"kind":"transfer","from":"DC","lines":[{"sku":"MOVED","node":"S1","due":"%s","quantity":4}]}
                """.formatted(SOON));
        assertThat(sent.status()).as(sent.text()).isEqualTo(201);
        assertThat(position("MOVED").at("/onHand").asInt()).isEqualTo(6);
        Http.Reply changed = admin.json("PUT", "/v1/inbound/T-1", """
                {"kind":"transfer","from":"DC","lines":[{"sku":"MOVED","node":"S1","due":"%s","quantity":5}]}
                """.formatted(SOON));
        assertThat(changed.text("/code")).isEqualTo("not-expected-now");
        assertThat(receive("T-1", 3, "").status()).isEqualTo(200);
        Http.Reply last = admin.json("POST", "/v1/inbound/T-1/receive", "{\"last\":true}");
        assertThat(last.json().at("/open").asBoolean()).isFalse();
        assertThat(last.json().at("/lines/0/received").asInt()).isEqualTo(3);
        assertThat(admin.get("/v1/stock?sku=MOVED&node=S1")
                        .json()
                        .at("/positions/0/onHand")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void moreMayComeThanWasAnnouncedAndTheSameIsReceivedOnce() {
        item("MORE");
        announce("PO-5", "MORE", SOON, 2);
        String body = "{\"lines\":[{\"line\":1,\"quantity\":3}]}";
        assertThat(admin.json("POST", "/v1/inbound/PO-5/receive", body, "Idempotency-Key", "receipt-1")
                        .status())
                .isEqualTo(200);
        assertThat(admin.json("POST", "/v1/inbound/PO-5/receive", body, "Idempotency-Key", "receipt-1")
                        .status())
                .isEqualTo(200);
        assertThat(position("MORE").at("/onHand").asInt()).isEqualTo(3);
        assertThat(availability("MORE").at("/expected").size()).isZero();
    }

    @Test
    void whatIsNotCertainIsCountedOnInPart() {
        item("PERHAPS");
        Http.Reply said = admin.json("PUT", "/v1/inbound/PO-6", """
                {"kind":"ship-notice","lines":[{"sku":"PERHAPS","node":"DC","due":"%s","quantity":10,"confidence":75}]}
                """.formatted(SOON));
        assertThat(said.status()).as(said.text()).isEqualTo(201);
        assertThat(availability("PERHAPS").at("/expected/0/quantity").asInt()).isEqualTo(7);
    }

    @Test
    void whatIsOverdueIsNotCountedOn() {
        item("OVERDUE");
        announce("PO-7", "OVERDUE", LocalDate.now(ZoneOffset.UTC).minusDays(3), 10);
        assertThat(availability("OVERDUE").at("/expected").size()).isZero();
        assertThat(admin.get("/v1/inbound?sku=OVERDUE")
                        .json()
                        .at("/shipments/0/reference")
                        .asString())
                .isEqualTo("PO-7");
    }

    @Test
    void manyAreAnnouncedALineEach() {
        item("BULK");
        String line = "{\"reference\":\"%s\",\"kind\":\"purchase-order\",\"lines\":[{\"sku\":\"%s\",\"node\":\"DC\","
                + "\"due\":\"" + SOON + "\",\"quantity\":1}]}\n";
        Http.Reply reply = admin.ndjson(
                "/v1/inbound",
                line.formatted("B-1", "BULK") + line.formatted("B-1", "BULK") + line.formatted("B-2", "?"));
        String[] results = reply.text().split("\n");
        assertThat(results[0]).contains("201");
        assertThat(results[1]).contains("200");
        assertThat(results[2]).contains("unknown-item");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"kind":"purchase-order","lines":[{"sku":"BAD","node":"DC","due":"1970-01-01","quantity":1}]} | invalid-field | lines[0].due
            {"kind":"purchase-order","lines":[{"sku":"BAD","node":"DC","due":"tomorrow","quantity":1}]} | invalid-field | lines[0].due
            {"kind":"purchase-order","lines":[{"sku":"BAD","node":"DC","due":"9999-01-01","quantity":1}]} | invalid-field | lines[0].due
            {"kind":"purchase-order","lines":[{"sku":"BAD","node":"DC","due":"2030-02-30","quantity":1}]} | invalid-field | lines[0].due
            {"kind":"purchase-order","lines":[{"sku":"BAD","node":"DC","due":"2030-01-01","quantity":-1}]} | invalid-field | lines[0].quantity
            {"kind":"purchase-order","lines":[{"sku":"BAD","node":"NOWHERE","due":"2030-01-01","quantity":1}]} | unknown-node | lines[0].node
            {"kind":"purchase-order","lines":[{"sku":"NOTHING","node":"DC","due":"2030-01-01","quantity":1}]} | unknown-item | lines[0].sku
            {"kind":"purchase-order","from":"DC","lines":[]} | invalid-field | from
            {"kind":"transfer","lines":[]} | invalid-field | from
            {"kind":"gift","lines":[]} | invalid-field | kind
            {"lines":[]} | missing-field | kind
            """)
    void saysWhatIsWrongWithAnAnnouncement(String body, String problem, String path) {
        item("BAD");
        Http.Reply reply = admin.json("PUT", "/v1/inbound/BAD", body);
        assertThat(reply.text("/code")).as(reply.text()).isEqualTo(problem);
        assertThat(reply.json().at("/path").asString()).isEqualTo(path);
    }

    @Test
    void saysWhatIsWrongWithAReceipt() {
        item("BAD-RECEIPT");
        announce("PO-8", "BAD-RECEIPT", SOON, 1);
        assertThat(receive("PO-9", 1, "").text("/code")).isEqualTo("unknown-shipment");
        assertThat(admin.json("POST", "/v1/inbound/PO-8/receive", "{\"lines\":[{\"line\":2,\"quantity\":1}]}")
                        .text("/code"))
                .isEqualTo("invalid-field");
        assertThat(receive("PO-8", -1, "").text("/code")).isEqualTo("invalid-field");
    }

    private static void preOrdersOnly(String sku, int expected) {
        item(sku);
        assertThat(announce("PO-" + sku, sku, SOON, expected).status()).isEqualTo(201);
        assertThat(admin.ndjson("/v1/stock/settings", "{\"sku\":\"%s\",\"backorderCap\":0}".formatted(sku))
                        .text())
                .contains("\"status\":200");
    }

    private static Http.Reply hold(String sku, int units, String more) {
        return admin.json("POST", "/v1/reservations", """
                {"channel":"web","shipTo":{"country":"GB"},"lines":[{"sku":"%s","quantity":%d}]%s}
                """.formatted(sku, units, more));
    }

    @Test
    void whatIsExpectedIsHeldForACartAndPromisedToNobodyElse() {
        preOrdersOnly("HELD", 5);
        assertThat(hold("HELD", 3, "").text("code"))
                .as("only who says so waits")
                .isEqualTo("insufficient-supply");
        Http.Reply first = hold("HELD", 3, ",\"mayWait\":true");
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        assertThat(first.json().at("/waiting").toString())
                .isEqualTo("[{\"shipGroup\":1,\"sku\":\"HELD\",\"quantity\":3}]");
        assertThat(first.json().at("/parcels")).isEmpty();
        assertThat(availability("HELD").at("/expected/0/together").asInt()).isEqualTo(2);
        Http.Reply second = hold("HELD", 3, ",\"mayWait\":true");
        assertThat(second.text("code")).isEqualTo("insufficient-supply");
        assertThat(second.text()).contains("so many more may not wait");
        assertThat(units(order("overtakes", "HELD", 3, ""), "backordered"))
                .as("an order waits for what nobody holds")
                .isEqualTo(2);
        assertThat(admin.json("POST", "/v1/reservations/" + first.text("id") + "/release", "{}")
                        .status())
                .isEqualTo(200);
        assertThat(hold("HELD", 3, ",\"mayWait\":true").status()).isEqualTo(201);
    }

    @Test
    void anOrderWaitsWhereItsCartDid() {
        preOrdersOnly("CARTED", 4);
        hub.withStock("CARTED", "S1", 2);
        Http.Reply held = hold("CARTED", 5, ",\"mayWait\":true");
        assertThat(held.json().at("/parcels/0/units/0/quantity").asInt())
                .as(held.text())
                .isEqualTo(2);
        assertThat(held.json().at("/waiting/0/quantity").asInt()).isEqualTo(3);
        assertThat(hold("CARTED", 1, ",\"mayWait\":true").status()).isEqualTo(201);

        String order = order("carted", "CARTED", 5, ",\"reservation\":\"" + held.text("id") + "\"");
        assertThat(units(order, "released") + units(order, "allocated")).isEqualTo(2);
        assertThat(units(order, "backordered")).isEqualTo(3);
        assertThat(hold("CARTED", 1, ",\"mayWait\":true").status())
                .as("four were expected: three wait, one is held")
                .isEqualTo(409);
        assertThat(admin.json("POST", "/v1/orders/" + order + "/cancel", "{\"reason\":\"no\"}")
                        .status())
                .isEqualTo(200);
        assertThat(hold("CARTED", 1, ",\"mayWait\":true").status()).isEqualTo(201);
    }

    @Test
    void aCartThatIsGivenUpNoLongerWaits() throws Exception {
        preOrdersOnly("LEFT", 1);
        assertThat(hold("LEFT", 1, ",\"mayWait\":true,\"seconds\":1").status()).isEqualTo(201);
        assertThat(availability("LEFT").at("/expected")).isEmpty();
        until(() -> availability("LEFT").at("/expected/0/together").asInt() == 1);
    }

    @Test
    void whatWouldBeCollectedAtAClosedStoreIsNotWaitedFor() {
        item("NO-WAY");
        Configured.apply(hub, """
                nodes:
                  - {code: NO-WAY, type: store, active: false}
                """);
        Http.Reply held = admin.json("POST", "/v1/reservations", """
                {"channel":"web","mayWait":true,"shipGroups":[{"method":"pick-up","pickUpNode":"NO-WAY"}],
                 "lines":[{"sku":"NO-WAY","quantity":1}]}
                """);
        assertThat(held.status()).as(held.text()).isEqualTo(422);
        assertThat(held.text("detail")).isEqualTo("NO-WAY is closed for the time being");
    }

    @Test
    void whatNobodyCanSendToAStoreIsNotWaitedForThere() {
        item("NO-VAN");
        Configured.apply(hub, """
                nodes:
                  - {code: NO-VAN, type: store}
                carrierServices:
                  - code: NO-VAN
                    transit: [{zone: 1, fewestDays: 1, mostDays: 1}]
                    zonesByMiles: [{zone: 9}]
                """);
        Http.Reply held = admin.json("POST", "/v1/reservations", """
                {"channel":"web","mayWait":true,
                 "shipGroups":[{"method":"ship-to-store","pickUpNode":"NO-VAN","service":"NO-VAN"}],
                 "lines":[{"sku":"NO-VAN","quantity":1}]}
                """);
        assertThat(held.status()).as(held.text()).isEqualTo(409);
        assertThat(held.text("detail")).isEqualTo("1 unit cannot be had in this way: no node that is open does so");
    }

    @Test
    void ofWhatCameTheMostImportantHasTheFirstUnits() throws Exception {
        item("RANKED");
        String early = order("early", "RANKED", 2, "");
        String important = order("important", "RANKED", 2, ",\"priority\":9");
        hub.withStock("RANKED", "DC", 3);
        until(() -> units(early, "released") + units(important, "released") == 3);
        assertThat(units(important, "released")).isEqualTo(2);
    }

    @Test
    void whatWasToComeToAnotherNodeIsNotForAKeyOfThis() {
        item("OTHERS");
        announce("PO-OTHERS", "OTHERS", SOON, 5);
        Http clerk = hub.key("node", "[\"web\"]", "[\"S1\"]");
        Http.Reply taken = clerk.json(
                "POST", "/v1/inbound/PO-OTHERS/receive", "{\"lines\":[{\"line\":1,\"quantity\":5,\"node\":\"S1\"}]}");
        assertThat(taken.status()).as(taken.text()).isNotEqualTo(200);
        assertThat(admin.json("PUT", "/v1/inbound/TO-ITSELF", """
                {"kind":"transfer","from":"DC","lines":[{"sku":"OTHERS","node":"DC","due":"%s","quantity":5}]}
                """.formatted(SOON))
                        .text("detail"))
                .isEqualTo("line 1 would go to where it comes from");
    }
}
