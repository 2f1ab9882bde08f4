package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever is sent twice is done once, and the second answer is the first (invariant 12). */
class IdempotencyTest {
    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 100_000);
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static String order(String externalId, int quantity) {
        return """
                {"channel":"web","externalId":"%s","currency":"EUR","shipTo":{"name":"Ada","country":"GB"},
                 "lines":[{"sku":"A","quantity":%d,"unitPrice":100}]}
                """.formatted(externalId, quantity);
    }

    @Test
    void theSameOrderAgainGivesTheFirstAnswerEvenAfterTheOrderHasChanged() {
        Http.Reply first = admin.json("POST", "/v1/orders", order("same", 2));
        admin.json("POST", "/v1/orders/" + first.text("id") + "/cancel", "{\"reason\":\"changed\"}");

        Http.Reply again = admin.json("POST", "/v1/orders", order("same", 2));

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void whiteSpaceAndTheOrderOfFieldsDoNotMatter() {
        Http.Reply first = admin.json("POST", "/v1/orders", order("spaces", 2));

        Http.Reply again = admin.json("POST", "/v1/orders", """
                { "lines": [ { "unitPrice" : 100, "quantity": 2, "sku": "A", "discount": 0 } ], "priority": 0,
                  "currency": "EUR", "externalId": "spaces", "channel": "web",
                  "shipTo": { "country": "GB", "name": "\\u0041da" } }
                """);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("id")).isEqualTo(first.text("id"));
    }

    @Test
    void theSameNumberWithAnotherContentIsRefused() {
        admin.json("POST", "/v1/orders", order("other", 2));

        for (String other : List.of(order("other", 3), order("other", 2).replace("Ada", "Bob"))) {
            Http.Reply refused = admin.json("POST", "/v1/orders", other);

            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.text("code")).isEqualTo("key-reused");
            assertThat(refused.text("path")).isEqualTo("externalId");
        }
    }

    @Test
    void theSameRequestKeyWithAnotherOrderIsRefusedAndNothingIsPlaced() {
        admin.json("POST", "/v1/orders", order("keyed-1", 2), "Idempotency-Key", "key-1");

        Http.Reply refused = admin.json("POST", "/v1/orders", order("keyed-2", 2), "Idempotency-Key", "key-1");

        assertThat(refused.text("code")).isEqualTo("key-reused");
        assertThat(refused.text("path")).isEqualTo("Idempotency-Key");
        assertThat(admin.get("/v1/channels/web/orders/keyed-2").status()).isEqualTo(404);
    }

    @Test
    void contentsThatOnlyLookAlikeAreTwo() {
        String one = order("alike", 2).replace("\"lines\"", "\"attributes\":{\"a\":\"1, b=2\"},\"lines\"");
        String two = order("alike", 2).replace("\"lines\"", "\"attributes\":{\"a\":\"1\",\"b\":\"2\"},\"lines\"");
        assertThat(admin.json("POST", "/v1/orders", one).status()).isEqualTo(201);

        assertThat(admin.json("POST", "/v1/orders", two).text("code")).isEqualTo("key-reused");
    }

    @Test
    void aCommandWithAKeyIsDoneOnce() {
        String id = admin.json("POST", "/v1/orders", order("once", 5)).text("id");
        String body = "{\"lines\":[{\"line\":1,\"quantity\":1}],\"reason\":\"one less\"}";

        Http.Reply first = admin.json("POST", "/v1/orders/" + id + "/cancel", body, "Idempotency-Key", "cancel-1");
        Http.Reply again = admin.json("POST", "/v1/orders/" + id + "/cancel", body, "Idempotency-Key", "cancel-1");

        assertThat(first.json().at("/lines/0/units/cancelled").asInt()).isEqualTo(1);
        assertThat(again.json().at("/lines/0/units/cancelled").asInt()).isEqualTo(1);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void ofManyAtOnceOneIsPlacedAndAllHearOfIt() throws Exception {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Http.Reply>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                calls.add(() -> admin.json("POST", "/v1/orders", order("race", 1)));
            }
            Set<String> ids = new TreeSet<>();
            int placed = 0;
            for (Future<Http.Reply> answer : callers.invokeAll(calls)) {
                assertThat(answer.get().status()).isIn(200, 201);
                placed += answer.get().status() == 201 ? 1 : 0;
                ids.add(answer.get().text("id"));
            }
            assertThat(placed).isEqualTo(1);
            assertThat(ids).hasSize(1);
        }
    }

    @Test
    void anotherServerKnowsWhatThisOnePlaced() {
        Http.Reply first = admin.json("POST", "/v1/orders", order("two-servers", 2));
        try (Server other = hub.another()) {
            Http.Reply again = new Http(other.port(), admin.key()).json("POST", "/v1/orders", order("two-servers", 2));

            assertThat(again.status()).isEqualTo(200);
            assertThat(again.text()).isEqualTo(first.text());
        }
    }
}
