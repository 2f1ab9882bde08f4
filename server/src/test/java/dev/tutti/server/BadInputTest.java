package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong input gets a clear answer, with the place and the reason, and never a 500. */
class BadInputTest {
    private static final String GOOD = """
            {"channel":"web","externalId":"bad-1","customer":"c","currency":"EUR","priority":0,
             "shipTo":{"name":"Ada","street":["1 Main"],"city":"London","country":"GB"},
             "lines":[{"sku":"A","quantity":1,"unitPrice":100,"discount":0,"tax":0,"shipGroup":1,"splittable":true},
                      {"sku":"B","quantity":2,"unitPrice":50}],
             "discount":0,"shipping":0,"total":200,"attributes":{"a":"b"}}
            """;

    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 100);
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "channel":"web"      | "channel":"none"                 | 422 | unknown-channel   | channel
            "channel":"web"      | "channel":null                   | 422 | invalid-field     | channel
            "channel":"web",     |                                  | 422 | missing-field     | channel
            "externalId":"bad-1" | "externalId":""                  | 422 | invalid-field     | externalId
            "externalId":"bad-1" | "externalId":17                  | 422 | invalid-field     | externalId
            "externalId":"bad-1" | "externalId":"a\\u0000b"         | 422 | invalid-field     | externalId
            "externalId":"bad-1" | "externalId":"a\\ud800b"         | 422 | invalid-field     | externalId
            "externalId":"bad-1" | "externalId":"a\\udc00"          | 422 | invalid-field     | externalId
            "customer":"c"       | "customer":{"id":"c"}            | 422 | invalid-field     | customer
            "customer":"c"       | "customer":"c","customer":"d"    | 422 | duplicate-field   | customer
            "customer":"c"       | "custommer":"c"                  | 422 | unknown-field     | custommer
            "currency":"EUR"     | "currency":"USD"                 | 422 | currency-mismatch | currency
            "currency":"EUR"     | "currency":"euro"                | 422 | invalid-field     | currency
            "priority":0         | "placedAt":"9999-12-31T23:59:59Z" | 422 | invalid-field    | placedAt
            "priority":0         | "placedAt":"+999999999-12-31T23:59:59Z" | 422 | invalid-field | placedAt
            "priority":0         | "placedAt":"2026-02-30T00:00:00Z" | 422 | invalid-field    | placedAt
            "priority":0         | "placedAt":"yesterday"           | 422 | invalid-field     | placedAt
            "priority":0         | "placedAt":1700000000            | 422 | invalid-field     | placedAt
            "priority":0         | "priority":1e3                   | 422 | invalid-field     | priority
            "country":"GB"       | "country":"Britain"              | 422 | invalid-field     | shipTo.country
            "country":"GB"       | "land":"GB"                      | 422 | unknown-field     | shipTo.land
            "street":["1 Main"]  | "street":["a",["b"]]             | 422 | invalid-field     | shipTo.street[1]
            "city":"London"      | "location":{"latitude":91,"longitude":0} | 422 | invalid-field | shipTo.location.latitude
            "city":"London"      | "location":{"latitude":1}        | 422 | missing-field     | shipTo.location.longitude
            "sku":"B"            | "sku":"none"                     | 422 | unknown-item      | lines[1].sku
            "sku":"B",           |                                  | 422 | missing-field     | lines[1].sku
            "quantity":2         | "quantity":0                     | 422 | invalid-field     | lines[1].quantity
            "quantity":2         | "quantity":-1                    | 422 | invalid-field     | lines[1].quantity
            "quantity":2         | "quantity":2147483648            | 422 | invalid-field     | lines[1].quantity
            "quantity":2         | "quantity":9223372036854775808   | 422 | invalid-field     | lines[1].quantity
            "quantity":2         | "quantity":1.5                   | 422 | invalid-field     | lines[1].quantity
            "quantity":2         | "quantity":2.0                   | 422 | invalid-field     | lines[1].quantity
            "quantity":2         | "quantity":"2"                   | 422 | invalid-field     | lines[1].quantity
            "quantity":2         | "quantity":null                  | 422 | invalid-field     | lines[1].quantity
            "quantity":2         | "quantity":true                  | 422 | invalid-field     | lines[1].quantity
            "quantity":2         | "quantity":NaN                   | 400 | malformed-json    | lines[1].quantity
            "quantity":2         | "quantity":02                    | 400 | malformed-json    | lines[1].quantity
            "unitPrice":50       | "unitPrice":-50                  | 422 | invalid-field     | lines[1].unitPrice
            "unitPrice":50       | "unitPrice":0.5                  | 422 | invalid-field     | lines[1].unitPrice
            "unitPrice":50       | "unitPrice":10000000000000000000000 | 422 | invalid-field  | lines[1].unitPrice
            "unitPrice":100      | "unitPrice":99                   | 422 | amounts-disagree  | total
            "discount":0,"tax"   | "discount":101,"tax"             | 422 | amounts-disagree  | lines[0].discount
            "discount":0,"shipping" | "discount":500,"shipping"     | 422 | amounts-disagree  | discount
            "total":200          | "total":201                      | 422 | amounts-disagree  | total
            "shipGroup":1        | "shipGroup":2                    | 422 | invalid-field     | lines[0].shipGroup
            "splittable":true    | "splittable":"true"              | 422 | invalid-field     | lines[0].splittable
            "attributes":{"a":"b"} | "attributes":{"a":1}           | 422 | invalid-field     | attributes.a
            "attributes":{"a":"b"} | "attributes":{"a":"b","a":"c"} | 422 | duplicate-field   | attributes.a
            "attributes":{"a":"b"} | "attributes":{"\\u0000":"b"}   | 422 | invalid-field     | attributes.\uFFFD
            "attributes":{"a":"b"} | "attributes":[]                | 422 | invalid-field     | attributes
            "lines":[            | "lines":[],"attributes":{},"x":[ | 422 | unknown-field     | x
            "shipTo":{           | "shipGroups":[],"shipTo":{       | 422 | invalid-field     | shipGroups
            "shipTo":{           | "shipGroups":[{"method":"fly"}],"shipTo":{ | 422 | invalid-field | shipGroups[0].method
            "shipTo":{           | "shipGroups":[{"method":"ship"}],"shipTo":{ | 422 | missing-field | shipGroups[0].address
            "shipTo":{           | "shipGroups":[{"method":"pick-up","pickUpNode":"none"}],"shipTo":{ | 422 | unknown-node | shipGroups[0].pickUpNode
            "shipTo":{           | "shipGroups":[{"method":"pick-up","pickUpNode":"S1"}],"shipTo":{ | 422 | invalid-field | shipTo
            "total":200,         | "total":200,,                    | 400 | malformed-json    | total
            """)
    void anOrderWithOneThingWrong(String good, String bad, int status, String code, String path) {
        assertThat(GOOD).contains(good);

        Http.Reply reply = admin.json("POST", "/v1/orders", GOOD.replace(good, bad == null ? "" : bad));

        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.text("code")).isEqualTo(code);
        assertThat(reply.text("path")).isEqualTo(path);
        assertThat(reply.text("detail")).isNotBlank();
        assertThat(reply.text("type")).isEqualTo("/problems/" + code);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(admin.get("/v1/channels/web/orders/bad-1").status()).isEqualTo(404);
    }

    @Test
    void malformedJsonIsPointedAtByLineAndColumn() {
        Http.Reply reply = admin.json("POST", "/v1/orders", "{\n  \"channel\": \"web\",\n  \"externalId\" \"x\"}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("detail")).startsWith("line 3, column 17: ");
    }

    @Test
    void aBrokenQueryIsTheCallersFault() throws IOException {
        for (String query : List.of("q=%", "q=%zz", "q=%ff%fe")) {
            assertThat(statusOf("/openapi.json?" + query)).as(query).isEqualTo(400);
        }
    }

    @Test
    void aBodyInChunksThatAreNoneIsTheCallersFault() throws IOException {
        assertThat(
                        statusOf(
                                "POST /v1/orders",
                                "Authorization: Bearer " + hub.adminKey()
                                        + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"))
                .isEqualTo(400);
    }

    private static int statusOf(String path) throws IOException {
        return statusOf("GET " + path, "\r\n");
    }

    /** By hand, for no client sends what is no address. */
    private static int statusOf(String line, String rest) throws IOException {
        try (Socket socket = new Socket("localhost", hub.port())) {
            socket.getOutputStream()
                    .write((line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + rest)
                            .getBytes(StandardCharsets.US_ASCII));
            return Integer.parseInt(
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split(" ", 3)[1]);
        }
    }

    @Test
    void malformedJsonIsToldInOurOwnWords() {
        for (String body : List.of("{\"total\":NaN}", "{\"total\":nul}", "{\"total\":1", "{\"total\" 1}", "{'a':1}")) {
            assertThat(admin.json("POST", "/v1/orders", body).text("detail"))
                    .doesNotContain("JsonReadFeature", "token", "Unexpected", "code ");
        }
    }

    @Test
    void whatIsNotAnOrderAtAllIsRefused() {
        List<String> wrong = new ArrayList<>();
        for (String body : List.of(
                "",
                " ",
                "null",
                "[]",
                "7",
                "\"text\"",
                "{",
                "}",
                "{}{}",
                GOOD + "x",
                "[".repeat(10_000),
                "{\"a\":".repeat(10_000),
                "{\"attributes\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
                "9".repeat(100_000),
                "{\"channel\":" + "1".repeat(10_000) + "}",
                "{\"" + "n".repeat(100_000) + "\":1}",
                "{\"channel\":\"" + "x".repeat(1_000_000) + "\"}",
                "\u0000",
                "\uFEFF{}",
                "// comment\n{}",
                "{'channel':'web'}")) {
            Http.Reply reply = admin.json("POST", "/v1/orders", body);
            if ((reply.status() != 400 && reply.status() != 422)
                    || reply.text("detail").isBlank()) {
                wrong.add(body.substring(0, Math.min(30, body.length())) + " → " + reply.status() + reply.text());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void brokenAndOtherEncodingsAreRefused() {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        List<byte[]> bodies = new ArrayList<>();
        for (int[] bytes : new int[][] {{0xC3, 0x28}, {0xFF}, {0xE2, 0x82}, {0xED, 0xA0, 0x80}, {0xC0, 0x80}, {0x80}}) {
            byte[] broken = GOOD.replace("Ada", "A??????").getBytes(StandardCharsets.UTF_8);
            int at = GOOD.indexOf("Ada") + 1;
            for (int i = 0; i < bytes.length; i++) {
                broken[at + i] = (byte) bytes[i];
            }
            bodies.add(broken);
        }
        bodies.add(GOOD.getBytes(StandardCharsets.UTF_16));
        bodies.add(GOOD.getBytes(StandardCharsets.UTF_16LE));
        bodies.add(java.util.Arrays.copyOf(good, good.length / 2));
        for (byte[] body : bodies) {
            Http.Reply reply = admin.bytes("POST", "/v1/orders", body, "application/json");
            assertThat(reply.status()).as(reply.text()).isIn(400, 422);
        }
    }

    @Test
    void whatIsTooLargeIsRefusedHoweverItIsSent() {
        byte[] tenMegabytes = ("{\"channel\":\"" + "x".repeat(10 << 20) + "\"}").getBytes(StandardCharsets.UTF_8);

        Http.Reply reply = admin.bytes("POST", "/v1/orders", tenMegabytes, "application/json");

        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.text("code")).isEqualTo("content-too-large");
    }

    @Test
    void theWrongContentTypeMethodPathAndHeadersAreRefused() {
        byte[] body = GOOD.getBytes(StandardCharsets.UTF_8);
        for (String type : List.of("text/plain", "application/xml", "application/json; charset=latin1", "json")) {
            assertThat(admin.bytes("POST", "/v1/orders", body, type).text("code"))
                    .isEqualTo("unsupported-media-type");
        }
        assertThat(admin.send("POST", "/v1/orders").status()).isEqualTo(415);
        for (String method : List.of("PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND")) {
            Http.Reply reply = admin.send(method, "/v1/orders");
            assertThat(reply.status()).as(method).isEqualTo(405);
            assertThat(reply.header("Allow")).isEqualTo("GET, POST");
        }
        for (String path : List.of("/v1", "/v1/orders/", "/v1//orders", "/v1/orders/1/2", "/v2/orders", "/v1/..%2f")) {
            assertThat(admin.get(path).status()).as(path).isEqualTo(404);
        }
        for (String id : List.of("x", "-1", "1.5", "99999999999999999999", "%00", "1%20", "%F0%9F%92%A9")) {
            assertThat(admin.get("/v1/orders/" + id).status()).as(id).isIn(400, 404);
        }
        for (String query : List.of(
                "extra=1",
                "externalId=%00",
                "channel=web&channel=web",
                "q=" + "x".repeat(2_000),
                "sort=colour",
                "status=gone",
                "placedFrom=yesterday",
                "placedBefore=9999-01-01",
                "exception=maybe",
                "after=x",
                "after=MSA5OTk5LTk5LTk5&sort=placedAt",
                "limit=0")) {
            assertThat(admin.get("/v1/orders?" + query).status()).as(query).isIn(400, 422);
        }
        for (String limit : List.of("0", "-1", "1001", "x", "99999999999")) {
            assertThat(admin.get("/v1/items?limit=" + limit).text("path")).isEqualTo("limit");
        }
        assertThat(admin.json("POST", "/v1/orders", GOOD, "Idempotency-Key", "x".repeat(201))
                        .text("path"))
                .isEqualTo("Idempotency-Key");
        assertThat(admin.json("POST", "/v1/orders/1/cancel", "{\"reason\":\"r\"}", "If-Match", "*")
                        .text("path"))
                .isEqualTo("If-Match");
    }

    @Test
    void masterDataWithSomethingWrongIsRefusedWithItsPlace() {
        String[][] cases = {
            {"/v1/items", "[{\"sku\":\"ok\"},{\"sku\":\"x\",\"price\":1}]", "unknown-field", "[1].price"},
            {"/v1/items", "[{\"sku\":\"" + "x".repeat(101) + "\"}]", "invalid-field", "[0].sku"},
            {"/v1/items", "{\"sku\":\"x\"}", "invalid-field", ""},
            {"/v1/nodes", "[{\"code\":\"N\"}]", "missing-field", "[0].type"},
            {"/v1/nodes", "[{\"code\":\"*\",\"type\":\"store\"}]", "invalid-field", "[0].code"},
            {"/v1/nodes", "[{\"code\":\"N\",\"type\":\"STORE\"}]", "invalid-field", "[0].type"},
            {"/v1/nodes", node("\"zone\":\"Mars/Base\",\"cutOff\":\"12:00\""), "invalid-field", "[0].calendar.zone"},
            {"/v1/nodes", node("\"zone\":\"UTC\",\"cutOff\":\"25:00\""), "invalid-field", "[0].calendar.cutOff"},
            {
                "/v1/nodes",
                node("\"zone\":\"UTC\",\"cutOff\":\"12:00\",\"workdays\":[]"),
                "invalid-field",
                "[0].calendar.workdays"
            },
            {
                "/v1/nodes",
                node("\"zone\":\"UTC\",\"cutOff\":\"12:00\",\"holidays\":[\"9999-01-01\"]"),
                "invalid-field",
                "[0].calendar.holidays[0]"
            },
            {
                "/v1/nodes",
                node("\"zone\":\"UTC\",\"cutOff\":\"12:00\",\"workdays\":[\"monday\",\"monday\"]"),
                "invalid-field",
                "[0].calendar.workdays"
            },
            {
                "/v1/nodes",
                store("\"hours\":[{\"days\":[\"monday\",\"monday\"],\"from\":\"09:00\",\"to\":\"18:00\"}]"),
                "invalid-field",
                "[0].handling.pickUp.hours[0].days"
            },
            {
                "/v1/nodes",
                store("\"perSlot\":5,\"hours\":[{\"days\":[\"monday\"],\"from\":\"09:00\",\"to\":\"18:00\"}]"),
                "invalid-field",
                "[0].handling.pickUp.perSlot"
            },
            {"/v1/nodes", store("\"slotMinutes\":30,\"hours\":[]"), "invalid-field", "[0].handling.pickUp"},
            {"/v1/channels", "[{\"code\":\"c\",\"currency\":\"XYZ\"}]", "invalid-field", "[0].currency"},
            {"/v1/channels", "[{\"code\":\"c\",\"currency\":\"EUR\",\"flow\":\"none\"}]", "unknown-flow", "[0].flow"},
        };
        for (String[] wrong : cases) {
            Http.Reply reply = admin.json("PUT", wrong[0], wrong[1]);
            assertThat(reply.status()).as(wrong[1]).isEqualTo(422);
            assertThat(reply.text("code")).as(wrong[1]).isEqualTo(wrong[2]);
            assertThat(reply.text("path")).as(wrong[1]).isEqualTo(wrong[3]);
        }
        assertThat(admin.get("/v1/items/ok").status()).isEqualTo(404);
    }

    private static String node(String calendar) {
        return "[{\"code\":\"N\",\"type\":\"store\",\"calendar\":{%s}}]".formatted(calendar);
    }

    private static String store(String pickUp) {
        return "[{\"code\":\"N\",\"type\":\"store\",\"calendar\":{\"zone\":\"UTC\",\"cutOff\":\"12:00\"},\"handling\":{\"pickUp\":{%s}}}]"
                .formatted(pickUp);
    }

    /** Whatever single byte of an order is changed, the answer is one of the expected kinds and never a 500. */
    @Test
    void noChangeOfASingleByteUpsetsTheServer() {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        byte[] changes = {0, '"', '{', '}', '[', ',', '9', '-', ' ', (byte) 0xC3, (byte) 0xFF, '\\'};
        for (int at = 0; at < good.length; at += Boolean.getBoolean("tutti.deep") ? 1 : 7) {
            for (byte change : changes) {
                byte[] body = good.clone();
                body[at] = change;
                Http.Reply reply = admin.bytes("POST", "/v1/orders", body, "application/json");
                assertThat(reply.status())
                        .as(() -> "byte %d: %s".formatted((int) change, new String(body, StandardCharsets.ISO_8859_1)))
                        .isIn(200, 201, 400, 409, 422);
            }
        }
    }
}
