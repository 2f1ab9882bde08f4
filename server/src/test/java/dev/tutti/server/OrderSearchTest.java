package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Orders are found by what people remember of them. */
class OrderSearchTest {
    private static TestHub hub;
    private static Http admin;
    private static final Map<String, String> IDS = new HashMap<>();

    @BeforeAll
    static void start() throws InterruptedException {
        hub = TestHub.start().withMasterData();
        admin = hub.admin();
        admin.json("PUT", "/v1/items", """
                [{"sku": "KTL-17", "description": "Copper kettle"}, {"sku": "LMP-03", "description": "Reading lamp"}]
                """);
        hub.withStock("KTL-17", "S1", 10).withStock("LMP-03", "DC", 10).withStock("A", "S2", 100);
        place("web", "W-1001", "c-7", "Ada Lovelace", "London", "KTL-17", 1, "2026-03-01T10:00:00Z", 2_000);
        place("web", "W-1002", "c-8", "Grace Hopper", "New York", "LMP-03", 2, "2026-03-02T10:00:00Z", 9_000);
        place("app", "A-77", "c-7", "Ada Lovelace", "London", "A", 1, "2026-03-03T10:00:00Z", 100);
        place("web", "W-1003", "c-9", "Alan Turing", "Manchester", "C", 1, "2026-03-04T10:00:00Z", 500);
        admin.json("POST", "/v1/orders/" + IDS.get("W-1002") + "/cancel", "{\"reason\": \"changed my mind\"}");
        for (int i = 0;
                i < 100
                        && !(found("q=manchester").size() == 1
                                && found("sort=total").getFirst().equals("W-1002"));
                i++) {
            Thread.sleep(100);
        }
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static void place(
            String channel,
            String number,
            String customer,
            String name,
            String city,
            String sku,
            int quantity,
            String at,
            int price) {
        Http.Reply reply = admin.json("POST", "/v1/orders", """
                {"channel": "%s", "externalId": "%s", "customer": "%s", "currency": "EUR", "placedAt": "%s",
                 "shipTo": {"name": "%s", "street": ["1 Main Street"], "city": "%s", "postcode": "N1", "country": "GB",
                            "phone": "%s", "email": "%s"},
                 "lines": [{"sku": "%s", "quantity": %d, "unitPrice": %d}]}
                """.formatted(
                        channel,
                        number,
                        customer,
                        at,
                        name,
                        city,
                        number.equals("W-1003") ? "+44 (20) 7946 09" : "",
                        name.toLowerCase(Locale.ROOT).replace(' ', '@') + ".org",
                        sku,
                        quantity,
                        price));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        IDS.put(number, reply.text("id"));
    }

    private static List<String> found(String query) {
        return numbers(admin.get("/v1/orders?" + query).json());
    }

    private static List<String> numbers(JsonNode page) {
        List<String> numbers = new ArrayList<>();
        page.at("/orders").forEach(order -> numbers.add(order.at("/externalId").asString()));
        return numbers;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            channel=app                                        | A-77
            externalId=W-1001                                  | W-1001
            customer=c-7                                       | A-77 W-1001
            customer=c-7&channel=web                           | W-1001
            sku=KTL-17                                         | W-1001
            sku=none                                           |
            node=DC                                            | W-1002
            node=S1                                            | W-1001
            node=none                                          |
            status=cancelled                                   | W-1002
            status=backordered,cancelled                       | W-1003 W-1002
            placedFrom=2026-03-03                              | W-1003 A-77
            placedFrom=2026-03-02&placedBefore=2026-03-03      | W-1002
            placedBefore=2026-03-01T10:00:00Z                  |
            sort=placedAt                                      | W-1001 W-1002 A-77 W-1003
            sort=-placedAt&status=released                     | A-77 W-1001
            sort=total                                         | W-1002 A-77 W-1003 W-1001
            exception=true                                     |
            """)
    void byFilters(String query, String expected) {
        assertThat(found(query)).containsExactlyElementsOf(expected == null ? List.of() : List.of(expected.split(" ")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            W-1002          | W-1002
            c-9             | W-1003
            lovelace        | A-77 W-1001
            Lovlace         | A-77 W-1001
            tooring         | W-1003
            turring         | W-1003
            babbage         |
            turnig          | W-1003
            aaln            | W-1003
            lmap            | W-1002
            manchster       | W-1003
            MANCH           | W-1003
            Mánchester N1   | W-1003
            turing london   |
            london 1002     |
            york 1002       | W-1002
            copper ketle    | W-1001
            lamp grace      | W-1002
            lovelase kettle | W-1001
            ktl-17          | W-1001
            44 (0)20 7946   |
            +44 20-7946-09  | W-1003
            alan@turing.org | W-1003
            turing.org      |
            % _ \\ ' ;       |
            """)
    void byWordsThatMayBeMisspelt(String words, String expected) {
        assertThat(found("q=" + URLEncoder.encode(words, StandardCharsets.UTF_8)))
                .containsExactlyElementsOf(expected == null ? List.of() : List.of(expected.split(" ")));
    }

    @Test
    void byOurOwnNumberAsWords() {
        assertThat(found("q=" + IDS.get("A-77"))).containsExactly("A-77");
    }

    @Test
    void pageByPageInEverySorting() {
        for (String sort : List.of("number", "-number", "placedAt", "-placedAt", "total", "-total")) {
            List<String> whole = found("sort=" + sort);
            List<String> pages = new ArrayList<>();
            String after = "";
            for (int page = 0; page < 5; page++) {
                JsonNode next =
                        admin.get("/v1/orders?limit=1&sort=" + sort + after).json();
                pages.addAll(numbers(next));
                if (next.at("/next").isMissingNode()) {
                    break;
                }
                after = "&after=" + next.at("/next").asString();
            }
            assertThat(pages).as(sort).isEqualTo(whole).hasSize(4);
        }
    }

    @Test
    void notFromAPageOfAnotherSorting() {
        String next = admin.get("/v1/orders?limit=1&sort=total").text("next");

        Http.Reply other = admin.get("/v1/orders?limit=1&sort=number&after=" + next);

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.text("path")).isEqualTo("after");
    }

    @Test
    void withinTheCallersChannels() {
        Http app = hub.key("service", "[\"app\"]", "[\"*\"]");

        assertThat(numbers(app.get("/v1/orders").json())).containsExactly("A-77");
        assertThat(numbers(app.get("/v1/orders?channel=web").json())).isEmpty();
        assertThat(numbers(app.get("/v1/orders?q=turing").json())).isEmpty();
        assertThat(numbers(app.get("/v1/orders?customer=c-7").json())).containsExactly("A-77");
    }

    @Test
    void aSearchThatIsHeldUpIsGivenUpAndHoldsUpNobodyElse() throws Exception {
        try (Connection connection = DriverManager.getConnection(hub.url());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table order_search in access exclusive mode");
            List<CompletableFuture<Http.Reply>> searches = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                searches.add(CompletableFuture.supplyAsync(() -> admin.get("/v1/orders?q=copper")));
            }

            assertThat(admin.get("/v1/orders/" + IDS.get("W-1001")).status()).isEqualTo(200);
            for (CompletableFuture<Http.Reply> search : searches) {
                assertThat(search.get(1, TimeUnit.MINUTES).status()).isEqualTo(503);
            }
        }
        assertThat(found("q=copper")).containsExactly("W-1001");
    }
}
