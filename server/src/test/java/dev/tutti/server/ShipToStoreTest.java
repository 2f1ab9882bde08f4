package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What one node has is sent to another, where the customer collects it: promised, held, ordered, sent, handed out. */
class ShipToStoreTest {
    private static final String TODAY = LocalDate.now(ZoneOffset.UTC).toString();

    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData();
        admin = hub.admin();
        store("SHOP");
        store("OTHER");
        store("CLOSING");
        Configured.apply(hub, """
                nodes:
                  - {code: ELSEWHERE, type: store}
                carrierServices:
                  - code: VAN
                    collects: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]
                    delivers: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]
                    transit: [{zone: 1, fewestDays: 1, mostDays: 1}]
                    zonesByMiles: [{zone: 1}]
                """);
        hub.withStock("A", "S1", 100);
    }

    private static void store(String node) {
        store(node, true);
    }

    private static void store(String node, boolean active) {
        Configured.apply(hub, """
                nodes:
                  - code: %s
                    type: store
                    active: %s
                    location: {latitude: 52.6, longitude: 13.5}
                    calendar: {zone: Europe/Berlin, cutOff: '23:59'}
                    handling:
                      pickUp:
                        leadMinutes: 0
                        slotMinutes: 60
                        perSlot: 2
                        hours: [{days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday], from: '00:00', to: '24:00'}]
                """.formatted(node, active));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @AfterEach
    void everyInvariantHolds() {
        assertThat(hub.violations()).isEmpty();
    }

    private static JsonNode promised(String store, int units) {
        JsonNode options = admin.json("POST", "/v1/promises", """
                {"channel":"web","shipTo":{"country":"GB"},"stores":["%s"],"lines":[{"sku":"A","quantity":%d}]}
                """.formatted(store, units))
                .json()
                .at("/options");
        for (JsonNode option : options) {
            if (option.at("/method").asString().equals("ship-to-store")) {
                return option;
            }
        }
        throw new AssertionError("not to a store: " + options);
    }

    private static String group(JsonNode option) {
        return """
                {"method":"ship-to-store","pickUpNode":"%s","service":"%s","collectFrom":"%s"}
                """.formatted(
                        option.at("/store").asString(),
                        option.at("/service").asString(),
                        option.at("/collect/from").asString());
    }

    private static Http.Reply hold(JsonNode option, int units) {
        return admin.json("POST", "/v1/reservations", """
                {"channel":"web","shipGroups":[%s],"lines":[{"sku":"A","quantity":%d}]}
                """.formatted(group(option), units));
    }

    private static Http.Reply order(String externalId, JsonNode option, int units, String more) {
        return admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"%s","currency":"EUR","shipGroups":[%s],
                 "lines":[{"sku":"A","quantity":%d,"unitPrice":100}]%s}
                """.formatted(externalId, group(option), units, more));
    }

    private static Http.Reply act(Http by, String order, String action, String body) {
        return by.json("POST", "/v1/orders/" + order + "/fulfilment-orders/1/" + action, body);
    }

    @Test
    void fromThePromiseToTheCounter() {
        JsonNode option = promised("SHOP", 3);
        JsonNode held = hold(option, 3).json();
        assertThat(held.at("/parcels/0/node").asString()).as(held.toString()).isEqualTo("S1");
        Http.Reply ordered =
                order("sts-1", option, 3, ",\"reservation\":\"" + held.at("/id").asString() + "\"");
        assertThat(ordered.status()).as(ordered.text()).isEqualTo(201);
        String id = ordered.text("id");
        JsonNode work = ordered.json().at("/fulfilmentOrders/0");
        assertThat(work.at("/node").asString()).isEqualTo("S1");
        assertThat(work.at("/method").asString()).isEqualTo("ship-to-store");

        Http sender = hub.key("node", "[\"web\"]", "[\"S1\"]");
        Http shop = hub.key("node", "[\"web\"]", "[\"SHOP\"]");
        Http elsewhere = hub.key("node", "[\"web\"]", "[\"ELSEWHERE\"]");
        assertThat(act(shop, id, "pick", "{}").status())
                .as("that is not their work")
                .isEqualTo(404);
        for (String action : new String[] {"pick", "pack"}) {
            assertThat(act(sender, id, action, "{}").status()).isEqualTo(200);
        }
        assertThat(act(admin, id, "collect", "{}").status())
                .as("it has not left")
                .isEqualTo(409);
        assertThat(act(sender, id, "hand-over", "{\"carrier\":\"van\",\"tracking\":\"1\"}")
                        .status())
                .isEqualTo(200);
        assertThat(act(shop, id, "collect", "{}").text())
                .as("it has not arrived")
                .contains("arrived at the store");
        assertThat(shop.get("/v1/nodes/SHOP/incoming-parcels").text("/fulfilmentOrders/0/order"))
                .isEqualTo(id);
        assertThat(act(elsewhere, id, "arrive", "{\"on\":\"" + TODAY + "\"}").status())
                .isEqualTo(404);
        assertThat(act(shop, id, "arrive", "{\"on\":\"" + TODAY + "\"}").status())
                .isEqualTo(200);
        JsonNode there = shop.get("/v1/nodes/SHOP/incoming-parcels").json().at("/fulfilmentOrders/0");
        assertThat(there.at("/arrived").asString()).isEqualTo(TODAY);
        assertThat(there.at("/node").asString()).isEqualTo("S1");
        assertThat(act(sender, id, "collect", "{}").status())
                .as("the store hands it out")
                .isEqualTo(404);
        Http.Reply some = act(shop, id, "collect", "{\"lines\":[{\"line\":1,\"quantity\":1}]}");
        assertThat(some.json().at("/lines/0/units/collected").asInt())
                .as(some.text())
                .isEqualTo(1);
        JsonNode all = act(shop, id, "collect", "{}").json();
        assertThat(all.at("/lines/0/units/collected").asInt()).isEqualTo(3);
        assertThat(all.at("/fulfilmentOrders/0/status").asString()).isEqualTo("collected");
        assertThat(all.at("/closed").asBoolean()).isTrue();
        assertThat(shop.get("/v1/nodes/SHOP/incoming-parcels").json().at("/fulfilmentOrders"))
                .isEmpty();
        assertThat(act(shop, id, "collect", "{}").status()).isEqualTo(409);
    }

    @Test
    void itsSlotIsTakenUntilItIsCalledOff() {
        JsonNode option = promised("OTHER", 1);
        String first = order("sts-2", option, 1, "").text("id");
        assertThat(order("sts-3", option, 1, "").status()).isEqualTo(201);
        assertThat(order("sts-4", option, 1, "").text("code")).isEqualTo("insufficient-capacity");
        assertThat(admin.json("POST", "/v1/orders/" + first + "/cancel", "{\"reason\":\"too late\"}")
                        .status())
                .isEqualTo(200);
        assertThat(order("sts-4", option, 1, "").status()).isEqualTo(201);
    }

    @Test
    void itNamesAStoreThatHandsOut() {
        assertThat(admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"sts-5","currency":"EUR","shipGroups":[{"method":"ship-to-store"}],
                 "lines":[{"sku":"A","quantity":1,"unitPrice":1}]}
                """).text("code")).isEqualTo("missing-field");
        assertThat(admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"sts-5","currency":"EUR",
                 "shipGroups":[{"method":"ship-to-store","pickUpNode":"DC"}],
                 "lines":[{"sku":"A","quantity":1,"unitPrice":1}]}
                """).text("path")).isEqualTo("shipGroups[0].pickUpNode");
    }

    @Test
    void nothingIsSentToAStoreThatHandsOutNothing() {
        JsonNode option = promised("CLOSING", 1);
        assertThat(order("sts-6", option, 1, "").status()).isEqualTo(201);
        Http.Reply plan = admin.json("POST", "/v1/configuration/plan", """
                {"nodes":[{"code":"CLOSING","type":"store","active":false}]}
                """);
        assertThat(plan.text()).as(plan.text()).contains("which would be closed");
        Configured.apply(hub, """
                nodes:
                  - {code: CLOSING, type: store, active: false}
                """);
        assertThat(hold(option, 1).status()).isNotEqualTo(201);
    }

    @Test
    void whatMayWaitComesInAsManyParcelsAsItTakes() {
        assertThat(admin.json("POST", "/v1/reservations", """
                {"channel":"web","shipTo":{"country":"GB"},"lines":[{"sku":"A","quantity":1}],
                 "mayWait":true,"mostParcels":1}
                """).text("path")).isEqualTo("mayWait");
    }

    @Test
    void nobodyOrdersToAStoreThatIsClosed() {
        store("SHUT");
        JsonNode option = promised("SHUT", 1);
        String held = hold(option, 1).json().at("/id").asString();
        store("SHUT", false);
        Http.Reply refused = order("sts-7", option, 1, ",\"reservation\":\"" + held + "\"");
        assertThat(refused.text("path")).isEqualTo("shipGroups[0].pickUpNode");
        assertThat(refused.text("detail")).isEqualTo("SHUT is closed for the time being");
    }

    @Test
    void whatIsBroughtBackIsWhatWasHandedOut() {
        JsonNode option = promised("SHOP", 3);
        String id = order("sts-8", option, 3, "").text("id");
        for (String action : new String[] {"pick", "pack"}) {
            assertThat(act(admin, id, action, "{}").status()).isEqualTo(200);
        }
        assertThat(act(admin, id, "hand-over", "{\"carrier\":\"van\",\"tracking\":\"8\"}")
                        .status())
                .isEqualTo(200);
        assertThat(act(admin, id, "arrive", "{\"on\":\"" + TODAY + "\"}").status())
                .isEqualTo(200);
        assertThat(act(admin, id, "collect", "{\"lines\":[{\"line\":1,\"quantity\":1}]}")
                        .status())
                .isEqualTo(200);
        assertThat(admin.json(
                                "POST",
                                "/v1/orders/" + id + "/returns",
                                "{\"node\":\"SHOP\",\"reason\":\"torn\",\"lines\":[{\"line\":1,\"quantity\":1}]}")
                        .status())
                .isEqualTo(200);
        JsonNode rest = act(admin, id, "collect", "{}").json();
        assertThat(rest.at("/lines/0/units/collected").asInt())
                .as(rest.toString())
                .isEqualTo(2);
        assertThat(rest.at("/lines/0/units/returned").asInt()).isEqualTo(1);
    }

    @Test
    void whatWasHandedOutIsBroughtBackThoughAnotherParcelIsStillOnItsWay() {
        assertThat(admin.json("PUT", "/v1/items", "[{\"sku\":\"B-TWO\"}]").status())
                .isEqualTo(200);
        hub.withStock("B-TWO", "S1", 1).withStock("B-TWO", "OTHER", 1);
        Http.Reply ordered = admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"sts-9","currency":"EUR",
                 "shipGroups":[{"method":"ship-to-store","pickUpNode":"SHOP","service":"VAN"}],
                 "lines":[{"sku":"B-TWO","quantity":2,"unitPrice":100}]}
                """);
        String id = ordered.text("id");
        assertThat(ordered.json().at("/fulfilmentOrders")).as(ordered.text()).hasSize(2);
        for (int number : new int[] {1, 2}) {
            for (String action : new String[] {"pick", "pack", "hand-over"}) {
                act(id, number, action, action.equals("hand-over") ? "{\"carrier\":\"van\",\"tracking\":\"9\"}" : "{}");
            }
        }
        act(id, 1, "arrive", "{\"on\":\"" + TODAY + "\"}");
        act(id, 1, "collect", "{}");

        Http.Reply back = admin.json(
                "POST",
                "/v1/orders/" + id + "/returns",
                "{\"node\":\"SHOP\",\"reason\":\"torn\",\"lines\":[{\"line\":1,\"quantity\":1}]}");
        assertThat(back.status()).as(back.text()).isEqualTo(200);

        act(id, 2, "arrive", "{\"on\":\"" + TODAY + "\"}");
        JsonNode whole = act(id, 2, "collect", "{}");
        assertThat(whole.at("/lines/0/units/collected").asInt())
                .as(whole.toString())
                .isEqualTo(1);
        assertThat(whole.at("/lines/0/units/returned").asInt()).isEqualTo(1);
    }

    @Test
    void whatTheStoreHasItselfIsNotSentThere() {
        assertThat(admin.json("PUT", "/v1/items", "[{\"sku\":\"B-SHELF\"},{\"sku\":\"B-DEPOT\"}]")
                        .status())
                .isEqualTo(200);
        far();
        hub.withStock("B-SHELF", "SHOP", 2).withStock("B-SHELF", "FAR", 5).withStock("B-DEPOT", "FAR", 5);
        String lines = "[{\"sku\":\"B-SHELF\",\"quantity\":1},{\"sku\":\"B-DEPOT\",\"quantity\":1}]";
        JsonNode option = admin.json("POST", "/v1/promises", """
                {"channel":"web","shipTo":{"country":"GB"},"stores":["SHOP"],"lines":%s}
                """.formatted(lines))
                .json()
                .at("/options")
                .valueStream()
                .filter(one -> one.at("/method").asString().equals("ship-to-store"))
                .findFirst()
                .orElseThrow();
        assertThat(option.at("/parcels")).as(option.toString()).hasSize(1);
        assertThat(option.at("/parcels/0/node").asString()).isEqualTo("FAR");
        assertThat(option.at("/parcels/0/lines")).hasSize(1);
        assertThat(option.at("/parcels/0/lines/0/sku").asString()).isEqualTo("B-DEPOT");
        assertThat(option.at("/split").asBoolean()).as("it is two nodes' work").isTrue();

        JsonNode held = admin.json("POST", "/v1/reservations", """
                {"channel":"web","shipGroups":[%s],"lines":%s}
                """.formatted(group(option), lines))
                .json();
        Http.Reply ordered = admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"sts-10","currency":"EUR","shipGroups":[%s],"reservation":"%s",
                 "lines":[{"sku":"B-SHELF","quantity":1,"unitPrice":100},{"sku":"B-DEPOT","quantity":1,"unitPrice":100}]}
                """.formatted(
                        group(option), held.at("/id").asString()));
        assertThat(ordered.status()).as(ordered.text()).isEqualTo(201);
        String id = ordered.text("id");
        for (JsonNode work : ordered.json().at("/fulfilmentOrders")) {
            boolean own = work.at("/node").asString().equals("SHOP");
            assertThat(work.at("/method").asString()).as(work.toString()).isEqualTo(own ? "pick-up" : "ship-to-store");
            assertThat(work.at("/lines/0/line").asInt()).isEqualTo(own ? 1 : 2);
            int number = work.at("/number").asInt();
            act(id, number, "pick", "{}");
            act(id, number, "pack", "{}");
            if (!own) {
                act(id, number, "hand-over", "{\"carrier\":\"van\",\"tracking\":\"10\"}");
                act(id, number, "arrive", "{\"on\":\"" + TODAY + "\"}");
            }
        }
        assertThat(ordered.json().at("/fulfilmentOrders")).hasSize(2);
        act(id, 1, "collect", "{}");
        JsonNode collected = act(id, 2, "collect", "{}");
        assertThat(collected.at("/lines/0/units/collected").asInt())
                .as(collected.toString())
                .isEqualTo(1);
        assertThat(collected.at("/lines/1/units/collected").asInt()).isEqualTo(1);
    }

    @Test
    void whatTheStoreDoesNotFindIsSentThere() {
        assertThat(admin.json("PUT", "/v1/items", "[{\"sku\":\"B-LOST\"},{\"sku\":\"B-FOUND\"}]")
                        .status())
                .isEqualTo(200);
        far();
        hub.withStock("B-LOST", "SHOP", 1).withStock("B-LOST", "FAR", 1).withStock("B-FOUND", "FAR", 1);
        Http.Reply ordered = admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"sts-11","currency":"EUR",
                 "shipGroups":[{"method":"ship-to-store","pickUpNode":"SHOP","service":"VAN"}],
                 "lines":[{"sku":"B-LOST","quantity":1,"unitPrice":100},{"sku":"B-FOUND","quantity":1,"unitPrice":100}]}
                """);
        assertThat(methods(ordered.json()))
                .as(ordered.text())
                .containsExactlyInAnyOrder("SHOP pick-up", "FAR ship-to-store");
        int own = ordered.json().at("/fulfilmentOrders/0/node").asString().equals("SHOP") ? 1 : 2;
        JsonNode again = act(ordered.text("id"), own, "reject", "{\"reason\":\"not-found\"}");
        assertThat(methods(again))
                .as(again.toString())
                .containsExactlyInAnyOrder("SHOP pick-up", "FAR ship-to-store", "FAR ship-to-store");
    }

    /** From there it costs something to send anything. */
    private static void far() {
        Configured.apply(hub, """
                nodes:
                  - {code: FAR, type: distribution-centre, location: {latitude: 48.1, longitude: 11.6}}
                """);
    }

    private static List<String> methods(JsonNode order) {
        return order.at("/fulfilmentOrders")
                .valueStream()
                .map(work ->
                        work.at("/node").asString() + " " + work.at("/method").asString())
                .toList();
    }

    private static JsonNode act(String order, int number, String action, String body) {
        Http.Reply done =
                admin.json("POST", "/v1/orders/" + order + "/fulfilment-orders/" + number + "/" + action, body);
        assertThat(done.status()).as(action + ": " + done.text()).isEqualTo(200);
        return done.json();
    }
}
