package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is held does not go on, and the rest does. */
class HoldsTest {
    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 1_000).withStock("B", "DC", 1_000);
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static String place(String externalId) {
        return admin.json("POST", "/v1/orders", """
                        {"channel":"web","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},
                         "lines":[{"sku":"A","quantity":1,"unitPrice":100},{"sku":"B","quantity":1,"unitPrice":100}]}
                        """.formatted(externalId)).text("id");
    }

    private static Http.Reply post(String id, String path, String json) {
        return admin.json("POST", "/v1/orders/" + id + path, json);
    }

    @Test
    void aNodeCannotWorkOnWhatIsHeldAndCanOnTheRest() {
        String id = place("partial");
        Http.Reply held = post(id, "/holds", "{\"type\":\"address\",\"reason\":\"no such street\",\"lines\":[2]}");
        assertThat(held.status()).as(held.text()).isEqualTo(200);
        assertThat(held.text("/holds/0/type")).isEqualTo("address");

        Http.Reply picked = post(id, "/fulfilment-orders/1/pick", "{}");
        Http.Reply refused = post(id, "/fulfilment-orders/1/pick", "{\"lines\":[{\"line\":2,\"quantity\":1}]}");

        assertThat(picked.json().at("/lines/0/units/picked").asInt()).isEqualTo(1);
        assertThat(picked.json().at("/lines/1/units/released").asInt()).isEqualTo(1);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("line 2 is held (address): no such street");

        post(id, "/holds/1/release", "{\"reason\":\"the customer has called\"}");
        assertThat(post(id, "/fulfilment-orders/1/pick", "{}")
                        .json()
                        .at("/lines/1/units/picked")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void severalMayHoldAndTheLastLetsGo() {
        String id = place("several");
        post(id, "/holds", "{\"type\":\"fraud\",\"reason\":\"odd\"}");
        post(id, "/holds", "{\"type\":\"manual\",\"reason\":\"ask me\"}");
        assertThat(post(id, "/fulfilment-orders/1/pick", "{}").status()).isEqualTo(409);

        assertThat(post(id, "/holds/1/release", "{\"reason\":\"fine\"}").status())
                .isEqualTo(200);
        assertThat(post(id, "/fulfilment-orders/1/pick", "{}").status()).isEqualTo(409);
        assertThat(post(id, "/holds/1/release", "{\"reason\":\"again\"}").status())
                .isEqualTo(409);
        post(id, "/holds/2/release", "{\"reason\":\"fine\"}");

        assertThat(post(id, "/fulfilment-orders/1/pick", "{}").status()).isEqualTo(200);
    }

    @Test
    void aHoldThatStandsForTooLongIsSeen() throws InterruptedException {
        String id = place("long");
        post(
                id,
                "/holds",
                "{\"type\":\"payment\",\"reason\":\"no money yet\",\"until\":\"%s\"}"
                        .formatted(Instant.now().plusSeconds(1)));
        JsonNode order = admin.get("/v1/orders/" + id).json();
        for (int i = 0; i < 200 && !order.has("exception"); i++) {
            Thread.sleep(50);
            order = admin.get("/v1/orders/" + id).json();
        }

        assertThat(order.at("/exception/reason").asString("")).isEqualTo("hold 1 (payment) still stands: no money yet");
    }

    @Test
    void whatCannotBeHeldIsRefused() {
        String id = place("none");
        assertThat(post(id, "/holds", "{\"type\":\"x\",\"reason\":\"y\",\"lines\":[3]}")
                        .status())
                .isEqualTo(422);
        assertThat(post(id, "/holds", "{\"type\":\"x\"}").status()).isEqualTo(422);
        post(id, "/cancel", "{\"reason\":\"no\"}");
        assertThat(post(id, "/holds", "{\"type\":\"x\",\"reason\":\"y\"}").status())
                .isEqualTo(409);
    }
}
