package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import dev.tutti.server.security.Caller;
import dev.tutti.server.security.Role;
import dev.tutti.server.security.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** The live page in a real browser, with its scripts and its policy. Leaves pictures of it in {@code target/live}. */
@TestMethodOrder(MethodOrderer.MethodName.class)
class LiveInBrowserTest {
    private static TestHub hub;
    private static Playwright playwright;
    private static Browser browser;

    /** What the browser complains of: errors in scripts, and whatever the policy forbids. */
    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void start() {
        String chromium = Stream.of(System.getenv("PATH").split(":", -1))
                .flatMap(directory -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("");
        assumeTrue(!chromium.isEmpty(), "there is no Chromium on the path: the live page is not tried in a browser");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(Path.of(chromium))
                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
        hub = TestHub.start();
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            browser.close();
            playwright.close();
        }
        if (hub != null) {
            hub.close();
        }
    }

    private Page look(BrowserContext context) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        return page;
    }

    private static void write(String method, String path, String body) {
        Http.Reply reply = path.contains("stock")
                ? hub.admin().ndjson(path, body)
                : hub.admin().json(method, path, body);
        assertThat(reply.status()).as(reply.text()).isLessThan(300);
    }

    private static void order(String channel, String externalId, String lines, double latitude, double longitude) {
        write("POST", "/v1/orders", """
                {"channel":"%s","externalId":"%s","currency":"USD",
                 "shipTo":{"name":"Ada","country":"US","postcode":"94110",
                           "location":{"latitude":%s,"longitude":%s}},
                 "lines":[%s]}
                """.formatted(channel, externalId, latitude, longitude, lines));
    }

    private static String line(String sku, int quantity) {
        return "{\"sku\":\"%s\",\"quantity\":%d,\"unitPrice\":1999}".formatted(sku, quantity);
    }

    @Test
    void anOrderAppearsWithoutAReloadAndTheBrowserHasNothingToComplainOf() {
        write("PUT", "/v1/channels", "[{\"code\": \"web\", \"currency\": \"USD\"}]");
        write("PUT", "/v1/items", "[{\"sku\": \"MUG\"}]");
        write("PUT", "/v1/nodes", """
                [{"code": "OAK4", "type": "distribution-centre", "location": {"latitude": 37.74, "longitude": -121.43},
                  "attributes": {"city": "Tracy", "state": "CA"}}]
                """);
        write("POST", "/v1/stock/snapshot", "{\"sku\":\"MUG\",\"node\":\"OAK4\",\"quantity\":100}");
        String ticket = hub.server().sessions().ticket(new Caller(0, "demo", Role.VIEWER, Scope.EVERYTHING));
        try (BrowserContext context = browser.newContext(new Browser.NewContextOptions().setViewportSize(1440, 1000))) {
            Page page = look(context);
            page.navigate("http://localhost:" + hub.server().port() + "/enter/" + ticket);
            assertThat(page.url()).endsWith(":" + hub.server().port() + "/");
            Object mark = page.evaluate("window.notReloaded = 42");
            Locator latest = page.locator("#latest");
            page.waitForSelector(
                    "#latest:has-text('No order lately')", new Page.WaitForSelectorOptions().setTimeout(10_000));
            picture(page, "empty");

            order("web", "W-1", line("MUG", 2), 37.77, -122.42);

            page.waitForSelector("#latest:has-text('W-1')", new Page.WaitForSelectorOptions().setTimeout(10_000));
            assertThat(latest.textContent()).contains("the only node with all");
            page.waitForSelector("#map rect.working title:text('2')", attached());
            page.waitForSelector("#flow .all .released:has-text('1')");
            assertThat(page.evaluate("window.notReloaded")).isEqualTo(mark);
            assertThat(page.locator("#latest").count()).isEqualTo(1);
            assertThat(complaints).isEmpty();
        }
    }

    /** A country full of stores, a backlog and a shortage; how it looks is for people to say. */
    @Test
    void theBusyDayFitsOnScreensOfAllWidths() {
        aBusyDay();
        String ticket = hub.server().sessions().ticket(new Caller(0, "demo", Role.VIEWER, Scope.EVERYTHING));
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            try (BrowserContext context = browser.newContext(new Browser.NewContextOptions().setColorScheme(scheme))) {
                Page page = look(context);
                page.navigate("http://localhost:" + hub.server().port() + "/enter");
                picture(page, "enter-" + scheme);
                page.navigate("http://localhost:" + hub.server().port() + "/enter/" + ticket);
                page.waitForSelector("#latest:has-text('split in')");
                for (int width : new int[] {390, 1024, 1440, 2560}) {
                    page.setViewportSize(width, 1000);
                    picture(page, "busy-" + width + "-" + scheme);
                    assertThat(page.evaluate("document.documentElement.scrollWidth"))
                            .as("the page is no wider than the screen of " + width)
                            .isEqualTo(width);
                }
            }
        }
        assertThat(complaints).isEmpty();
    }

    private static void aBusyDay() {
        String[] channels = {"web", "app", "marketplace", "call-centre"};
        write("PUT", "/v1/channels", """
                [{"code": "web", "currency": "USD"}, {"code": "app", "currency": "USD"},
                 {"code": "marketplace", "currency": "USD"}, {"code": "call-centre", "currency": "USD"}]
                """);
        write("PUT", "/v1/items", """
                [{"sku": "MUG", "description": "Mug, blue"}, {"sku": "LAMP-2204", "description": "Reading lamp, brass"},
                 {"sku": "KETTLE", "description": "Kettle 1.7 l"}, {"sku": "BIKE-16", "description": "Kids’ bike 16 in"}]
                """);
        StringBuilder nodes = new StringBuilder("""
                [{"code": "OAK4", "type": "distribution-centre", "location": {"latitude": 37.74, "longitude": -121.43},
                  "attributes": {"city": "Tracy", "state": "CA"}},
                 {"code": "IND1", "type": "distribution-centre", "location": {"latitude": 39.99, "longitude": -86.38},
                  "attributes": {"city": "Whitestown", "state": "IN"}},
                 {"code": "CAE1", "type": "distribution-centre", "location": {"latitude": 33.99, "longitude": -81.07},
                  "attributes": {"city": "West Columbia", "state": "SC"}}
                """);
        StringBuilder stock = new StringBuilder();
        for (String large : new String[] {"OAK4", "IND1", "CAE1"}) {
            stock.append(stock("MUG", large, 1_000)).append(stock("LAMP-2204", large, 200));
        }
        for (int i = 0; i < 120; i++) {
            double latitude = 31 + (i * 7.13) % 16;
            double longitude = -120 + (i * 13.7) % 42;
            nodes.append("""
                    ,{"code": "%d", "type": "store", "location": {"latitude": %s, "longitude": %s}, "active": %s,
                     "attributes": {"city": "Town %d", "state": "US"}}
                    """.formatted(100 + i, latitude, longitude, i % 17 != 0, i));
            if (i % 17 != 0) {
                stock.append(stock("KETTLE", Integer.toString(100 + i), 3 + i % 9));
                stock.append(stock("MUG", Integer.toString(100 + i), 6));
            }
        }
        write("PUT", "/v1/nodes", nodes.append("]").toString());
        write("POST", "/v1/stock/snapshot", stock.toString());
        for (int i = 0; i < 160; i++) {
            double latitude = 32 + (i * 5.31) % 14;
            double longitude = -118 + (i * 11.9) % 40;
            String lines =
                    i % 11 == 0 ? line("BIKE-16", 2) : i % 3 == 0 ? line("MUG", 1 + i % 5) : line("KETTLE", 1 + i % 3);
            if (i % 13 == 5) {
                lines = line("LAMP-2204", 2) + "," + line("KETTLE", 2);
            }
            order(channels[i * 7 % 10 % 4], "W-" + (20_931_000 + i), lines, latitude, longitude);
        }
        for (JsonNode work :
                hub.admin().get("/v1/nodes/OAK4/fulfilment-orders").json().at("/fulfilmentOrders")) {
            String path = "/v1/orders/" + work.at("/order").asString() + "/fulfilment-orders/"
                    + work.at("/number").asString();
            hub.admin().send("POST", path + "/pick");
            hub.admin().send("POST", path + "/pack");
            hub.admin().send("POST", path + "/hand-over");
        }
        write("POST", "/v1/stock/snapshot", stock("LAMP-2204", "IND1", 3) + stock("KETTLE", "141", 0));
    }

    private static String stock(String sku, String node, int quantity) {
        return "{\"sku\":\"%s\",\"node\":\"%s\",\"quantity\":%d}\n".formatted(sku, node, quantity);
    }

    private static Page.WaitForSelectorOptions attached() {
        return new Page.WaitForSelectorOptions()
                .setState(com.microsoft.playwright.options.WaitForSelectorState.ATTACHED)
                .setTimeout(10_000);
    }

    private static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "live", name + ".png"))
                .setFullPage(true));
    }
}
