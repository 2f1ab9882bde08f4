package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An order's life, as channels and stores see it. */
class OrderOverHttpTest {
    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 1000).withStock("B", "S1", 1000);
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static String order(String externalId) {
        return """
                {"channel": "web", "externalId": "%s", "currency": "EUR", "customer": "c-7",
                 "shipTo": {"name": "Ada", "street": ["1 Main Street"], "city": "London", "postcode": "N1",
                            "country": "GB", "email": "ada@example.com"},
                 "lines": [{"sku": "A", "quantity": 3, "unitPrice": 1000, "discount": 1},
                           {"sku": "B", "quantity": 1, "unitPrice": 500, "tax": 95}],
                 "shipping": 300, "discount": 100, "total": 3794, "attributes": {"gift": "yes"}}
                """.formatted(externalId);
    }

    @Test
    void isPlacedSourcedAndReleased() {
        Http.Reply placed = admin.json("POST", "/v1/orders", order("placed-1"));

        assertThat(placed.status()).isEqualTo(201);
        assertThat(placed.text("status")).isEqualTo("released");
        assertThat(placed.json().at("/total").asInt()).isEqualTo(3794);
        assertThat(placed.json().at("/lines/0/units/released").asInt()).isEqualTo(3);
        assertThat(placed.text("/fulfilmentOrders/0/node")).isEqualTo("DC");
        assertThat(placed.text("/fulfilmentOrders/1/node")).isEqualTo("S1");
        assertThat(placed.text("/attributes/gift")).isEqualTo("yes");
        assertThat(placed.text()).doesNotContain("Ada");
        assertThat(placed.header("Location")).isEqualTo("/v1/orders/" + placed.text("id"));
    }

    @Test
    void isFoundByItsNumberAndByTheChannelsNumber() {
        Http.Reply placed = admin.json("POST", "/v1/orders", order("found/1 ü"));

        Http.Reply byId = admin.get("/v1/orders/" + placed.text("id"));
        Http.Reply byChannel = admin.get("/v1/channels/web/orders/found%2F1%20%C3%BC");

        assertThat(byId.text("/timeline/0/command")).isEqualTo("place-order");
        assertThat(byId.text("/timeline/0/events/0/type")).isEqualTo("order-placed");
        assertThat(byId.text("/timeline/0/events/0/header/channel")).isEqualTo("web");
        assertThat(byId.text("/timeline/0/events/0/lines/0/sku")).isEqualTo("A");
        assertThat(byId.text("/timeline/0/events/1/fulfilmentOrders/0/node")).isEqualTo("DC");
        assertThat(byId.text("/timeline/0/events/1/fulfilmentOrders/0/method")).isEqualTo("ship");
        assertThat(byChannel.text("id")).isEqualTo(placed.text("id"));
        assertThat(admin.get("/v1/orders/abc").text("code")).isEqualTo("unknown-order");
        assertThat(admin.get("/v1/channels/web/orders/none").text("code")).isEqualTo("unknown-order");
        assertThat(admin.get("/v1/orders/999999999").status()).isEqualTo(404);
    }

    @Test
    void goesThroughTheNodesHandsToTheDoor() {
        String id = admin.json("POST", "/v1/orders", order("door-1")).text("id");
        for (int number = 1; number <= 2; number++) {
            String work = "/v1/orders/" + id + "/fulfilment-orders/" + number;
            assertThat(admin.send("POST", work + "/pick").status()).isEqualTo(200);
            assertThat(admin.send("POST", work + "/pack").status()).isEqualTo(200);
            assertThat(admin.json("POST", work + "/hand-over", "{\"carrier\":\"DHL\",\"tracking\":\"T1\"}")
                            .status())
                    .isEqualTo(200);
        }

        Http.Reply order = admin.get("/v1/orders/" + id);

        assertThat(order.text("status")).isEqualTo("fulfilled");
        assertThat(order.json().at("/closed").asBoolean()).isTrue();
        assertThat(order.text("/timeline/3/events/0/tracking")).isEqualTo("T1");
        assertThat(admin.send("POST", "/v1/orders/" + id + "/fulfilment-orders/1/pick")
                        .text("code"))
                .isEqualTo("units-not-in-state");
        assertThat(admin.send("POST", "/v1/orders/" + id + "/fulfilment-orders/9/pick")
                        .text("code"))
                .isEqualTo("unknown-fulfilment-order");
        assertThat(admin.send("POST", "/v1/orders/" + id + "/fulfilment-orders/99999999999/pick")
                        .text("code"))
                .isEqualTo("unknown-fulfilment-order");
        assertThat(admin.send("POST", "/v1/orders/" + id + "/cancel").text("path"))
                .isEqualTo("reason");
    }

    @Test
    void comesBackToAnyNodeAndOntoItsShelfIfItIsGood() {
        String id = admin.json("POST", "/v1/orders", order("back-1")).text("id");
        for (int number = 1; number <= 2; number++) {
            String work = "/v1/orders/" + id + "/fulfilment-orders/" + number;
            admin.send("POST", work + "/pick");
            admin.send("POST", work + "/pack");
            admin.send("POST", work + "/hand-over");
        }
        String returns = "/v1/orders/" + id + "/returns";
        String two = "{\"lines\": [{\"line\": 1, \"quantity\": 2}], \"node\": \"S2\", \"reason\": \"too small\"}";

        Http.Reply good = admin.json("POST", returns, two);
        Http.Reply tooMany = admin.json("POST", returns, two);
        Http.Reply broken =
                admin.json("POST", returns, "{\"node\": \"S2\", \"restock\": false, \"reason\": \"it broke\"}");

        assertThat(good.json().at("/lines/0/units/returned").asInt()).isEqualTo(2);
        assertThat(good.text("status")).isEqualTo("fulfilled");
        assertThat(tooMany.text("path")).isEqualTo("lines[0].quantity");
        assertThat(tooMany.text("detail")).isEqualTo("the customer has 1 units of line 1, not 2");
        assertThat(broken.text("status")).isEqualTo("returned");
        assertThat(broken.text("/fulfilmentOrders/0/status")).isEqualTo("returned");
        assertThat(broken.text("/fulfilmentOrders/1/status")).isEqualTo("returned");
        assertThat(admin.get("/v1/stock?sku=A&node=S2")
                        .json()
                        .at("/positions/0/onHand")
                        .asInt())
                .isEqualTo(2);
        assertThat(admin.json("POST", returns, "{\"node\": \"S2\", \"reason\": \"x\"}")
                        .text("code"))
                .isEqualTo("units-not-in-state");
        assertThat(admin.json("POST", returns, "{\"node\": \"none\", \"reason\": \"x\"}")
                        .text("path"))
                .isEqualTo("node");
        assertThat(admin.json("POST", returns, "{\"node\": \"S2\"}").text("path"))
                .isEqualTo("reason");
    }

    @Test
    void isAmongTheNodesWorkUntilItIsDone() {
        String id = admin.json("POST", "/v1/orders", order("work-1")).text("id");

        Http.Reply all = admin.get("/v1/nodes/S1/fulfilment-orders?limit=1000");
        assertThat(all.text()).contains("\"order\":\"" + id + "\"");
        Http.Reply first = admin.get("/v1/nodes/S1/fulfilment-orders?limit=1");
        assertThat(first.json().at("/fulfilmentOrders").size()).isEqualTo(1);
        Http.Reply second = admin.get("/v1/nodes/S1/fulfilment-orders?limit=1000&after=" + first.text("next"));
        assertThat(second.json().at("/fulfilmentOrders").size())
                .isEqualTo(all.json().at("/fulfilmentOrders").size() - 1);
        assertThat(admin.get("/v1/nodes/S1/fulfilment-orders?status=picked").text("path"))
                .isEqualTo("status");
        assertThat(admin.get("/v1/nodes/none/fulfilment-orders").status()).isEqualTo(404);
    }

    @Test
    void isFollowedFromACursorOn() {
        String start = admin.get("/v1/events?after=latest").text("next");
        String id = admin.json("POST", "/v1/orders", order("feed-1")).text("id");

        Http.Reply placed = until(id, start);
        admin.send("POST", "/v1/orders/" + id + "/fulfilment-orders/1/pick");
        Http.Reply picked = until(id, placed.text("next"));

        assertThat(placed.text()).contains("\"externalId\":\"feed-1\"").contains("\"type\":\"order-placed\"");
        assertThat(commands(picked, id)).containsExactly("pick-units");
        assertThat(commands(admin.get("/v1/events?after=" + picked.text("next")), id))
                .isEmpty();
        assertThat(admin.get("/v1/events?after=x").text("path")).isEqualTo("after");
        assertThat(admin.get("/v1/events?wait=31").text("path")).isEqualTo("wait");
    }

    /** The first page that has something of an order; what others do at the same time is before it, or among it. */
    private static Http.Reply until(String order, String cursor) {
        Http.Reply page = admin.get("/v1/events?wait=5&after=" + cursor);
        while (commands(page, order).isEmpty()) {
            assertThat(page.json().at("/events")).as("waited for " + order).isNotEmpty();
            page = admin.get("/v1/events?wait=5&after=" + page.text("next"));
        }
        return page;
    }

    private static List<String> commands(Http.Reply page, String order) {
        return page.json()
                .at("/events")
                .valueStream()
                .filter(event -> event.at("/order").asString().equals(order))
                .map(event -> event.at("/command").asString())
                .toList();
    }

    @Test
    void isCalledOffInPartAndThenWhole() {
        String id = admin.json("POST", "/v1/orders", order("cancel-1")).text("id");

        Http.Reply part = admin.json(
                "POST",
                "/v1/orders/" + id + "/cancel",
                "{\"lines\":[{\"line\":1,\"quantity\":2}],\"reason\":\"less\"}");
        Http.Reply stale =
                admin.json("POST", "/v1/orders/" + id + "/cancel", "{\"reason\":\"all\"}", "If-Match", "\"4\"");
        Http.Reply tooMany = admin.json(
                "POST", "/v1/orders/" + id + "/cancel", "{\"lines\":[{\"line\":1,\"quantity\":2}],\"reason\":\"x\"}");
        Http.Reply noLine = admin.json(
                "POST", "/v1/orders/" + id + "/cancel", "{\"lines\":[{\"line\":9,\"quantity\":1}],\"reason\":\"x\"}");
        Http.Reply whole = admin.json(
                "POST", "/v1/orders/" + id + "/cancel", "{\"reason\":\"all\"}", "If-Match", part.header("ETag"));

        assertThat(noLine.text("code")).isEqualTo("unknown-line");
        assertThat(noLine.text("path")).isEqualTo("lines[0].line");
        assertThat(part.json().at("/lines/0/units/cancelled").asInt()).isEqualTo(2);
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.text("code")).isEqualTo("stale-version");
        assertThat(stale.text("path")).isEqualTo("If-Match");
        assertThat(tooMany.text("path")).isEqualTo("lines[0].quantity");
        assertThat(whole.text("status")).isEqualTo("cancelled");
        assertThat(whole.json().at("/total").asInt()).isZero();
    }

    @Test
    void isCollectedAtAStore() {
        Http.Reply placed = admin.json("POST", "/v1/orders", """
                {"channel": "web", "externalId": "collect-1", "currency": "EUR",
                 "shipGroups": [{"method": "pick-up", "pickUpNode": "S1"}],
                 "lines": [{"sku": "B", "quantity": 2, "unitPrice": 500}]}
                """);
        String work = "/v1/orders/" + placed.text("id") + "/fulfilment-orders/1";
        assertThat(admin.json("POST", work + "/pick", "{\"lines\":[{\"line\":1,\"quantity\":2}]}")
                        .status())
                .isEqualTo(200);
        assertThat(admin.send("POST", work + "/pack").status()).isEqualTo(200);
        assertThat(admin.send("POST", work + "/hand-over").text("code")).isEqualTo("units-not-in-state");

        assertThat(admin.send("POST", work + "/collect").text("status")).isEqualTo("fulfilled");
    }

    @Test
    void waitsForStockOrIsRefusedAsItsChannelSays() {
        String waiting = order("short-1").replace("\"A\", \"quantity\": 3", "\"C\", \"quantity\": 3");

        Http.Reply taken = admin.json("POST", "/v1/orders", waiting);
        assertThat(taken.json().at("/lines/0/units/backordered").asInt()).isEqualTo(3);
        Http.Reply refused = admin.json("POST", "/v1/orders", waiting.replace("\"web\"", "\"app\""));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("code")).isEqualTo("insufficient-supply");
    }

    @Test
    void isGivenBackByANodeAndSourcedAgain() {
        String id = admin.json("POST", "/v1/orders", order("reject-1")).text("id");

        Http.Reply rejected =
                admin.json("POST", "/v1/orders/" + id + "/fulfilment-orders/2/reject", "{\"reason\":\"no-capacity\"}");
        Http.Reply unknown =
                admin.json("POST", "/v1/orders/" + id + "/fulfilment-orders/1/reject", "{\"reason\":\"bored\"}");

        assertThat(rejected.json().at("/lines/1/units/backordered").asInt()).isEqualTo(1);
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.text("detail")).contains("not-found, damaged, no-capacity, not-in-time, other");
    }

    @Test
    void hearsSignalsOnlyWhenItsFlowWaitsForThem() {
        String id = admin.json("POST", "/v1/orders", order("signal-1")).text("id");

        assertThat(admin.json("POST", "/v1/orders/" + id + "/signals", "{\"name\":\"nobody-waits\"}")
                        .status())
                .isIn(200, 409);
    }

    @Test
    void goesToAnotherNodeWhenOneHasNoWorkingDayForAYear() {
        StringBuilder holidays = new StringBuilder();
        for (LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(2);
                holidays.length() < 380 * 13;
                day = day.plusDays(1)) {
            holidays.append(holidays.isEmpty() ? "" : ",")
                    .append('"')
                    .append(day)
                    .append('"');
        }
        admin.json("PUT", "/v1/items", "[{\"sku\": \"SLEEPY\"}]");
        admin.json(
                "PUT",
                "/v1/nodes",
                "[{\"code\": \"ASLEEP\", \"type\": \"store\", \"calendar\": {\"zone\": \"UTC\", \"cutOff\": \"15:00\", \"holidays\": ["
                        + holidays + "]}}]");
        hub.withStock("SLEEPY", "ASLEEP", 10).withStock("SLEEPY", "DC", 10);

        Http.Reply placed = admin.json("POST", "/v1/orders", order("asleep-1").replace("\"A\"", "\"SLEEPY\""));

        assertThat(placed.text("/fulfilmentOrders/0/node")).isEqualTo("DC");
    }

    @Test
    void goesOverTheDaysANodeNeedsAndSaysWhenItCanDoNoMore() {
        admin.json("PUT", "/v1/items", "[{\"sku\": \"NARROW\"}]");
        admin.json("PUT", "/v1/nodes", "[{\"code\": \"NARROW\", \"type\": \"store\", \"dailyCapacity\": 1}]");
        hub.withStock("NARROW", "NARROW", 100);
        String fifteen = """
                {"channel": "web", "externalId": "narrow-1", "currency": "EUR",
                 "shipTo": {"name": "Ada", "street": ["1 Main Street"], "city": "London", "postcode": "N1", "country": "GB"},
                 "lines": [{"sku": "NARROW", "quantity": 15, "unitPrice": 0}]}
                """;

        Http.Reply waits = admin.json("POST", "/v1/orders", fifteen);
        Http.Reply refused = admin.json(
                "POST", "/v1/orders", fifteen.replace("\"web\"", "\"app\"").replace("15", "20"));

        assertThat(waits.json().at("/fulfilmentOrders")).hasSize(11);
        assertThat(waits.json().at("/lines/0/units/backordered").asInt()).isEqualTo(4);
        assertThat(admin.get("/v1/orders/" + waits.text("id")).text())
                .contains("\"type\":\"units-backordered\",\"lines\":[{\"line\":1,\"quantity\":4}],\"forCapacity\":[1]");
        assertThat(refused.text("code")).isEqualTo("insufficient-capacity");
        assertThat(refused.text("path")).isEqualTo("lines[0]");
    }

    @Test
    void thatWaitsIsNotAskedAgainBecauseOthersBeginToWait() throws InterruptedException {
        admin.json("PUT", "/v1/items", "[{\"sku\": \"SHUT-IN\"}]");
        admin.json("PUT", "/v1/nodes", "[{\"code\": \"SHUT\", \"type\": \"store\", \"active\": false}]");
        hub.withStock("SHUT-IN", "SHUT", 10);
        String waiting = admin.json("POST", "/v1/orders", order("shut-0").replace("\"A\"", "\"SHUT-IN\""))
                .text("id");
        Thread.sleep(500);
        int before = timeline(waiting);

        for (int i = 1; i <= 5; i++) {
            admin.json("POST", "/v1/orders", order("shut-" + i).replace("\"A\"", "\"SHUT-IN\""));
        }
        Thread.sleep(500);

        assertThat(timeline(waiting)).isEqualTo(before);
    }

    private static int timeline(String id) {
        return admin.get("/v1/orders/" + id).json().at("/timeline").size();
    }
}
