package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Stock, items, nodes and channels: sent in bulk, read back. */
class StockOverHttpTest {
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

    private static int onHand(String sku, String node) {
        return admin.get("/v1/stock?sku=" + sku + "&node=" + node)
                .json()
                .at("/positions/0/onHand")
                .asInt();
    }

    @Test
    void snapshotsDeltasAndSalesAddUp() {
        String line = "{\"sku\":\"A\",\"node\":\"S1\",\"quantity\":%d}\n";
        admin.ndjson("/v1/stock/snapshot", line.formatted(10));
        admin.ndjson("/v1/stock/delta", line.formatted(5) + line.formatted(-2));
        admin.ndjson("/v1/stock/sales", line.formatted(4));
        admin.ndjson("/v1/stock/returns", line.formatted(3));
        admin.ndjson("/v1/stock/settings", "{\"sku\":\"A\",\"node\":\"S1\",\"backorderCap\":3,\"safetyStock\":1}");

        JsonNode position = admin.get("/v1/stock?sku=A").json().at("/positions/0");

        assertThat(position.at("/onHand").asInt()).isEqualTo(12);
        assertThat(position.at("/available").asInt()).isEqualTo(14);
        assertThat(position.at("/backorderCap").asInt()).isEqualTo(3);
        assertThat(position.at("/safetyStock").asInt()).isEqualTo(1);
    }

    @Test
    void whatAChannelCanSellIsToldNodeByNode() {
        String line = "{\"sku\":\"C\",\"node\":\"%s\",\"quantity\":%d}\n";
        admin.ndjson("/v1/stock/snapshot", line.formatted("DC", 7) + line.formatted("S1", 2));

        JsonNode item = admin.get("/v1/availability?channel=web&sku=C").json().at("/items/0");
        JsonNode atS1 =
                admin.get("/v1/availability?channel=web&sku=C,B&node=S1").json().at("/items/0");

        assertThat(item.at("/ship").asInt()).isEqualTo(9);
        assertThat(item.at("/pickUp").asInt()).isEqualTo(2);
        assertThat(item.at("/nodes")).hasSize(2);
        assertThat(atS1.at("/ship").asInt()).isEqualTo(2);
        assertThat(admin.get("/v1/availability?channel=web&sku=none").text("path"))
                .isEqualTo("sku");
        assertThat(admin.get("/v1/availability?channel=none&sku=C").text("path"))
                .isEqualTo("channel");
        assertThat(admin.get("/v1/availability?sku=C").text("path")).isEqualTo("channel");
        assertThat(admin.get("/v1/availability?channel=web&sku=" + "C,".repeat(60) + "C")
                        .text("path"))
                .isEqualTo("sku");
    }

    @Test
    void whatTheServerCountsIsToldToPrometheus() {
        admin.get("/v1/stock?sku=A");

        Http.Reply told = admin.get("/v1/metrics", "Accept", "text/plain");

        assertThat(told.text())
                .contains("tutti_http_seconds_count{method=\"GET\",route=\"/v1/stock\",status=\"200\"}")
                .contains("tutti_commands_committed_total")
                .contains("jvm_memory_used_bytes");
        assertThat(admin.get("/v1/metrics").json().at("/commandsWaiting").isMissingNode())
                .isFalse();
    }

    @Test
    void moreThanCanBeThereIsRefused() {
        String line = "{\"sku\":\"A\",\"node\":\"S2\",\"quantity\":%d}\n";
        admin.ndjson("/v1/stock/snapshot", line.formatted(999_999_999));

        JsonNode one =
                admin.ndjson("/v1/stock/delta", line.formatted(1)).lines().getFirst();
        JsonNode two =
                admin.ndjson("/v1/stock/delta", line.formatted(1)).lines().getFirst();

        assertThat(one.at("/status").asInt()).isEqualTo(200);
        assertThat(two.at("/status").asInt()).isEqualTo(422);
        assertThat(two.at("/problem/path").asString()).isEqualTo("quantity");
        assertThat(onHand("A", "S2")).isEqualTo(1_000_000_000);
    }

    @Test
    void aFileOfDeltasWithAKeyIsTakenOnceHoweverOftenItIsSent() {
        String file = "{\"sku\":\"B\",\"node\":\"S1\",\"quantity\":1}\n".repeat(1_200);

        Http.Reply first = admin.ndjson("/v1/stock/delta", file, "Idempotency-Key", "deltas");
        Http.Reply again = admin.ndjson("/v1/stock/delta", file, "Idempotency-Key", "deltas");

        assertThat(first.lines())
                .hasSize(1_200)
                .allMatch(line -> line.at("/status").asInt() == 200);
        assertThat(again.lines())
                .hasSize(1_200)
                .allMatch(line -> line.at("/replayed").asBoolean());
        assertThat(onHand("B", "S1")).isEqualTo(1_200);
    }

    @Test
    void aBadLineIsAnsweredAndTheOthersAreTaken() {
        Http.Reply reply = admin.ndjson("/v1/stock/snapshot", """
                {"sku":"C","node":"S1","quantity":7}
                {"sku":"none","node":"S1","quantity":7}
                {"sku":"C","node":"none","quantity":7}
                {"sku":"C","node":"S1","quantity":-1}
                {"sku":"C","node":"S1","quantity":2147483648}
                {"sku":"C","node":"S1"}
                {"sku":"C","node":"S1","quantity":7,"safetyStock":1}
                {"sku":"C","node":"S2","quantity":8}
                """);

        assertThat(reply.lines().stream().map(l -> l.at("/status").asInt()))
                .containsExactly(200, 422, 422, 422, 422, 422, 422, 200);
        assertThat(reply.lines().stream().map(l -> l.at("/problem/path").asString()))
                .containsExactly("", "sku", "node", "quantity", "quantity", "quantity", "safetyStock", "");
        assertThat(onHand("C", "S1")).isEqualTo(7);
        assertThat(onHand("C", "S2")).isEqualTo(8);
    }

    @Test
    void itemsAreTakenByLineReadOneByOneAndInPages() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 2_500; i++) {
            lines.append("{\"sku\":\"P/%04d ü\",\"description\":\"d\",\"attributes\":{\"k\":\"v\"}}\n".formatted(i));
        }
        lines.append("{\"sku\":\"\"}\n");

        Http.Reply reply = admin.bytes(
                "PUT",
                "/v1/items",
                lines.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "application/x-ndjson; charset=UTF-8");

        assertThat(reply.lines()).hasSize(2_501);
        assertThat(reply.lines().getLast().at("/problem/path").asString()).isEqualTo("sku");
        assertThat(admin.get("/v1/items/P%2F0007%20%C3%BC").text("/attributes/k"))
                .isEqualTo("v");
        assertThat(admin.get("/v1/items/none").status()).isEqualTo(404);
        int found = 0;
        String after = "P";
        while (!after.isEmpty()) {
            Http.Reply page = admin.get("/v1/items?limit=1000&after="
                    + java.net.URLEncoder.encode(after, java.nio.charset.StandardCharsets.UTF_8));
            found += page.json().at("/items").size();
            after = page.text("next");
        }
        assertThat(found).isEqualTo(2_500);
    }

    @Test
    void nodesAndChannelsComeBackAsTheyWereSent() {
        String node = """
                {"code":"X1","type":"store","location":{"latitude":51.5,"longitude":-0.1},
                 "calendar":{"zone":"Europe/London","workdays":["monday","friday"],"holidays":["2026-12-25"],
                 "cutOff":"14:30"},"dailyCapacity":50,
                 "costs":{"perPackage":1,"perUnit":2,"perUnitMile":3,"perDayLate":4},"legalEntity":"GB01",
                 "ships":true,"handsOut":false,"active":true,"attributes":{"region":"south"}}""".replaceAll("\n *", "");
        String channel =
                "{\"code\":\"x-web\",\"currency\":\"GBP\",\"flow\":\"ship\",\"fulfilmentFlow\":\"\",\"returnFlow\":\"\",\"brand\":\"B\",\"legalEntity\":\"GB01\"}";

        assertThat(admin.json("PUT", "/v1/nodes", "[" + node + "]").status()).isEqualTo(200);
        assertThat(admin.json("PUT", "/v1/channels", "[" + channel + "]").status())
                .isEqualTo(200);

        assertThat(admin.get("/v1/nodes/X1").text()).isEqualTo(node);
        assertThat(admin.get("/v1/channels/x-web").text()).isEqualTo(channel);
        assertThat(admin.get("/v1/nodes?limit=1").text("next")).isEqualTo("DC");
        assertThat(admin.get("/v1/channels?after=web").text()).contains("x-web").doesNotContain("\"web\"");
    }

    @Test
    void anArrayIsTakenWholeOrNotAtAll() {
        Http.Reply refused = admin.json("PUT", "/v1/items", "[{\"sku\":\"whole\"},{\"sku\":\"whole\"}]");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("path")).isEqualTo("[1]");
        assertThat(admin.get("/v1/items/whole").status()).isEqualTo(404);
    }

    @Test
    void aFileSentAgainUnderItsKeyIsTakenOnceThoughABadLineHasBecomeGoodAndMoreLinesCome() {
        StringBuilder file = new StringBuilder();
        for (int line = 1; line <= 1_200; line++) {
            String sku = line == 10 ? "LATER" : "RESENT";
            file.append("{\"sku\":\"%s\",\"node\":\"DC\",\"quantity\":1}\n".formatted(sku));
        }
        admin.json("PUT", "/v1/items", "[{\"sku\": \"RESENT\"}]");
        String cutOff = file.substring(0, file.indexOf("\n", file.length() * 2 / 3) + 1);
        Http.Reply first = admin.ndjson("/v1/stock/delta", cutOff, "Idempotency-Key", "resent");
        admin.json("PUT", "/v1/items", "[{\"sku\": \"LATER\"}]");

        Http.Reply again = admin.ndjson("/v1/stock/delta", file.toString(), "Idempotency-Key", "resent");

        assertThat(first.lines().get(9).at("/status").asInt()).isEqualTo(422);
        assertThat(again.lines())
                .allSatisfy(line -> assertThat(line.at("/status").asInt()).isEqualTo(200));
        assertThat(onHand("RESENT", "DC")).isEqualTo(1_199);
        assertThat(onHand("LATER", "DC")).isEqualTo(1);
    }

    @Test
    void whoeverFollowsAChannelHearsOfWhatHasChangedEnough() {
        admin.json("PUT", "/v1/items", "[{\"sku\":\"FOLLOWED\"}]");
        String count = "{\"sku\":\"FOLLOWED\",\"node\":\"DC\",\"quantity\":%d}";
        admin.ndjson("/v1/stock/snapshot", count.formatted(100));
        Http.Reply first = admin.get("/v1/availability/changes?channel=web&limit=1000");
        assertThat(first.json().at("/fromTheBeginning").asBoolean()).isTrue();
        assertThat(first.text()).contains("{\"sku\":\"FOLLOWED\",\"ship\":100,\"pickUp\":0}");

        admin.ndjson("/v1/stock/snapshot", count.formatted(95));
        Http.Reply little = admin.get("/v1/availability/changes?channel=web&wait=1&after=" + first.text("next"));
        assertThat(little.text()).doesNotContain("FOLLOWED");
        admin.ndjson("/v1/stock/snapshot", count.formatted(89));
        Http.Reply enough = admin.get("/v1/availability/changes?channel=web&wait=5&after=" + little.text("next"));
        assertThat(enough.text()).contains("\"sku\":\"FOLLOWED\",\"ship\":89");
        admin.ndjson("/v1/stock/snapshot", count.formatted(3));
        admin.ndjson("/v1/stock/snapshot", count.formatted(0));
        Http.Reply none = admin.get("/v1/availability/changes?channel=web&wait=5&after=" + enough.text("next"));
        assertThat(none.json().at("/fromTheBeginning").asBoolean()).isFalse();
        // Each item once, with the newest.
        String newest = none.text();
        for (int i = 0; i < 50 && !newest.contains("\"ship\":0"); i++) {
            newest = admin.get("/v1/availability/changes?channel=web&wait=1&after=" + enough.text("next"))
                    .text();
        }
        assertThat(newest).contains("\"ship\":0").doesNotContain("\"ship\":3,");
        assertThat(admin.get("/v1/availability/changes?channel=web&after=zz-5&limit=1")
                        .json()
                        .at("/fromTheBeginning")
                        .asBoolean())
                .isTrue();
        assertThat(admin.get("/v1/availability/changes?channel=web&after=?").text("code"))
                .isEqualTo("invalid-field");
    }
}
