package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** How items are had, by whom they are sold, what they are made of, and what a channel does not see of them. */
class ItemTermsTest {
    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData();
        admin = hub.admin();
        items("""
                [{"sku": "CUP"}, {"sku": "SAUCER"},
                 {"sku": "TEA-SET", "kit": [{"sku": "CUP", "quantity": 2, "value": 3}, {"sku": "SAUCER", "quantity": 4}]},
                 {"sku": "PAINT", "ships": false}, {"sku": "FRIDGE", "handsOut": false},
                 {"sku": "OUTLET", "channels": ["app"]}]
                """);
        hub.withStock("CUP", "S1", 5)
                .withStock("CUP", "DC", 1)
                .withStock("SAUCER", "S1", 8)
                .withStock("SAUCER", "DC", 8);
        hub.withStock("PAINT", "S1", 3).withStock("FRIDGE", "S1", 3).withStock("OUTLET", "S1", 3);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @AfterEach
    void everyInvariantHolds() {
        assertThat(hub.violations()).isEmpty();
    }

    private static void items(String json) {
        Http.Reply reply = admin.json("PUT", "/v1/items", json);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    private static JsonNode availability(String channel, String sku, String more) {
        Http.Reply reply = admin.get("/v1/availability?channel=" + channel + "&sku=" + sku + more);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json().at("/items/0");
    }

    private static Http.Reply order(String channel, String externalId, String more) {
        return admin.json("POST", "/v1/orders", """
                {"channel":"%s","externalId":"%s","currency":"EUR",%s}
                """.formatted(channel, externalId, more));
    }

    @Test
    void whateverIsSaidAtOnceNoKitIsInAKit() throws Exception {
        for (int i = 0; i < 20; i++) {
            String sku = "RACE-" + i;
            items("[{\"sku\":\"%1$s\"},{\"sku\":\"%1$s-P\"},{\"sku\":\"%1$s-Q\"}]".formatted(sku));
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Http.Reply> outer = threads.submit(() -> becomesKit(sku, sku + "-P"));
                Future<Http.Reply> inner = threads.submit(() -> becomesKit(sku + "-P", sku + "-Q"));
                assertThat(List.of(outer.get().status(), inner.get().status())).containsExactlyInAnyOrder(200, 422);
            }
        }
    }

    private static Http.Reply becomesKit(String sku, String part) {
        return admin.json(
                "PUT",
                "/v1/items",
                "[{\"sku\":\"%s\",\"kit\":[{\"sku\":\"%s\",\"quantity\":1}]}]".formatted(sku, part));
    }

    @Test
    void kitsAreSoldAsTheirParts() {
        JsonNode before = availability("web", "TEA-SET", "");
        // Six cups make three, sixteen saucers four; at one store five cups and eight saucers make two.
        assertThat(before.at("/ship").asInt()).isEqualTo(3);
        assertThat(before.at("/pickUp").asInt()).isEqualTo(2);
        assertThat(before.at("/nodes").size()).isEqualTo(1);

        Http.Reply made = order("web", "set-1", """
                "shipTo":{"country":"GB"},"discount":7,"shipping":5,"total":2098,
                "lines":[{"sku":"SAUCER","quantity":1,"unitPrice":100},
                         {"sku":"TEA-SET","quantity":2,"unitPrice":1001,"discount":2,"tax":0}]
                """.replace("2098", Integer.toString(100 + 2 * 1001 - 2 - 7 + 5)));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        JsonNode order = made.json();
        assertThat(order.at("/lines").size()).isEqualTo(3);
        assertThat(order.at("/lines/1/sku").asString()).isEqualTo("CUP");
        assertThat(order.at("/lines/1/quantity").asInt()).isEqualTo(4);
        assertThat(order.at("/lines/2/quantity").asInt()).isEqualTo(8);
        assertThat(order.at("/lines/1/kit").toString()).isEqualTo("{\"sku\":\"TEA-SET\",\"line\":2,\"quantity\":2}");
        assertThat(order.at("/lines/0/kit").isMissingNode()).isTrue();
        // Two cups at three against four saucers at one: six tenths of the price.
        assertThat(order.at("/lines/1/unitPrice").asInt() * 4).isBetween(1197, 1204);
        assertThat(availability("web", "TEA-SET", "").at("/ship").asInt()).isEqualTo(1);
    }

    @Test
    void kitsAreHeldAndPromisedAsTheirParts() {
        items("""
                [{"sku": "POT"}, {"sku": "LID"}, {"sku": "POT-AND-LID", "kit": [{"sku": "POT"}, {"sku": "LID"}]}]
                """);
        hub.withStock("POT", "S1", 2).withStock("LID", "S1", 2);
        Http.Reply options = admin.json("POST", "/v1/promises", """
                {"channel":"web","shipTo":{"country":"GB"},"stores":["S1"],
                 "lines":[{"sku":"POT-AND-LID","quantity":2}]}
                """);
        assertThat(options.json().at("/options/0/method").asString())
                .as(options.text())
                .isEqualTo("pick-up");

        Http.Reply held = admin.json("POST", "/v1/reservations", """
                {"channel":"web","shipTo":{"country":"GB"},"lines":[{"sku":"POT-AND-LID","quantity":1}]}
                """);
        assertThat(held.status()).as(held.text()).isEqualTo(201);
        assertThat(held.json().at("/parcels/0/units").size()).isEqualTo(2);
        Http.Reply more = admin.json("POST", "/v1/reservations", """
                {"channel":"web","shipTo":{"country":"GB"},
                 "lines":[{"sku":"A","quantity":1},{"sku":"POT-AND-LID","quantity":2}]}
                """);
        assertThat(more.status()).isEqualTo(409);
        Http.Reply ordered = order("web", "pot-1", """
                "shipTo":{"country":"GB"},"reservation":"%s",
                "lines":[{"sku":"POT-AND-LID","quantity":1,"unitPrice":10}]
                """.formatted(held.text("id")));
        assertThat(ordered.status()).as(ordered.text()).isEqualTo(201);
        assertThat(ordered.json().at("/lines/0/units/released").asInt()).isEqualTo(1);
        assertThat(availability("web", "POT-AND-LID", "").at("/ship").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PAINT  | "shipTo":{"country":"GB"}                                      | it cannot be sent
            FRIDGE | "shipGroups":[{"method":"pick-up","pickUpNode":"S1"}]           | it cannot be collected
            OUTLET | "shipTo":{"country":"GB"}                                      | channel web does not sell it
            """)
    void notEveryItemIsHadInEveryWay(String sku, String to, String why) {
        Http.Reply reply = order(
                "web",
                "not-" + sku,
                to + ",\"lines\":[{\"sku\":\"A\",\"quantity\":1,\"unitPrice\":1},{\"sku\":\"" + sku
                        + "\",\"quantity\":1,\"unitPrice\":1}]");
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.text("code")).isEqualTo("item-not-offered");
        assertThat(reply.text("path")).isEqualTo("lines[1].sku");
        assertThat(reply.text("detail")).isEqualTo(why);
        Http.Reply held = admin.json(
                "POST",
                "/v1/reservations",
                "{\"channel\":\"web\"," + to + ",\"lines\":[{\"sku\":\"" + sku + "\",\"quantity\":1}]}");
        assertThat(held.text("code")).isEqualTo("item-not-offered");
    }

    @Test
    void whatIsNotHadInAWayIsNotAvailableSo() {
        assertThat(availability("web", "PAINT", "").at("/ship").asInt()).isZero();
        assertThat(availability("web", "PAINT", "").at("/pickUp").asInt()).isEqualTo(3);
        assertThat(availability("web", "FRIDGE", "").at("/pickUp").asInt()).isZero();
        assertThat(availability("web", "OUTLET", "").at("/ship").asInt()).isZero();
        assertThat(availability("app", "OUTLET", "").at("/ship").asInt()).isEqualTo(3);
        Http.Reply options = admin.json("POST", "/v1/promises", """
                {"channel":"web","shipTo":{"country":"GB"},"stores":["S1"],"lines":[{"sku":"FRIDGE","quantity":1}]}
                """);
        assertThat(options.text()).doesNotContain("pick-up").doesNotContain("ship-to-store");
    }

    @Test
    void aChannelDoesNotSeeItsThreshold() {
        items("[{\"sku\": \"FEW\"}]");
        hub.withStock("FEW", "S1", 3).withStock("FEW", "S2", 2);
        assertThat(admin.json("PUT", "/v1/channels", """
                [{"code": "market", "currency": "EUR", "flow": "ship-or-refuse", "threshold": 2}]
                """).status()).isEqualTo(200);
        assertThat(availability("web", "FEW", "").at("/ship").asInt()).isEqualTo(5);
        assertThat(availability("market", "FEW", "").at("/ship").asInt()).isEqualTo(1);
        String two = "\"shipTo\":{\"country\":\"GB\"},\"lines\":[{\"sku\":\"FEW\",\"quantity\":2,\"unitPrice\":1}]";
        assertThat(order("market", "m-1", two).text("code")).isEqualTo("insufficient-supply");
        assertThat(order("market", "m-2", two.replace(":2", ":1")).status()).isEqualTo(201);
        assertThat(availability("market", "FEW", "").at("/ship").asInt()).isZero();
        assertThat(order("app", "m-3", two.replace(":2", ":4")).status()).isEqualTo(201);
    }

    @Test
    void asManyAsAreWantedAreMadeToOrder() {
        items("""
                [{"sku": "TABLE", "madeToOrder": {"node": "S1", "workdays": 10}}, {"sku": "CHAIR"},
                 {"sku": "DINING", "kit": [{"sku": "TABLE"}, {"sku": "CHAIR", "quantity": 4}]}]
                """);
        hub.withStock("CHAIR", "DC", 9);
        LocalDate made = LocalDate.parse(
                availability("web", "TABLE", "").at("/expected/0/from").asString());
        assertThat(made)
                .isBetween(
                        LocalDate.now(ZoneOffset.UTC).plusDays(9),
                        LocalDate.now(ZoneOffset.UTC).plusDays(20));
        assertThat(availability("web", "TABLE", "")
                        .at("/expected/0/asManyAsWanted")
                        .asBoolean())
                .isTrue();
        assertThat(availability("web", "DINING", "").at("/ship").asInt()).isZero();
        assertThat(availability("web", "DINING", "").at("/expected/0").toString())
                .isEqualTo("{\"from\":\"%s\",\"quantity\":2,\"together\":2}".formatted(made));
        assertThat(availability("web", "DINING", "&by=" + made).at("/ship").asInt())
                .isEqualTo(2);
        assertThat(availability("web", "DINING", "&by=" + made.minusDays(1))
                        .at("/ship")
                        .asInt())
                .isZero();

        Http.Reply options = admin.json("POST", "/v1/promises", """
                {"channel":"web","shipTo":{"country":"GB"},"stores":["S1"],"lines":[{"sku":"TABLE","quantity":300}]}
                """);
        assertThat(options.json().at("/options").size()).as(options.text()).isPositive();
        assertThat(options.json().at("/options/0/onHand").asBoolean()).isFalse();
        Http.Reply waits = order("web", "table-1", """
                "shipTo":{"country":"GB"},"lines":[{"sku":"TABLE","quantity":1,"unitPrice":1}]
                """);
        assertThat(waits.json().at("/lines/0/units/backordered").asInt())
                .as(waits.text())
                .isEqualTo(1);
    }

    @Test
    void nodesAreGroupedByWhatIsSaidOfThem() {
        items("[{\"sku\": \"GROUPED\"}]");
        assertThat(admin.json("PUT", "/v1/nodes", """
                [{"code": "N1", "type": "store", "attributes": {"region": "north"}},
                 {"code": "N2", "type": "store", "attributes": {"region": "south"}}]
                """).status()).isEqualTo(200);
        hub.withStock("GROUPED", "N1", 3).withStock("GROUPED", "N2", 4);
        assertThat(availability("web", "GROUPED", "").at("/ship").asInt()).isEqualTo(7);
        assertThat(availability("web", "GROUPED", "&nodesWith=region:north")
                        .at("/ship")
                        .asInt())
                .isEqualTo(3);
        assertThat(availability("web", "GROUPED", "&nodesWith=region:west")
                        .at("/ship")
                        .asInt())
                .isZero();
        assertThat(admin.get("/v1/availability?channel=web&sku=GROUPED&nodesWith=north")
                        .status())
                .isEqualTo(422);
        assertThat(admin.get("/v1/availability?channel=web&sku=GROUPED&by=tomorrow")
                        .status())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"sku":"X","kit":[{"sku":"NOWHERE"}]}                          | unknown-item    | [0].kit[0].sku
            {"sku":"X","kit":[{"sku":"A"},{"sku":"TEA-SET"}]}              | invalid-field   | [0].kit[1].sku
            {"sku":"X","kit":[{"sku":"X"}]}                                | invalid-field   | [0].kit[0].sku
            {"sku":"CUP","kit":[{"sku":"A"}]}                              | invalid-field   | [0].kit
            {"sku":"X","kit":[{"sku":"A"},{"sku":"A"}]}                    | invalid-field   | [0]
            {"sku":"X","kit":[{"sku":"A","quantity":0}]}                   | invalid-field   | [0].kit[0].quantity
            {"sku":"X","kit":[{"sku":"A","quantity":-2}]}                  | invalid-field   | [0].kit[0].quantity
            {"sku":"X","channels":["nowhere"]}                             | unknown-channel | [0].channels
            {"sku":"X","madeToOrder":{"node":"nowhere","workdays":3}}      | unknown-node    | [0].madeToOrder.node
            {"sku":"X","madeToOrder":{"node":"DC","workdays":-1}}          | invalid-field   | [0].madeToOrder.workdays
            {"sku":"X","madeToOrder":{"node":"DC"}}                        | missing-field   | [0].madeToOrder.workdays
            {"sku":"X","ships":false,"handsOut":false}                     | invalid-field   | [0]
            {"sku":"X","kit":[{"sku":"A"}],"madeToOrder":{"node":"DC","workdays":3}} | invalid-field | [0]
            """)
    void whatMakesNoSenseIsNotTaken(String item, String code, String path) {
        Http.Reply reply = admin.json("PUT", "/v1/items", "[" + item + "]");
        assertThat(reply.text("code")).as(reply.text()).isEqualTo(code);
        assertThat(reply.text("path")).isEqualTo(path);
        byte[] lines = ("{\"sku\":\"GOOD\"}\n" + item).getBytes(StandardCharsets.UTF_8);
        String line =
                admin.send("PUT", "/v1/items", lines, "application/x-ndjson").text();
        assertThat(line).contains("\"line\":1,\"status\":200").contains(code);
    }

    @Test
    void whatHasStockBecomesNoKit() {
        hub.withStock("SAUCER", "S2", 1);
        Http.Reply reply = admin.json("PUT", "/v1/items", "[{\"sku\":\"PAINT\",\"kit\":[{\"sku\":\"A\"}]}]");
        assertThat(reply.text("path")).as(reply.text()).isEqualTo("[0].kit");
    }

    /** As when another server is told of stock in the moment in which this one makes a kit: it is asked again as it is written. */
    @Test
    void whatGotStockMeanwhileBecomesNoKitAndKeepsNoOtherLineBack() throws SQLException {
        items("[{\"sku\":\"RACE\"}]");
        behindTheServersBack(
                "insert into position (item_id, place_id, on_hand, version) select id, 1, 1, 1 from item where sku = 'RACE'");
        try {
            String kit = "{\"sku\":\"RACE\",\"kit\":[{\"sku\":\"A\"}]}";
            Http.Reply array = admin.json("PUT", "/v1/items", "[{\"sku\":\"NONE-1\"}," + kit + "]");
            assertThat(array.text("path")).as(array.text()).isEqualTo("[1].kit");
            assertThat(admin.get("/v1/items/NONE-1").status()).isEqualTo(404);
            assertThat(Configured.refused(hub, "items: [{sku: NONE-2}, {sku: RACE, kit: [{sku: A}]}]"))
                    .contains("RACE: it has stock");
            assertThat(admin.get("/v1/items/NONE-2").status()).isEqualTo(404);

            String lines = "{\"sku\":\"SOME-1\"}\n" + kit + "\n{\"sku\":\"SOME-2\",\"kit\":[{\"sku\":\"A\"}]}";
            String results = admin.send(
                            "PUT", "/v1/items", lines.getBytes(StandardCharsets.UTF_8), "application/x-ndjson")
                    .text();
            assertThat(results.lines())
                    .satisfiesExactly(
                            line -> assertThat(line).contains("\"status\":200", "SOME-1"),
                            line -> assertThat(line).contains("\"status\":422", "RACE: it has stock"),
                            line -> assertThat(line).contains("\"status\":200", "SOME-2"));
            assertThat(admin.get("/v1/items/SOME-2").json().at("/kit/0/sku").asString())
                    .isEqualTo("A");
            assertThat(admin.get("/v1/items/RACE").json().at("/kit").isMissingNode())
                    .isTrue();
        } finally {
            behindTheServersBack("delete from position where item_id = (select id from item where sku = 'RACE')");
        }
    }

    private static void behindTheServersBack(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(hub.url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void whatIsLackingIsNamedAsItWasAsked() {
        Http.Reply reply = order("app", "lacking", """
                "shipTo":{"country":"GB"},
                "lines":[{"sku":"TEA-SET","quantity":1,"unitPrice":10},{"sku":"B","quantity":1,"unitPrice":10}]
                """);
        assertThat(reply.text("code")).as(reply.text()).isEqualTo("insufficient-supply");
        assertThat(reply.text("path")).isEqualTo("lines[1]");
    }

    @Test
    void aKitHasNoStock() {
        String line = admin.ndjson("/v1/stock/snapshot", "{\"sku\":\"TEA-SET\",\"node\":\"S1\",\"quantity\":1}")
                .text();
        assertThat(line).contains("it is a kit, and has no stock but that of its parts");
    }

    @Test
    void termsArePlannedAndAppliedLikeAllElse() {
        Configured.apply(hub, """
                channels: [{code: fresh, currency: EUR, threshold: 3}]
                items:
                  - {sku: BOX, kit: [{sku: LEAF, quantity: 5}], channels: [fresh]}
                  - {sku: LEAF}
                """);
        assertThat(admin.get("/v1/items/BOX").json().at("/kit/0/quantity").asInt())
                .isEqualTo(5);
        assertThat(Configured.refused(hub, "items: [{sku: CRATE, kit: [{sku: BOX}]}]"))
                .contains("BOX is a kit, and no kit is a part of another");
        Configured.apply(hub, "items: [{sku: BOX}]");
        assertThat(admin.get("/v1/items/BOX").json().at("/kit").isMissingNode()).isTrue();
    }
}
