package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three servers on one database: whoever is asked, it is one hub. */
class SeveralServersTest {
    private static TestHub hub;
    private static Server second;
    private static Server third;
    private static List<Http> servers;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 1000).withStock("B", "S1", 20);
        second = hub.another();
        third = hub.another();
        Http admin = hub.admin();
        servers = List.of(admin, admin.at(second.port()), admin.at(third.port()));
    }

    @AfterAll
    static void stop() {
        third.close();
        second.close();
        hub.close();
    }

    private static String order(String channel, String externalId, String sku, int quantity) {
        return """
                {"channel": "%s", "externalId": "%s", "currency": "EUR",
                 "shipTo": {"name": "Ada", "street": ["1 Main Street"], "city": "London", "postcode": "N1",
                            "country": "GB"},
                 "lines": [{"sku": "%s", "quantity": %d, "unitPrice": 1000}]}
                """.formatted(channel, externalId, sku, quantity);
    }

    @Test
    void anOrderIsPlacedOnOneWorkedOnAtAnotherAndHandedOverAtTheThird() {
        String id = servers.get(0)
                .json("POST", "/v1/orders", order("web", "around-1", "A", 2))
                .text("id");
        String work = "/v1/orders/" + id + "/fulfilment-orders/1";

        assertThat(servers.get(1).send("POST", work + "/pick").status()).isEqualTo(200);
        assertThat(servers.get(2).send("POST", work + "/pack").status()).isEqualTo(200);
        assertThat(servers.get(0)
                        .json("POST", work + "/hand-over", "{\"carrier\":\"DHL\",\"tracking\":\"T\"}")
                        .status())
                .isEqualTo(200);

        Http.Reply seen = servers.get(1).get("/v1/orders/" + id);
        assertThat(seen.text("status")).isEqualTo("fulfilled");
        assertThat(seen.json().at("/closed").asBoolean()).isTrue();
        assertThat(servers.get(2)
                        .json("POST", "/v1/orders/" + id + "/cancel", "{\"reason\":\"late\"}")
                        .text("code"))
                .isEqualTo("units-not-in-state");
    }

    @Test
    void theSameOrderSentToAllAtOnceIsTakenOnce() {
        List<Http.Reply> replies = atOnce(9, i -> order("web", "thrice-1", "A", 1));

        assertThat(replies.stream().filter(r -> r.status() == 201)).hasSize(1);
        assertThat(replies).allSatisfy(r -> assertThat(r.status()).isIn(200, 201));
        assertThat(replies.stream().map(r -> r.text("id")).distinct()).hasSize(1);
    }

    @Test
    void theLastUnitsAreSoldOnceWhoeverIsAsked() {
        List<Http.Reply> replies = atOnce(60, i -> order("app", "last-" + i, "B", 1));

        assertThat(replies.stream().filter(r -> r.status() == 201)).hasSize(20);
        assertThat(replies.stream()
                        .filter(r -> r.status() != 201)
                        .map(r -> r.text("code"))
                        .distinct())
                .containsExactly("insufficient-supply");
    }

    @Test
    void aNodeIsGivenNoMoreThanItCanDoInADayOverAllServersAndOrders() {
        node("SMALL", 5, "D");
        servers.forEach(
                server -> assertThat(server.get("/v1/nodes/SMALL").status()).isEqualTo(200));

        List<Http.Reply> replies = atOnce(12, i -> order("web", "busy-" + i, "D", 1));

        TreeMap<String, Integer> byDay = new TreeMap<>();
        replies.forEach(r -> byDay.merge(capacityDay(r.text("id")), 1, Integer::sum));
        assertThat(byDay.values()).containsExactly(5, 5, 2);
    }

    @Test
    void cancelledWorkMakesRoomForOtherWork() {
        node("TINY", 3, "E");
        Http admin = servers.getFirst();
        Http.Reply first = admin.json("POST", "/v1/orders", order("web", "room-1", "E", 3));
        String today = first.text("/fulfilmentOrders/0/capacityDay");
        String later = admin.json("POST", "/v1/orders", order("web", "room-2", "E", 3))
                .text("/fulfilmentOrders/0/capacityDay");
        admin.json("POST", "/v1/orders/" + first.text("id") + "/cancel", "{\"reason\":\"changed\"}");

        Http.Reply third = admin.json("POST", "/v1/orders", order("web", "room-3", "E", 3));

        assertThat(later).isGreaterThan(today);
        assertThat(third.text("/fulfilmentOrders/0/capacityDay")).isEqualTo(today);
    }

    @Test
    void aDayThatIsFullHasRoomAgainWhenTheNodeCanDoMoreAndNoneWhenItCanDoLess() {
        node("GROWS", 3, "F");
        Http admin = servers.getFirst();
        String today = admin.json("POST", "/v1/orders", order("web", "grows-0", "F", 3))
                .text("/fulfilmentOrders/0/capacityDay");

        capacity("GROWS", 5);
        String more = dayOnceItIs(today, "grows-more-", "F", true);
        capacity("GROWS", 1);
        String less = dayOnceItIs(today, "grows-less-", "F", false);

        assertThat(more).isEqualTo(today);
        assertThat(less).isGreaterThan(today);
    }

    @Test
    void anOrderThatWaitsForRoomGoesOnWhenThereIsRoom() {
        node("FULL", 0, "R");
        String order = servers.getFirst()
                .json("POST", "/v1/orders", order("web", "room-0", "R", 3))
                .text("id");
        String asLongAsItIsFull = capacityDay(order);

        capacity("FULL", 5);

        assertThat(asLongAsItIsFull).isEmpty();
        assertThat(capacityDay(order)).isNotEmpty();
    }

    private static void capacity(String code, int dailyCapacity) {
        servers.getFirst().json("PUT", "/v1/nodes", """
                [{"code": "%s", "type": "store", "dailyCapacity": %d}]
                """.formatted(code, dailyCapacity));
    }

    /** Orders one unit after the other, each cancelled again, until one leaves (or does not leave) on the day. */
    private static String dayOnceItIs(String day, String externalId, String sku, boolean onTheDay) {
        String last = "";
        for (int i = 0; i < 100 && (last.isEmpty() || last.equals(day) != onTheDay); i++) {
            Http admin = servers.getFirst();
            Http.Reply placed = admin.json("POST", "/v1/orders", order("web", externalId + i, sku, 1));
            last = placed.text("/fulfilmentOrders/0/capacityDay");
            admin.json("POST", "/v1/orders/" + placed.text("id") + "/cancel", "{\"reason\":\"a try\"}");
            pause();
        }
        return last;
    }

    /** A new node that can do so much in a day, with plenty of a new item. */
    private static void node(String code, int dailyCapacity, String sku) {
        Http admin = servers.getFirst();
        admin.json("PUT", "/v1/items", "[{\"sku\": \"%s\"}]".formatted(sku));
        admin.json("PUT", "/v1/nodes", """
                [{"code": "%s", "type": "store", "dailyCapacity": %d}]
                """.formatted(code, dailyCapacity));
        admin.ndjson("/v1/stock/snapshot", "{\"sku\":\"%s\",\"node\":\"%s\",\"quantity\":1000}".formatted(sku, code));
    }

    /** Of an order's only fulfilment order; one that was asked for before the stock was heard of is sourced a moment later. */
    private static String capacityDay(String order) {
        String day = "";
        for (int i = 0; i < 100 && day.isEmpty(); i++) {
            day = servers.getFirst().get("/v1/orders/" + order).text("/fulfilmentOrders/0/capacityDay");
            pause();
        }
        return day;
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Body {
        String of(int i);
    }

    private static List<Http.Reply> atOnce(int requests, Body body) {
        List<CompletableFuture<Http.Reply>> sent = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            int number = i;
            sent.add(CompletableFuture.supplyAsync(
                    () -> servers.get(number % servers.size()).json("POST", "/v1/orders", body.of(number)),
                    task -> Thread.ofVirtual().start(task)));
        }
        return sent.stream().map(CompletableFuture::join).toList();
    }
}
