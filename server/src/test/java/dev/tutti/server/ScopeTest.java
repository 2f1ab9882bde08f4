package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is somebody else's looks as if it did not exist (invariant 18). */
class ScopeTest {
    private static TestHub hub;
    private static Http app;
    private static Http storeOne;
    private static String webOrder;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData().withStock("A", "S2", 1_000).withStock("B", "S1", 10);
        app = hub.key("channel", "[\"app\"]", "[]");
        storeOne = hub.key("node", "[\"*\"]", "[\"S1\"]");
        webOrder = hub.admin().json("POST", "/v1/orders", order("web", "mine")).text("id");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static String order(String channel, String externalId) {
        return """
                {"channel":"%s","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},
                 "lines":[{"sku":"A","quantity":1,"unitPrice":100}]}
                """.formatted(channel, externalId);
    }

    @Test
    void foreignAndMissingOrdersAnswerAlike() {
        List<String> paths = List.of("", "/cancel");
        for (String path : paths) {
            String method = path.isEmpty() ? "GET" : "POST";
            Http.Reply foreign = app.json(method, "/v1/orders/" + webOrder + path, "{\"reason\":\"r\"}");
            Http.Reply missing = app.json(method, "/v1/orders/999999999" + path, "{\"reason\":\"r\"}");
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(foreign.text()).isEqualTo(missing.text());
        }
        Http.Reply foreign = app.get("/v1/channels/web/orders/mine");
        Http.Reply missing = app.get("/v1/channels/app/orders/none");
        assertThat(foreign.text()).isEqualTo(missing.text());
    }

    @Test
    void aForeignChannelIsUnknownWhenOrdersArePlaced() {
        Http.Reply foreign = app.json("POST", "/v1/orders", order("web", "not-mine"));
        Http.Reply missing = app.json("POST", "/v1/orders", order("none", "not-mine"));
        Http.Reply bulk = app.ndjson("/v1/orders/bulk", order("web", "not-mine").replace("\n", ""));

        assertThat(foreign.text()).isEqualTo(missing.text());
        assertThat(foreign.text("code")).isEqualTo("unknown-channel");
        assertThat(bulk.lines().getFirst().at("/problem/code").asString()).isEqualTo("unknown-channel");
        assertThat(app.json("POST", "/v1/orders", order("app", "mine")).status())
                .isEqualTo(201);
    }

    @Test
    void aNodeWorksOnItsOwnWorkAlone() {
        String foreign = "/v1/orders/" + webOrder + "/fulfilment-orders/1/pick";
        String missing = "/v1/orders/999999999/fulfilment-orders/1/pick";

        assertThat(storeOne.send("POST", foreign).status()).isEqualTo(404);
        assertThat(storeOne.send("POST", foreign).text())
                .isEqualTo(storeOne.send("POST", missing).text());
        assertThat(storeOne.get("/v1/nodes/S2/fulfilment-orders").text())
                .isEqualTo(storeOne.get("/v1/nodes/none/fulfilment-orders").text());
        assertThat(storeOne.get("/v1/nodes/S1/fulfilment-orders").status()).isEqualTo(200);
        Http storeTwo = hub.key("node", "[\"*\"]", "[\"S2\"]");
        assertThat(storeTwo.send("POST", foreign).status()).isEqualTo(200);
        assertThat(hub.key("node", "[\"app\"]", "[\"S2\"]")
                        .get("/v1/nodes/S2/fulfilment-orders")
                        .text())
                .doesNotContain(webOrder);
    }

    @Test
    void aNodeTellsOfItsOwnStockAlone() {
        String line = "{\"sku\":\"B\",\"node\":\"%s\",\"quantity\":5}\n";

        Http.Reply reply = storeOne.ndjson("/v1/stock/snapshot", line.formatted("S1") + line.formatted("S2"));

        assertThat(reply.lines().stream().map(l -> l.at("/status").asInt())).containsExactly(200, 422);
        assertThat(reply.lines().getLast().at("/problem/code").asString()).isEqualTo("unknown-node");
        assertThat(storeOne.get("/v1/stock?sku=A").json().at("/positions").size())
                .isZero();
        assertThat(storeOne.get("/v1/stock?sku=A&node=S2").status()).isEqualTo(404);
    }

    @Test
    void listsHaveOnlyWhatIsInScope() {
        assertThat(storeOne.get("/v1/nodes").json().at("/nodes").size()).isEqualTo(1);
        assertThat(storeOne.get("/v1/nodes/S2").status()).isEqualTo(404);
        assertThat(app.get("/v1/channels").json().at("/channels").size()).isEqualTo(1);
        assertThat(app.get("/v1/channels/web").status()).isEqualTo(404);
        assertThat(app.get("/v1/nodes").json().at("/nodes").size()).isZero();
    }

    @Test
    void aShipmentIsChangedByWhoSeesAllOfItAndReadByWhoSeesSomeOfIt() {
        Http stock = hub.key("stock", "[]", "[\"S1\"]");
        hub.admin().json("PUT", "/v1/items", "[{\"sku\":\"COMING\"}]");
        String line = "{\"sku\":\"COMING\",\"node\":\"%s\",\"due\":\"2040-01-01\",\"quantity\":5}";
        String both =
                "{\"kind\":\"purchase-order\",\"lines\":[%s,%s]}".formatted(line.formatted("S1"), line.formatted("S2"));
        assertThat(hub.admin().json("PUT", "/v1/inbound/BOTH", both).status()).isEqualTo(201);
        hub.admin().json("PUT", "/v1/inbound/FOREIGN", both.replace("S1", "S2"));

        assertThat(stock.get("/v1/inbound/BOTH").json().at("/lines").size()).isEqualTo(1);
        assertThat(stock.get("/v1/inbound/BOTH").text()).doesNotContain("S2");
        assertThat(stock.get("/v1/inbound/FOREIGN").text())
                .isEqualTo(stock.get("/v1/inbound/NONE").text());
        assertThat(stock.get("/v1/inbound?sku=COMING&limit=1")
                        .json()
                        .at("/shipments/0/reference")
                        .asString())
                .isEqualTo("BOTH");
        String none = "{\"kind\":\"purchase-order\",\"lines\":[]}";
        for (String foreign : List.of("BOTH", "FOREIGN")) {
            String path = "/v1/inbound/" + foreign;
            assertThat(stock.json("PUT", path, none).text("code")).isEqualTo("unknown-shipment");
            assertThat(stock.json("POST", path + "/cancel", "{}").text("code")).isEqualTo("unknown-shipment");
            assertThat(stock.json("POST", path + "/receive", "{\"last\":true}").text("code"))
                    .isEqualTo("unknown-shipment");
        }
        assertThat(stock.json("POST", "/v1/inbound/BOTH/receive", "{\"lines\":[{\"line\":2,\"quantity\":1}]}")
                        .text("code"))
                .isEqualTo("invalid-field");
        assertThat(stock.json("POST", "/v1/inbound/BOTH/receive", "{\"lines\":[{\"line\":1,\"quantity\":1}]}")
                        .json()
                        .at("/lines/0/received")
                        .asInt())
                .isEqualTo(1);
        Http.Reply policy = stock.ndjson("/v1/stock/settings", "{\"sku\":\"COMING\",\"backorderCap\":0}");
        assertThat(policy.lines().getFirst().at("/problem/code").asString()).isEqualTo("forbidden");
    }
}
