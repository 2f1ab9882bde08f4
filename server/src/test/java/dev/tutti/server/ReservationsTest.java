package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Units held before there is an order, and units kept for somebody. */
class ReservationsTest {
    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData();
        admin = hub.admin();
        Http.Reply applied = admin.json("POST", "/v1/configuration/apply", """
                {"reason":"a campaign","ringFences":[
                  {"code":"campaign","channels":["web"]},
                  {"code":"staff","customerGroups":["staff"]},
                  {"code":"reserve","lends":true}]}
                """);
        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @AfterEach
    void everyInvariantHolds() {
        assertThat(hub.violations()).isEmpty();
    }

    private static void item(String sku, int units) {
        assertThat(admin.json("PUT", "/v1/items", "[{\"sku\":\"" + sku + "\"}]").status())
                .isEqualTo(200);
        assertThat(admin.ndjson(
                                "/v1/stock/snapshot",
                                "{\"sku\":\"%s\",\"node\":\"DC\",\"quantity\":%d}".formatted(sku, units))
                        .text())
                .contains("200");
    }

    private static Http.Reply reserve(String sku, int units, String more) {
        return admin.json("POST", "/v1/reservations", """
                {"channel":"web","shipTo":{"country":"GB"},"lines":[{"sku":"%s","quantity":%d}]%s}
                """.formatted(sku, units, more));
    }

    private static Http.Reply order(String externalId, String sku, int units, String more) {
        return admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},
                 "lines":[{"sku":"%s","quantity":%d,"unitPrice":100}]%s}
                """.formatted(externalId, sku, units, more));
    }

    private static JsonNode position(String sku) {
        return admin.get("/v1/stock?sku=" + sku + "&node=DC").json().at("/positions/0");
    }

    private static int backordered(Http.Reply order) {
        return order.json().at("/lines/0/units/backordered").asInt();
    }

    @Test
    void whatIsHeldNobodyElseCanHaveAndItsOrderGetsIt() {
        item("R-HELD", 3);
        Http.Reply made = reserve("R-HELD", 2, ",\"reference\":\"cart 1\"");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.text("/parcels/0/node")).isEqualTo("DC");
        assertThat(position("R-HELD").at("/available").asInt()).isEqualTo(1);
        assertThat(reserve("R-HELD", 2, "").status()).isEqualTo(409);

        assertThat(backordered(order("other", "R-HELD", 2, ""))).isPositive();
        Http.Reply own = order("own", "R-HELD", 2, ",\"reservation\":\"" + made.text("id") + "\"");

        assertThat(own.status()).as(own.text()).isEqualTo(201);
        assertThat(own.text("/status")).isEqualTo("released");
        JsonNode after = admin.get("/v1/reservations/" + made.text("id")).json();
        assertThat(after.at("/state").asString()).isEqualTo("taken");
        assertThat(after.at("/order").asString()).isEqualTo(own.text("id"));
        assertThat(admin.get("/v1/orders/" + own.text("id")).text()).contains("reservation-taken", "promise-kept");
    }

    @Test
    void whatTheOrderDoesNotWantIsGivenBackAndWhatItWantsBesidesIsSourced() {
        item("R-PART", 10);
        String less = reserve("R-PART", 4, "").text("id");
        assertThat(order("less", "R-PART", 1, ",\"reservation\":\"" + less + "\"")
                        .status())
                .isEqualTo(201);
        assertThat(position("R-PART").at("/reserved").asInt()).isEqualTo(1);

        String more = reserve("R-PART", 2, "").text("id");
        Http.Reply ordered = order("more", "R-PART", 5, ",\"reservation\":\"" + more + "\"");

        assertThat(ordered.text("/status")).isEqualTo("released");
        assertThat(position("R-PART").at("/reserved").asInt()).isEqualTo(6);
    }

    @Test
    void endsByItselfAndIsNoObstacleToTheOrderThatComesLate() throws InterruptedException {
        item("R-LATE", 1);
        String id = reserve("R-LATE", 1, ",\"seconds\":1").text("id");
        for (int i = 0; i < 200 && state(id).equals("held"); i++) {
            Thread.sleep(50);
        }
        assertThat(state(id)).isEqualTo("expired");
        assertThat(position("R-LATE").at("/reserved").asInt()).isZero();

        Http.Reply late = order("late", "R-LATE", 1, ",\"reservation\":\"" + id + "\"");

        assertThat(late.text("/status")).isEqualTo("released");
        assertThat(state(id)).isEqualTo("expired");
    }

    @Test
    void isExtendedAndReleased() {
        item("R-MORE", 1);
        Http.Reply made = reserve("R-MORE", 1, ",\"seconds\":60");
        Http.Reply extended =
                admin.json("POST", "/v1/reservations/" + made.text("id") + "/extend", "{\"seconds\":3600}");
        assertThat(extended.text("until")).isGreaterThan(made.text("until"));

        String release = "/v1/reservations/" + made.text("id") + "/release";
        assertThat(admin.json("POST", release, "{}").text("state")).isEqualTo("released");
        assertThat(admin.json("POST", release, "{}").text("state")).isEqualTo("released");
        assertThat(admin.json("POST", "/v1/reservations/" + made.text("id") + "/extend", "{\"seconds\":9}")
                        .status())
                .isEqualTo(409);
        assertThat(position("R-MORE").at("/available").asInt()).isEqualTo(1);
    }

    @Test
    void aTakenOneServesNoSecondOrderAndAnUnknownOneNone() {
        item("R-TWICE", 5);
        String id = reserve("R-TWICE", 1, "").text("id");
        String named = ",\"reservation\":\"" + id + "\"";
        assertThat(order("first", "R-TWICE", 1, named).status()).isEqualTo(201);
        assertThat(order("second", "R-TWICE", 1, named).status()).isEqualTo(409);
        assertThat(order("first", "R-TWICE", 1, named).status()).isEqualTo(200);
        Http.Reply unknown = order("third", "R-TWICE", 1, ",\"reservation\":\"999\"");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text("code")).isEqualTo("unknown-reservation");
    }

    private static String state(String id) {
        return admin.get("/v1/reservations/" + id).text("state");
    }

    private static Http.Reply fence(String code, String act, String sku, int units) {
        return admin.ndjson(
                "/v1/ring-fences/" + code + "/" + act,
                "{\"sku\":\"%s\",\"node\":\"DC\",\"quantity\":%d}".formatted(sku, units));
    }

    private static int kept(String code, String sku) {
        return admin.get("/v1/ring-fences/" + code + "?sku=" + sku)
                .json()
                .at("/nodes/0/quantity")
                .asInt();
    }

    @Test
    void whatAFenceKeepsItsChannelGetsFirstAndOthersDoNot() {
        item("F-OWN", 5);
        assertThat(fence("campaign", "allocate", "F-OWN", 3).text()).contains("200");
        assertThat(fence("campaign", "allocate", "F-OWN", 3).text()).contains("insufficient-supply");
        assertThat(fence("staff", "allocate", "F-OWN", 2).text()).contains("200");

        assertThat(order("public", "F-OWN", 4, "")
                        .json()
                        .at("/lines/0/units/backordered")
                        .asInt())
                .isPositive();
        Http.Reply staff = order("staff", "F-OWN", 2, ",\"attributes\":{\"customerGroup\":\"staff\"}");

        assertThat(staff.text("/status")).isEqualTo("released");
    }

    @Test
    void aHeldUnitGoesBackIntoTheFenceItCameFrom() {
        item("F-BACK", 4);
        fence("campaign", "allocate", "F-BACK", 2);
        Http.Reply made = reserve("F-BACK", 3, "");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(kept("campaign", "F-BACK")).isZero();

        admin.json("POST", "/v1/reservations/" + made.text("id") + "/release", "{}");

        assertThat(kept("campaign", "F-BACK")).isEqualTo(2);
        assertThat(position("F-BACK").at("/available").asInt()).isEqualTo(2);
    }

    @Test
    void aFenceKeepsWhatIsOnTheShelfAndNotWhatMayBeClaimedBeyondIt() {
        item("F-CAP", 2);
        admin.ndjson("/v1/stock/settings", "{\"sku\":\"F-CAP\",\"node\":\"DC\",\"backorderCap\":5,\"safetyStock\":1}");
        assertThat(fence("staff", "allocate", "F-CAP", 2).text()).contains("insufficient-supply");
        assertThat(fence("staff", "allocate", "F-CAP", 1).text()).contains("200");
        assertThat(fence("staff", "reallocate?to=staff", "F-CAP", 1).status()).isEqualTo(422);
    }

    @Test
    void unitsMoveBetweenFencesAndOutOfThem() {
        item("F-MOVE", 3);
        fence("staff", "allocate", "F-MOVE", 3);
        assertThat(fence("staff", "reallocate?to=reserve", "F-MOVE", 2).text()).contains("200");
        assertThat(kept("reserve", "F-MOVE")).isEqualTo(2);
        assertThat(fence("staff", "unallocate", "F-MOVE", 2).text()).contains("insufficient-supply");
        assertThat(fence("staff", "unallocate", "F-MOVE", 1).text()).contains("200");
        // What lends gives to everybody, once nothing else is left.
        assertThat(order("lent", "F-MOVE", 3, "").text("/status")).isEqualTo("released");
    }

    @Test
    void whatAChannelCanSellHasWhatIsKeptForItAndNotWhatIsKeptForOthers() {
        item("F-ATP", 10);
        fence("campaign", "allocate", "F-ATP", 3);
        fence("staff", "allocate", "F-ATP", 2);
        assertThat(available("F-ATP", "")).isEqualTo(8);
        assertThat(available("F-ATP", "&customerGroup=staff")).isEqualTo(10);
    }

    private static int available(String sku, String more) {
        return admin.get("/v1/availability?channel=web&sku=" + sku + more)
                .json()
                .at("/items/0/ship")
                .asInt();
    }

    @Test
    void whatAFenceKeptIsEverybodysWhenItsTimeIsOver() throws InterruptedException {
        item("F-OVER", 4);
        String fence =
                "{\"reason\":\"a sale\",\"ringFences\":[{\"code\":\"sale\",\"customerGroups\":[\"club\"],\"returnsAt\":\"%s\"}]}";
        admin.json(
                "POST", "/v1/configuration/apply", fence.formatted(Instant.now().plusSeconds(600)));
        fence("sale", "allocate", "F-OVER", 4);
        assertThat(available("F-OVER", "")).isZero();

        admin.json("POST", "/v1/configuration/apply", fence.formatted(Instant.now()));
        assertThat(available("F-OVER", "")).as("at once").isEqualTo(4);
        assertThat(order("over", "F-OVER", 1, "").text("/status")).isEqualTo("released");
        for (int i = 0; i < 200 && kept("sale", "F-OVER") > 0; i++) {
            Thread.sleep(50);
        }
        assertThat(kept("sale", "F-OVER")).isZero();
        assertThat(available("F-OVER", "")).isEqualTo(3);
    }

    @Test
    void aFenceKeepsWhatIsThereAndNoMore() throws InterruptedException {
        item("F-SHORT", 5);
        fence("staff", "allocate", "F-SHORT", 4);
        item("F-SHORT", 1);
        for (int i = 0; i < 200 && kept("staff", "F-SHORT") > 1; i++) {
            Thread.sleep(50);
        }
        assertThat(kept("staff", "F-SHORT")).isEqualTo(1);
        assertThat(position("F-SHORT").at("/shortage").asInt()).isZero();
    }

    @Test
    void manyAreHeldALineEachAndFoundByWhatTheyAreCalled() {
        item("MANY", 5);
        String line = "{\"channel\":\"web\",\"reference\":\"%s\",\"shipTo\":{\"country\":\"GB\"},"
                + "\"lines\":[{\"sku\":\"MANY\",\"quantity\":%d}]}\n";
        String file = line.formatted("cart-1", 2) + line.formatted("cart-2", 9) + line.formatted("cart-1", 1);
        List<JsonNode> first = admin.ndjson("/v1/reservations/bulk", file, "Idempotency-Key", "many-1")
                .lines();
        assertThat(first.get(0).at("/status").asInt()).isEqualTo(201);
        assertThat(first.get(1).at("/problem/code").asString()).isEqualTo("insufficient-supply");
        List<JsonNode> again = admin.ndjson("/v1/reservations/bulk", file, "Idempotency-Key", "many-1")
                .lines();
        assertThat(again.get(0).at("/replayed").asBoolean()).isTrue();
        assertThat(again.get(0).at("/id")).isEqualTo(first.get(0).at("/id"));
        assertThat(position("MANY").at("/reserved").asInt()).isEqualTo(3);
        JsonNode found =
                admin.get("/v1/reservations?channel=web&reference=cart-1").json();
        assertThat(found.at("/reservations/0/id")).isEqualTo(first.get(2).at("/id"));
        assertThat(found.at("/reservations").size()).isEqualTo(2);
        assertThat(admin.get("/v1/reservations?channel=web").text("code")).isEqualTo("missing-field");
    }

    @Test
    void aKeyHoldsNoMoreThanItMay() {
        assertThat(admin.json("PUT", "/v1/items", "[{\"sku\":\"CAPPED-KEY\"}]").status())
                .isEqualTo(200);
        hub.withStock("CAPPED-KEY", "S1", 100);
        Http.Reply made = admin.json(
                "POST", "/v1/keys", "{\"role\":\"channel\",\"channels\":[\"web\"],\"nodes\":[\"*\"],\"mostHeld\":5}");
        assertThat(made.json().at("/mostHeld").asInt()).as(made.text()).isEqualTo(5);
        Http caller = hub.as(made.text("key"));
        Http.Reply three = held(caller, 3);
        assertThat(three.status()).as(three.text()).isEqualTo(201);
        Http.Reply more = held(caller, 3);
        assertThat(more.status()).isEqualTo(409);
        assertThat(more.text("code")).isEqualTo("too-much-held");
        assertThat(more.text("detail")).isEqualTo("this key may hold 5 units at a time, and holds 3 already");
        assertThat(held(caller, 2).status()).isEqualTo(201);
        assertThat(held(admin, 20).status()).isEqualTo(201);
        // What an order has taken over is not held any more.
        Http.Reply order = caller.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"capped-key","currency":"EUR","shipTo":{"country":"GB"},
                 "reservation":"%s","lines":[{"sku":"CAPPED-KEY","quantity":1,"unitPrice":1}]}
                """.formatted(three.text("id")));
        assertThat(order.status()).as(order.text()).isEqualTo(201);
        assertThat(held(caller, 4).text("code")).isEqualTo("too-much-held");
        assertThat(held(caller, 3).status()).isEqualTo(201);
    }

    private static Http.Reply held(Http caller, int units) {
        return caller.json("POST", "/v1/reservations", """
                {"channel":"web","shipTo":{"country":"GB"},"lines":[{"sku":"CAPPED-KEY","quantity":%d}]}
                """.formatted(units));
    }

    @Test
    void whoOrdersJustWhatTheirCartHeldHasAllOfIt() {
        item("R-WHOLE", 5);
        hub.withStock("R-WHOLE", "S1", 3);
        String lines = "[{\"sku\":\"R-WHOLE\",\"quantity\":3%1$s},"
                + "{\"sku\":\"R-WHOLE\",\"quantity\":5,\"splittable\":false%1$s}]";
        Http.Reply held = admin.json(
                "POST",
                "/v1/reservations",
                "{\"channel\":\"web\",\"shipTo\":{\"country\":\"GB\"},\"lines\":%s}".formatted(lines.formatted("")));
        assertThat(held.status()).as(held.text()).isEqualTo(201);

        Http.Reply order =
                admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"whole","currency":"EUR","shipTo":{"country":"GB"},
                 "reservation":"%s","lines":%s}
                """.formatted(held.text("id"), lines.formatted(",\"unitPrice\":100")));

        assertThat(order.json().at("/lines/0/units/released").asInt())
                .as(order.text())
                .isEqualTo(3);
        assertThat(order.json().at("/lines/1/units/released").asInt()).isEqualTo(5);
    }

    @Test
    void whereFewerAreThereThanClaimedACartGivesWayToAnOrder() throws InterruptedException {
        item("R-SHORT", 10);
        String order = order("keeps", "R-SHORT", 6, "").text("id");
        String cart = reserve("R-SHORT", 4, ",\"seconds\":600").text("id");

        item("R-SHORT", 6);
        for (int i = 0; i < 200 && !state(cart).equals("released"); i++) {
            Thread.sleep(50);
        }

        assertThat(state(cart)).isEqualTo("released");
        assertThat(position("R-SHORT").at("/shortage").asInt()).isZero();
        assertThat(admin.get("/v1/orders/" + order)
                        .json()
                        .at("/lines/0/units/released")
                        .asInt())
                .isEqualTo(6);
    }

    @Test
    void whatIsNotShortOfACartThatGivesWayGoesBackIntoItsFence() throws InterruptedException {
        item("F-YIELD", 10);
        fence("campaign", "allocate", "F-YIELD", 10);
        String first = reserve("F-YIELD", 5, ",\"seconds\":600").text("id");
        String last = reserve("F-YIELD", 5, ",\"seconds\":600").text("id");
        assertThat(kept("campaign", "F-YIELD")).isZero();

        item("F-YIELD", 9);
        for (int i = 0; i < 200 && !state(last).equals("released"); i++) {
            Thread.sleep(50);
        }

        assertThat(state(first)).isEqualTo("held");
        assertThat(state(last)).isEqualTo("released");
        assertThat(position("F-YIELD").at("/shortage").asInt()).isZero();
        assertThat(kept("campaign", "F-YIELD")).isEqualTo(4);
    }

    @Test
    void eachAddressHasWhatItsCartHeldForItEvenIfAnotherIsCalledOff() {
        item("R-TWO", 2);
        hub.withStock("R-TWO", "S1", 2);
        String groups = "{\"method\":\"ship\",\"address\":{\"country\":\"US\"},\"location\":{\"latitude\":%s}}";
        String first = groups.formatted("40.7,\"longitude\":-74.0");
        String second = groups.formatted("37.8,\"longitude\":-122.4");
        JsonNode held = admin.json("POST", "/v1/reservations", """
                {"channel":"web","shipGroups":[%s,%s],
                 "lines":[{"sku":"R-TWO","quantity":2,"shipGroup":1},{"sku":"R-TWO","quantity":2,"shipGroup":2}]}
                """.formatted(first, second))
                .json();
        assertThat(held.at("/parcels")).as(held.toString()).hasSize(2);
        assertThat(held.at("/parcels/0/node")).isNotEqualTo(held.at("/parcels/1/node"));
        JsonNode ofSecond =
                held.at("/parcels/0/shipGroup").asInt() == 2 ? held.at("/parcels/0") : held.at("/parcels/1");

        Http.Reply order = admin.json(
                "POST", "/v1/orders", """
                {"channel":"web","externalId":"two","currency":"EUR","shipGroups":[%s],"reservation":"%s",
                 "lines":[{"sku":"R-TWO","quantity":2,"unitPrice":100}]}
                """.formatted(second, held.at("/id").asString()));

        assertThat(order.json().at("/fulfilmentOrders")).as(order.text()).hasSize(1);
        assertThat(order.text("/fulfilmentOrders/0/node"))
                .isEqualTo(ofSecond.at("/node").asString());
    }
}
