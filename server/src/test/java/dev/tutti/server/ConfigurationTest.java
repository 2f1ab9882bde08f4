package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The configuration as a whole, over HTTP: planned, applied as one version, refused with all that is wrong. */
class ConfigurationTest {
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

    private static Http.Reply plan(String document) {
        return admin.json("POST", "/v1/configuration/plan", document);
    }

    private static Http.Reply apply(String fields) {
        return admin.json(
                "POST", "/v1/configuration/apply", "{\"author\":\"ada\",\"reason\":\"a test\",%s}".formatted(fields));
    }

    private static JsonNode newest() {
        return admin.get("/v1/configuration/versions?limit=1").json().at("/versions/0");
    }

    private static long version() {
        return newest().path("version").asLong();
    }

    private static List<String> words(Http.Reply reply, String list) {
        List<String> words = new ArrayList<>();
        for (JsonNode entry : reply.json().path(list)) {
            words.add(entry.isString() ? entry.asString() : entry.path("words").asString());
        }
        return words;
    }

    private static long count(String sql) {
        try (var connection = hub.server().engine().database().dataSource().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPlanSaysWhatIsNewWhatChangesFieldByFieldAndWhatIsLeftAlone() {
        apply("""
                "nodes":[{"code":"P1","type":"store","dailyCapacity":40,
                          "calendar":{"zone":"Europe/Berlin","cutOff":"15:00","holidays":["2026-12-25","2026-12-26"]}}]
                """);
        long before = version();

        Http.Reply plan = plan("""
                {"nodes":[{"code":"P1","type":"store","dailyCapacity":60,"location":{"latitude":52.5,"longitude":13},
                           "attributes":{"region":"north"},
                           "calendar":{"zone":"Europe/Berlin","cutOff":"14:00","holidays":["2026-12-24","2026-12-25"]}},
                          {"code":"DC","type":"distribution-centre"}],
                 "channels":[{"code":"P-shop","currency":"EUR"}],
                 "items":[{"sku":"A","description":"an A"},{"sku":"P-new"}]}
                """);

        assertThat(words(plan, "changes"))
                .containsExactly(
                        "node P1: location.latitude none → 52.5; location.longitude none → 13.0; calendar.holidays"
                                + " + 2026-12-24 − 2026-12-26; calendar.cutOff 15:00 → 14:00; dailyCapacity 40 → 60;"
                                + " attributes.region none → north",
                        "channel P-shop",
                        "item A: description \"\" → an A",
                        "item P-new");
        assertThat(plan.json().at("/changes/0/fields/0/path").asString()).isEqualTo("location.latitude");
        assertThat(plan.json().at("/changes/0/fields/4/before").asInt()).isEqualTo(40);
        assertThat(plan.json().at("/nodes/same").asInt()).isEqualTo(1);
        assertThat(words(plan, "leftAlone")).anyMatch(words -> words.contains("nodes: ") && words.contains("S1"));
        assertThat(words(plan, "leftAlone")).contains("2 channels: app, web");
        assertThat(plan.json().path("against").asLong()).isEqualTo(before);
        assertThat(version()).as("a plan changes nothing").isEqualTo(before);
        assertThat(admin.get("/v1/items/P-new").status()).isEqualTo(404);
    }

    @Test
    void whatIsAppliedIsOneVersionWithItsAuthorAndReason() {
        long before = version();

        Http.Reply applied = apply("""
                "nodes":[{"code":"V1","type":"store"}],"channels":[{"code":"V-shop","currency":"EUR"}],
                "items":[{"sku":"V-1"},{"sku":"V-2"}]
                """);

        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
        assertThat(applied.json().path("version").asLong()).isEqualTo(before + 1);
        JsonNode made = newest();
        assertThat(made.path("version").asLong()).isEqualTo(before + 1);
        assertThat(made.path("author").asString()).isEqualTo("ada");
        assertThat(made.path("actor").asString()).startsWith("key:");
        assertThat(made.path("reason").asString()).isEqualTo("a test");
        assertThat(made.path("change").asString()).isEqualTo("1 node, 1 channel, 2 items");
        assertThat(made.path("details").toString()).contains("node V1 is new", "item V-2 is new");
        assertThat(admin.get("/v1/nodes/V1").text("type")).isEqualTo("store");
        assertThat(admin.get("/v1/channels/V-shop").text("flow")).isEqualTo("ship");
    }

    @Test
    void whatIsThereAlreadyMakesNoVersionAndNoRow() {
        String same = "\"nodes\":[{\"code\":\"N1\",\"type\":\"store\"}],\"items\":[{\"sku\":\"N-1\"}]";
        apply(same);
        long before = version();
        long kept = count("select count(*) from node_history");

        Http.Reply again = apply(same);
        admin.json("PUT", "/v1/nodes", "[{\"code\":\"N1\",\"type\":\"store\"}]");
        admin.json("PUT", "/v1/items", "[{\"sku\":\"N-1\"}]");
        apply("\"nodes\":[{\"code\":\"N1\",\"type\":\"store\"},{\"code\":\"N2\",\"type\":\"store\"}]");

        assertThat(again.json().path("nothingToDo").asBoolean()).isTrue();
        assertThat(again.json().path("version").asLong()).isEqualTo(before);
        assertThat(version()).isEqualTo(before + 1);
        assertThat(count("select count(*) from node_history")).as("N2 alone").isEqualTo(kept + 1);
    }

    @Test
    void aPutMakesAVersionWithItsKeyAndNoReason() {
        long before = version();

        admin.json("PUT", "/v1/nodes", "[{\"code\":\"U1\",\"type\":\"store\"}]");
        admin.ndjson("/v1/items", ""); // no such route: nothing happens

        JsonNode made = newest();
        assertThat(made.path("version").asLong()).isEqualTo(before + 1);
        assertThat(made.path("author").asString()).isEqualTo(made.path("actor").asString());
        assertThat(made.path("reason").asString()).isEmpty();
        assertThat(made.path("change").asString()).isEqualTo("1 node");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnceAndNothingIsWritten() {
        long before = version();

        Http.Reply refused = apply("""
                "nodes":[{"code":"W1","type":"store"},
                         {"code":"W2","type":"shop","dailyCapacity":-1,"color":"red",
                          "calendar":{"zone":"Mars/Base","cutOff":"25:00","workdays":[]},"costs":{"perMile":1}},
                         {"type":"store"},
                         {"code":"W1","type":"store"},
                         {"code":"W4","type":"store","calendar":{"zone":"UTC"}},
                         {"code":"W5","type":"supplier","ships":false},
                         {"code":"W6","type":"store","ships":false,"handsOut":false,"active":false},
                         "W7"],
                "channels":[{"code":"w-shop","flow":"teleport"},{"code":"w-gold","currency":"XAU"}],
                "items":[{"sku":"W-ok"},{"sku":""},{"sku":"W-x","price":5,"attributes":{"a":1}}],
                "policies":[]
                """);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.text("code")).isEqualTo("configuration-refused");
        assertThat(refused.text("detail")).startsWith("19 things are wrong; nothing was changed. nodes[1].type: ");
        List<String> told = new ArrayList<>();
        refused.json()
                .path("problems")
                .forEach(p -> told.add(
                        p.path("path").asString() + " " + p.path("code").asString()));
        assertThat(told)
                .containsExactly(
                        "nodes[1].type invalid-field",
                        "nodes[1].dailyCapacity invalid-field",
                        "nodes[1].color unknown-field",
                        "nodes[1].calendar.zone invalid-field",
                        "nodes[1].calendar.cutOff invalid-field",
                        "nodes[1].calendar.workdays invalid-field",
                        "nodes[1].costs.perMile unknown-field",
                        "nodes[2].code missing-field",
                        "nodes[3].code invalid-field",
                        "nodes[4].calendar.cutOff missing-field",
                        "nodes[5] invalid-field",
                        "nodes[7] invalid-field",
                        "channels[0].currency missing-field",
                        "channels[1].currency invalid-field",
                        "items[1].sku invalid-field",
                        "items[2].price unknown-field",
                        "items[2].attributes.a invalid-field",
                        "policies unknown-field",
                        "channels[0].flow unknown-flow");
        assertThat(version()).isEqualTo(before);
        assertThat(admin.get("/v1/items/W-ok").status()).isEqualTo(404);
        assertThat(admin.get("/v1/nodes/W1").status()).isEqualTo(404);
    }

    @Test
    void aCalendarWithoutAWorkingDayIsRefused() {
        StringBuilder days = new StringBuilder();
        java.time.LocalDate from = java.time.LocalDate.now(java.time.ZoneOffset.UTC);
        for (int i = -2; i < 400; i++) {
            days.append(i == -2 ? "" : ",").append('"').append(from.plusDays(i)).append('"');
        }

        Http.Reply refused = apply("""
                "nodes":[{"code":"H1","type":"store","calendar":{"zone":"UTC","cutOff":"12:00","holidays":[%s]}}]
                """.formatted(days));

        assertThat(refused.text("/problems/0/path")).isEqualTo("nodes[0].calendar");
    }

    @Test
    void aVersionNeedsAReason() {
        Http.Reply refused = admin.json("POST", "/v1/configuration/apply", "{\"items\":[{\"sku\":\"R-1\"}]}");

        assertThat(refused.text("/problems/0/path")).isEqualTo("reason");
        assertThat(admin.get("/v1/items/R-1").status()).isEqualTo(404);
    }

    @Test
    void itIsAllOrNothingAlsoWhenTheDatabaseRefusesTheLastOfIt() {
        hub.server().engine().database().execute("""
                alter table item add constraint no_broken_items check (sku <> 'broken')
                """);
        long before = version();

        Http.Reply refused = apply("""
                "nodes":[{"code":"X1","type":"store"}],"channels":[{"code":"X-shop","currency":"EUR"}],
                "items":[{"sku":"X-1"},{"sku":"broken"}]
                """);

        assertThat(refused.status()).isGreaterThanOrEqualTo(400);
        assertThat(version()).isEqualTo(before);
        assertThat(admin.get("/v1/nodes/X1").status()).isEqualTo(404);
        assertThat(admin.get("/v1/channels/X-shop").status()).isEqualTo(404);
        assertThat(admin.get("/v1/items/X-1").status()).isEqualTo(404);
    }

    @Test
    void onlyTheVersionThatWasReviewedIsChanged() {
        long reviewed = version();
        apply("\"items\":[{\"sku\":\"I-1\"}]");

        Http.Reply late = apply("\"ifVersion\":%d,\"items\":[{\"sku\":\"I-2\"}]".formatted(reviewed));
        Http.Reply latePlan = plan("{\"ifVersion\":%d,\"items\":[{\"sku\":\"I-2\"}]}".formatted(reviewed));
        Http.Reply inTime = apply("\"ifVersion\":%d,\"items\":[{\"sku\":\"I-3\"}]".formatted(reviewed + 1));

        assertThat(late.status()).isEqualTo(412);
        assertThat(late.text("code")).isEqualTo("stale-version");
        assertThat(latePlan.status()).isEqualTo(412);
        assertThat(admin.get("/v1/items/I-2").status()).isEqualTo(404);
        assertThat(inTime.status()).isEqualTo(200);
    }

    @Test
    void ofTwoAtOnceOneWinsAndTheOtherIsTold() throws InterruptedException, ExecutionException {
        try (Server other = hub.another();
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 10; round++) {
                long reviewed = version();
                CountDownLatch go = new CountDownLatch(1);
                List<Future<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    String document = """
                            {"reason":"r","ifVersion":%d,"nodes":[{"code":"T1","type":"store","dailyCapacity":%d}]}
                            """.formatted(reviewed, 10 * round + i);
                    Http caller = i % 2 == 0 ? admin : admin.at(other.port());
                    answers.add(threads.submit(() -> {
                        go.await();
                        return caller.json("POST", "/v1/configuration/apply", document)
                                .status();
                    }));
                }
                go.countDown();
                List<Integer> statuses = new ArrayList<>();
                for (Future<Integer> answer : answers) {
                    statuses.add(answer.get());
                }
                assertThat(statuses).containsExactlyInAnyOrder(200, 412, 412, 412);
                assertThat(version()).isEqualTo(reviewed + 1);
            }
        }
    }

    @Test
    void whatWouldStrandOpenWorkIsSaid() {
        apply("""
                "nodes":[{"code":"C1","type":"store"}],"items":[{"sku":"C-1"}],
                "channels":[{"code":"C-shop","currency":"EUR"}]
                """);
        hub.withStock("C-1", "C1", 10);
        for (int i = 0; i < 3; i++) {
            String shipping = i == 0
                    ? "\"shipGroups\":[{\"method\":\"pick-up\",\"pickUpNode\":\"C1\"}]"
                    : "\"shipTo\":{\"country\":\"GB\"}";
            Http.Reply placed = admin.json("POST", "/v1/orders", """
                    {"channel":"C-shop","externalId":"c-%d","currency":"EUR",%s,
                     "lines":[{"sku":"C-1","quantity":1,"unitPrice":100}]}
                    """.formatted(i, shipping));
            assertThat(placed.text("status")).as(placed.text()).isEqualTo("released");
        }

        Http.Reply closed = plan("{\"nodes\":[{\"code\":\"C1\",\"type\":\"store\",\"active\":false}]}");
        Http.Reply shipsNoMore = plan("{\"nodes\":[{\"code\":\"C1\",\"type\":\"store\",\"ships\":false}]}");
        Http.Reply dearer =
                plan("{\"channels\":[{\"code\":\"C-shop\",\"currency\":\"USD\",\"flow\":\"ship-or-refuse\"}]}");

        assertThat(words(closed, "changes")).containsExactly("node C1: active true → false");
        assertThat(words(closed, "follows"))
                .containsExactly("3 open fulfilment orders are at C1, which would be closed; they stay there");
        assertThat(words(shipsNoMore, "follows"))
                .containsExactly(
                        "2 open fulfilment orders are to ship at C1, which would ship no more; they stay there");
        assertThat(words(dearer, "follows"))
                .containsExactly(
                        "orders of C-shop under way keep the flows they began with",
                        "orders of C-shop already placed stay in EUR; new ones must be in USD");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "transit":[{"zone":1,"fewestDays":1}],"zonesByMiles":[{"upTo":300,"zone":1}]        | a zone for what is farthest
            "transit":[{"zone":1,"fewestDays":1}],"zonesByMiles":[{"zone":1},{"zone":2}]        | one zone up to so many miles
            "transit":[{"zone":1,"fewestDays":1},{"zone":1,"fewestDays":9}]                     | zone 1 is there twice
            "transit":[{"zone":1,"fewestDays":1}],"zones":[{"country":"US","zone":1},{"country":"US","zone":2}] | the same places of US
            """)
    void aCarrierServiceDoesNotContradictItself(String service, String why) {
        assertThat(plan("{\"carrierServices\":[{\"code\":\"C-odd\"," + service + "}]}")
                        .text())
                .contains(why);
    }

    @Test
    void aCutOffOfAServiceThatDoesNotExistIsSaid() {
        String node = """
                "nodes":[{"code":"C2","type":"store","handling":{"cutOffs":[{"service":"C-van","cutOff":"12:00"}]}}]
                """;
        assertThat(words(plan("{" + node + "}"), "follows"))
                .contains("C2 has a cut-off for C-van, and there is no such carrier service");
        assertThat(words(plan("{" + node + """
                        ,"carrierServices":[{"code":"C-van","transit":[{"zone":1,"fewestDays":1,"mostDays":1}],
                        "zonesByMiles":[{"zone":1}]}]}
                        """), "follows")).noneMatch(words -> words.contains("cut-off"));
    }

    @Test
    void ordersAndOtherServersSeeWhatWasApplied() {
        try (Server other = hub.another()) {
            apply("\"nodes\":[{\"code\":\"O1\",\"type\":\"store\"}],\"items\":[{\"sku\":\"O-1\"}]");

            Http there = admin.at(other.port());
            assertThat(there.get("/v1/nodes/O1").status()).isEqualTo(200);
            assertThat(there.get("/v1/items/O-1").status()).isEqualTo(200);
        }
    }

    @Test
    void versionsAreListedNewestFirstAPageAtATime() {
        for (int i = 0; i < 3; i++) {
            apply("\"items\":[{\"sku\":\"L-%d\"}]".formatted(i));
        }
        long newest = version();

        JsonNode first = admin.get("/v1/configuration/versions?limit=2").json();
        JsonNode second = admin.get("/v1/configuration/versions?limit=2&after="
                        + first.path("next").asString())
                .json();

        assertThat(first.at("/versions/0/version").asLong()).isEqualTo(newest);
        assertThat(first.at("/versions/1/version").asLong()).isEqualTo(newest - 1);
        assertThat(second.at("/versions/0/version").asLong()).isEqualTo(newest - 2);
        assertThat(admin.get("/v1/configuration/versions?after=x").status()).isEqualTo(422);
        assertThat(admin.get("/v1/configuration/versions?before=3").status()).isEqualTo(400);
    }

    @Test
    void aConfinedKeySeesNoVersions() {
        assertThat(hub.key("viewer", "[\"*\"]", "[\"*\"]")
                        .get("/v1/configuration/versions")
                        .status())
                .isEqualTo(200);
        assertThat(hub.key("viewer", "[\"web\"]", "[\"*\"]")
                        .get("/v1/configuration/versions")
                        .status())
                .isEqualTo(403);
        assertThat(hub.key("service", "[\"*\"]", "[\"S1\"]")
                        .get("/v1/configuration/versions")
                        .status())
                .isEqualTo(403);
        assertThat(hub.key("admin", "[\"web\"]", "[\"S1\"]")
                        .get("/v1/configuration/versions")
                        .status())
                .as("an administrator is never confined")
                .isEqualTo(200);
    }

    @Test
    void whatIsNoDocumentIsRefused() {
        for (String body : List.of(
                "",
                "null",
                "[]",
                "{",
                "{\"nodes\":{}}",
                "{\"nodes\":[[]]}",
                "{\"nodes\":[null]}",
                "{\"nodes\":[],\"nodes\":[]}",
                "{\"ifVersion\":0}",
                "{\"reason\":\"\"}",
                "{\"nodes\":" + "[".repeat(10_000),
                "{\"nodes\":[{\"code\":\"" + "x".repeat(100_000) + "\"}]}",
                "{\"items\":[{\"sku\":\"a\"},{\"sku\":\"b\"",
                "{}{}")) {
            assertThat(plan(body).status())
                    .as(body.substring(0, Math.min(40, body.length())))
                    .isIn(400, 422);
        }
        for (byte[] body : List.of(
                "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16),
                "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE),
                "{\"author\":\"\u00e9\"}".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))) {
            assertThat(admin.bytes("POST", "/v1/configuration/plan", body, "application/json")
                            .status())
                    .isEqualTo(400);
        }
        assertThat(plan("{}").json().path("nothingToDo").asBoolean()).isTrue();
        assertThat(plan("{\"nodes\":null}").status()).isEqualTo(200);
    }

    @Test
    void moreThanSixtyFourMegabytesAreRefused() {
        byte[] large = new byte[65 << 20];
        java.util.Arrays.fill(large, (byte) ' ');
        large[0] = '{';
        large[large.length - 1] = '}';

        Http.Reply refused;
        try {
            refused = admin.bytes("POST", "/v1/configuration/plan", large, "application/json");
        } catch (java.io.UncheckedIOException e) {
            return; // the server does not read on for ever what it has refused
        }

        assertThat(refused.status()).isEqualTo(413);
    }

    @Test
    void aHundredThousandItemsAreOneVersion() {
        StringBuilder items = new StringBuilder("\"items\":[");
        for (int i = 0; i < 100_000; i++) {
            items.append(i == 0 ? "" : ",").append("""
                    {"sku":"MANY-%06d","description":"one of many, number %d","attributes":{"colour":"blue"}}
                    """.formatted(i, i));
        }
        String document = items.append(']').toString();

        long started = System.nanoTime();
        Http.Reply applied = apply(document);
        long applying = System.nanoTime() - started;
        Http.Reply again = apply(document);
        System.err.printf(
                "100,000 items, %d MB: applied in %.1f s, compared again in %.1f s%n",
                document.length() >> 20, applying / 1e9, (System.nanoTime() - started - applying) / 1e9);

        assertThat(applied.json().at("/items/new").asInt()).isEqualTo(100_000);
        assertThat(applied.json().path("changes")).hasSize(1_000);
        assertThat(applied.json().path("changesNotListed").asInt()).isEqualTo(99_000);
        assertThat(again.json().path("nothingToDo").asBoolean()).isTrue();
        assertThat(newest().path("change").asString()).isEqualTo("100000 items");
    }
}
