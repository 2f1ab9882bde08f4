package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.server.security.Caller;
import dev.tutti.server.security.Role;
import dev.tutti.server.security.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The live page over HTTP: who gets in, what is on it, and what the stream tells. */
class LivePageTest {
    private static final String BROWSER = "text/html,application/xhtml+xml";
    private static final String NASTY = "N\"1'<b>&";

    private static TestHub hub;
    private static Http nobody;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData();
        nobody = hub.as("");
        assertThat(hub.admin().json("PUT", "/v1/nodes", """
                [{"code": "OAK", "type": "distribution-centre", "location": {"latitude": 37.7, "longitude": -121.4},
                  "attributes": {"city": "Tracy", "state": "CA"}},
                 {"code": "NASTY", "type": "store", "location": {"latitude": 40.7, "longitude": -74.0},
                  "attributes": {"city": "N\\"1'<b>&"}},
                 {"code": "HILO", "type": "store", "location": {"latitude": 19.7, "longitude": -155.1}, "active": false}]
                """).status()).isEqualTo(200);
        assertThat(hub.admin()
                        .json("PUT", "/v1/items", "[{\"sku\": \"SCARCE\", \"description\": \"a <rare> thing\"}]")
                        .status())
                .isEqualTo(200);
        hub.withStock("A", "OAK", 1_000).withStock("B", "S1", 1_000);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Http.Reply order(String channel, String externalId, String sku, int quantity) {
        Http.Reply placed = hub.admin().json("POST", "/v1/orders", """
                {"channel":"%s","externalId":"%s","currency":"EUR",
                 "shipTo":{"name":"Ada","street":"1 Main St","country":"US","postcode":"94110",
                           "location":{"latitude":37.75,"longitude":-122.41}},
                 "lines":[{"sku":"%s","quantity":%d,"unitPrice":100}]}
                """.formatted(channel, externalId, sku, quantity));
        assertThat(placed.status()).as(placed.text()).isEqualTo(201);
        return placed;
    }

    private static Http.Reply page(Http caller) {
        return caller.get("/", "Accept", BROWSER);
    }

    /** A page is at most a second old: looks until it shows something. */
    private static String pageWith(Http caller, Predicate<String> shown) throws InterruptedException {
        String html = "";
        for (int i = 0; i < 50; i++) {
            html = page(caller).text();
            if (shown.test(html)) {
                return html;
            }
            Thread.sleep(200);
        }
        throw new AssertionError("not shown within 10 s:\n" + html);
    }

    private static String section(String html, String id) {
        Matcher section = Pattern.compile("<(section|header) id=\"" + id + "\".*?</\\1>\\s*(?=<|$)", Pattern.DOTALL)
                .matcher(html);
        assertThat(section.find()).as(id).isTrue();
        int end = id.equals("head") ? html.indexOf("</header>") + 9 : html.indexOf("</section>", section.start()) + 10;
        return html.substring(section.start(), end);
    }

    /** Enters with a key and gives the cookie. */
    private static String entered(Http caller) {
        Http.Reply reply = nobody.form("/enter", "key=" + caller.key());
        assertThat(reply.status()).isEqualTo(303);
        assertThat(reply.header("Location")).isEqualTo("/");
        return reply.header("Set-Cookie").split(";", -1)[0];
    }

    @Test
    void aBrowserIsShownTheWayInAndAProgramIsToldThatItNeedsAKey() {
        Http.Reply browser = page(nobody);
        assertThat(browser.status()).isEqualTo(303);
        assertThat(browser.header("Location")).isEqualTo("/enter");
        assertThat(nobody.get("/").status()).isEqualTo(401);
        assertThat(nobody.get("/live/stream", "Accept", "text/event-stream").status())
                .isEqualTo(401);
        assertThat(nobody.get("/enter").text()).contains("action=\"/enter\"").contains("type=\"password\"");
    }

    @Test
    void aKeyIsShownOnceAndACookieStandsForItFromThenOn() {
        Http.Reply entered = nobody.form("/enter", "key=" + hub.admin().key());
        String cookie = entered.header("Set-Cookie");

        assertThat(cookie).matches("tutti=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Strict");
        String session = cookie.split(";", -1)[0];
        assertThat(nobody.get("/", "Accept", BROWSER, "Cookie", session).status())
                .isEqualTo(200);
        assertThat(nobody.get("/v1/items", "Cookie", session).status()).isEqualTo(200);
    }

    @Test
    void aSessionLetsNobodyDoMoreThanLook() {
        String session = entered(hub.admin());

        Http.Reply put = nobody.json("PUT", "/v1/items", "[{\"sku\": \"X\"}]", "Cookie", session);

        assertThat(put.status()).isEqualTo(401);
        assertThat(hub.admin().get("/v1/items/X").status()).isEqualTo(404);
    }

    @Test
    void whoHasNoRightToLookDoesNotGetIn() {
        for (String role : new String[] {"channel", "node", "stock"}) {
            Http caller = hub.key(role, "[\"*\"]", "[\"*\"]");
            assertThat(nobody.form("/enter", "key=" + caller.key()).status()).isEqualTo(403);
            assertThat(page(caller).status()).isEqualTo(403);
        }
        Http.Reply wrong = nobody.form("/enter", "key=tutti_nothing");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.text()).contains("There is no such key");
        assertThat(nobody.form("/enter", "").status()).isEqualTo(401);
        assertThat(nobody.form("/enter", "key=%zz").status()).isEqualTo(400);
        assertThat(nobody.get("/", "Accept", BROWSER, "Cookie", "tutti=0123").status())
                .isEqualTo(303);
    }

    @Test
    void anotherSitesPageLetsNobodyInOrOut() {
        String session = entered(hub.admin());
        String key = "key=" + hub.admin().key();

        assertThat(nobody.form("/enter", key, "Sec-Fetch-Site", "cross-site").status())
                .isEqualTo(403);
        assertThat(nobody.form("/enter", key, "Origin", "https://shop.example").status())
                .isEqualTo(403);
        assertThat(nobody.form("/leave", "", "Cookie", session, "Origin", "null")
                        .status())
                .isEqualTo(403);
        assertThat(nobody.get("/", "Accept", BROWSER, "Cookie", session).status())
                .isEqualTo(200);
        assertThat(nobody.form("/enter", key, "Sec-Fetch-Site", "same-origin").status())
                .isEqualTo(303);
    }

    @Test
    void leavingEndsASession() {
        String session = entered(hub.admin());

        Http.Reply left = nobody.form("/leave", "", "Cookie", session);

        assertThat(left.header("Location")).isEqualTo("/enter");
        assertThat(left.header("Set-Cookie")).contains("tutti=;").contains("Expires=Thu, 01 Jan 1970");
        assertThat(nobody.get("/v1/items", "Cookie", session).status()).isEqualTo(401);
    }

    @Test
    void revokingAKeyEndsItsSessionsAndItsStreams() throws Exception {
        Http viewer = hub.key("viewer", "[\"*\"]", "[\"*\"]");
        String session = entered(viewer);
        assertThat(nobody.get("/v1/items", "Cookie", session).status()).isEqualTo(200);
        try (Stream stream = new Stream(session)) {
            stream.next("head");

            hub.admin().send("DELETE", "/v1/keys/" + viewer.key().split("_", -1)[1]);

            assertThat(nobody.get("/v1/items", "Cookie", session).status()).isEqualTo(401);
            stream.awaitEnd();
        }
    }

    @Test
    void aTicketLetsInWhoHasIt() {
        String ticket = hub.server().sessions().ticket(new Caller(0, "demo", Role.VIEWER, Scope.EVERYTHING));

        Http.Reply entered = nobody.get("/enter/" + ticket);

        assertThat(entered.status()).isEqualTo(303);
        String session = entered.header("Set-Cookie").split(";", -1)[0];
        assertThat(nobody.get("/", "Accept", BROWSER, "Cookie", session).status())
                .isEqualTo(200);
        assertThat(nobody.get("/enter/" + ticket.replace(ticket.charAt(0), 'x')).status())
                .isEqualTo(404);
    }

    @Test
    void pagesTellTheBrowserToTrustNothingElse() {
        for (Http.Reply reply : new Http.Reply[] {page(hub.admin()), nobody.get("/enter")}) {
            assertThat(reply.header("Content-Security-Policy"))
                    .isEqualTo("default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
                            + "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
            assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertThat(reply.text())
                    .doesNotContain("style=")
                    .doesNotContain("<style")
                    .doesNotContain("onclick");
        }
    }

    @Test
    void filesAreKeptByBrowsersAndNamedByTheirContent() {
        Matcher files = Pattern.compile("\"(/assets/[0-9a-f]{12}/[a-z.]+)\"")
                .matcher(page(hub.admin()).text());
        int count = 0;
        while (files.find()) {
            Http.Reply file = nobody.get(files.group(1));
            assertThat(file.status()).as(files.group(1)).isEqualTo(200);
            assertThat(file.header("Cache-Control")).contains("immutable");
            count++;
        }
        assertThat(count).isEqualTo(4);
        assertThat(nobody.get("/assets/000000000000/board.css").status()).isEqualTo(404);
        assertThat(nobody.get("/assets/1/operations.txt").status()).isEqualTo(404);
    }

    @Test
    void whatOthersWroteIsShownAndNotObeyed() throws InterruptedException {
        hub.withStock("C", "NASTY", 10);
        order("web", "<script>alert('1')</script>", "C", 1);

        String html = pageWith(hub.admin(), page -> page.contains("alert"));

        assertThat(html).doesNotContain("<script>alert").contains("&lt;script&gt;alert");
        assertThat(html).doesNotContain("<b>&\"").doesNotContain(NASTY);
        assertThat(section(html, "latest")).contains("N\"1'&lt;b&gt;&amp;");
        assertThat(section(html, "map")).contains("Store NASTY · N\"1'&lt;b&gt;&amp;");
    }

    @Test
    void anOrderIsShownWithTheReasonForItsNode() throws InterruptedException {
        order("web", "why-1", "A", 3);

        String html = section(pageWith(hub.admin(), page -> page.contains("why-1")), "latest");

        String row = html.substring(html.indexOf("<b>why-1</b>"))
                .split("</tr>", -1)[0]
                .replace('\u00a0', ' ');
        assertThat(row)
                .contains("<small>web</small>")
                .contains("<b>3</b><small>US 94110</small>")
                .contains("<b>OAK</b> Tracy CA")
                .contains("the only node with all 3 units · 1 package · ")
                .contains("55 miles; 1 node considered");
    }

    @Test
    void whatIsOpenIsCountedByChannelAndState() throws InterruptedException {
        order("web", "waits-1", "SCARCE", 4);
        String picked = order("app", "picked-1", "B", 2).text("id");
        hub.admin().send("POST", "/v1/orders/" + picked + "/fulfilment-orders/1/pick");

        String html = pageWith(
                hub.admin(),
                page -> page.contains("waits-1") && page.contains("being picked") && page.contains("SCARCE"));

        String web =
                section(html, "flow").split("<th scope=\"row\">web</th>", -1)[1].split("</tr>", -1)[0];
        assertThat(web).containsPattern("n waiting\"><b>1</b>").containsPattern("n taken\"><b>[1-9]");
        String app =
                section(html, "flow").split("<th scope=\"row\">app</th>", -1)[1].split("</tr>", -1)[0];
        assertThat(app).containsPattern("n working\"><b>1</b>").contains("n waiting zero");
        String risk = section(html, "risk").split(">SCARCE<", -1)[1].split("</tbody>", -1)[0];
        assertThat(risk).contains("n wait\">1<").contains("a &lt;rare&gt; thing");
        assertThat(section(html, "map"))
                .contains("Distribution centre OAK · Tracy, CA")
                .contains("class=\"closed\"");
        // Whether they fall into the minute that is not over depends on the second.
        assertThat(section(html, "pulse")).containsPattern("highest [1-9]");
        assertThat(section(html, "head")).contains("Stock picture").contains("Orders taken");
    }

    @Test
    void aKeySeesItsOwnChannelsAndNodesAlone() throws InterruptedException {
        order("web", "of-web", "A", 1);
        order("app", "of-app", "A", 1);
        Http confined = hub.key("viewer", "[\"app\"]", "[\"S1\"]");
        pageWith(hub.admin(), page -> page.contains("of-web") && page.contains("of-app"));

        String html = pageWith(confined, page -> page.contains("of-app"));

        assertThat(html)
                .doesNotContain("of-web")
                .doesNotContain(">web<")
                .doesNotContain("OAK")
                .doesNotContain("Tracy");
        assertThat(html.replace('\u00a0', ' ')).contains("another node").contains("1 package · ");
        assertThat(html).doesNotContain("considered").doesNotContain("the only node");
        assertThat(html).doesNotContain("SCARCE");
    }

    @Test
    void theStreamTellsWhatHasChangedAndNothingElse() throws Exception {
        try (Stream stream = new Stream(entered(hub.admin()))) {
            for (String id : new String[] {"head", "flow", "latest", "map", "pulse", "risk"}) {
                assertThat(stream.next(id)).contains("id=\"" + id + "\"");
            }
            order("web", "streamed-1", "A", 1);

            assertThat(stream.until("latest", data -> data.contains("streamed-1")))
                    .contains("sse-swap=\"latest\"");
            String head = stream.next("head");
            assertThat(head).isNotEqualTo(stream.next("head"));
        }
    }

    @Test
    void streamsEndWhenTheServerStops() throws Exception {
        Server other = hub.another();
        String session = new Http(other.port(), "")
                .form("/enter", "key=" + hub.admin().key())
                .header("Set-Cookie")
                .split(";", -1)[0];
        try (Stream stream = new Stream(other.port(), session)) {
            stream.next("head");
            long began = System.nanoTime();

            CompletableFuture<Void> closed = CompletableFuture.runAsync(other::close);

            stream.awaitEnd();
            closed.get(10, TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        }
    }

    /** What a browser's EventSource reads. */
    private static final class Stream implements AutoCloseable {
        private final BufferedReader lines;

        Stream(String session) throws IOException, InterruptedException {
            this(hub.server().port(), session);
        }

        Stream(int port, String session) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/live/stream"))
                    .header("Cookie", session)
                    .header("Accept", "text/event-stream")
                    .build();
            HttpResponse<java.io.InputStream> response =
                    HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        /** The data of the next event of this name. */
        String next(String name) throws IOException {
            StringBuilder data = new StringBuilder();
            boolean wanted = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    wanted = line.equals("event: " + name);
                } else if (wanted && line.startsWith("data: ")) {
                    data.append(line.substring(6)).append('\n');
                } else if (line.isEmpty() && wanted) {
                    return data.toString();
                }
            }
            throw new IOException("the stream has ended");
        }

        String until(String name, Predicate<String> wanted) throws IOException {
            while (true) {
                String data = next(name);
                if (wanted.test(data)) {
                    return data;
                }
            }
        }

        void awaitEnd() {
            try {
                while (lines.readLine() != null) {
                    // it may still tell something
                }
            } catch (IOException e) {
                // cut off is an end as well
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
