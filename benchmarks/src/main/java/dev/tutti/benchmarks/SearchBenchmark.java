package dev.tutti.benchmarks;

import dev.tutti.conveyor.Limits;
import dev.tutti.postgres.Database;
import dev.tutti.server.engine.Engine;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * {@code bench search [--orders N]}: how long people wait for answers when many orders are stored: searches of every
 * kind, and the live page, over HTTP, one after the other. Also how fast orders become findable.
 */
final class SearchBenchmark {
    private static final int ITEMS = 100_000;
    private static final int CANCELLED = 500;

    private SearchBenchmark() {}

    static void run(Options options) throws Exception {
        int orders = options.number("orders", options.quick() ? 20_000 : 1_000_000);
        int searches = options.quick() ? 20 : 200;
        Statements statements = new Statements(options.has("statements"));
        try (World world = World.start(ITEMS, "shared_preload_libraries", statements.library())) {
            nameItems(world);
            findable(world, new Drafts(5, ITEMS, 3), orders);
            world.execute("vacuum analyze");
            world.checkpoint();
            statements.reset(world);
            try (ServerProcess server = ServerProcess.startAsUser("--db", world.url())) {
                Visitor visitor = new Visitor(server.port);
                cancelSome(visitor, world);
                new SearchBenchmark.Searches(visitor, orders).run(searches);
                page(visitor, options.quick() ? 5 : 30);
            }
            statements.print(world, 1);
        }
    }

    private static void nameItems(World world) throws Exception {
        StringBuilder words = new StringBuilder();
        for (int n = 0; n < 2_000; n++) {
            words.append(n == 0 ? "" : ",").append(People.goods(n));
        }
        world.execute("""
                with word as (select string_to_array('%s', ',') as list)
                update item set description = concat_ws(' ', list[1 + id %% 40], list[1 + id %% 1999], list[1 + id %% 701])
                from word
                """.formatted(words));
        world.execute("vacuum analyze item");
    }

    /** Places the orders, then waits until all can be found. */
    private static void findable(World world, Drafts drafts, int orders) throws Exception {
        People people = new People(drafts, 11);
        try (Database database = Database.open(world.url(), 4);
                Engine engine = Engine.start(database, Limits.STANDARD, 2)) {
            InProcess.Result placed = InProcess.place(engine, orders, 512, people::draft);
            long meanwhile = world.count("order_search");
            long started = System.nanoTime();
            while (world.count("order_search") < orders) {
                Thread.sleep(500);
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            new Line("findable")
                    .with("orders", orders)
                    .with("orders_per_s", placed.perSecond())
                    .with("findable_meanwhile", meanwhile)
                    .with("findable_after_s", seconds)
                    .with("findable_per_s", (orders - meanwhile) / seconds)
                    .with("bytes_per_order", world.number("select pg_total_relation_size('order_search')") / orders)
                    .print();
        }
    }

    private static void cancelSome(Visitor visitor, World world) throws Exception {
        long highest = world.number("select max(id) from orders");
        SplittableRandom random = new SplittableRandom(3);
        int done = 0;
        for (int i = 0; i < CANCELLED; i++) {
            String path = "/v1/orders/" + random.nextLong(1, highest) + "/cancel";
            done += visitor.post(path, "application/json", "{\"reason\": \"measured\"}") == 200 ? 1 : 0;
        }
        System.err.println(done + " orders cancelled");
    }

    private static void page(Visitor visitor, int looks) throws Exception {
        visitor.post("/enter", "application/x-www-form-urlencoded", "key=" + World.API_KEY);
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < looks; i++) {
            // A picture lasts for a second: each look is at a new one.
            Thread.sleep(1_200);
            millis.add(visitor.millis("/"));
        }
        print("page", "live", millis);
    }

    private static void print(String bench, String what, List<Double> millis) {
        List<Double> sorted = millis.stream().sorted().toList();
        new Line(bench)
                .with("of", what)
                .with("p50_ms", sorted.get(sorted.size() / 2))
                .with("p95_ms", sorted.get((int) (0.95 * (sorted.size() - 1))))
                .with("most_ms", sorted.getLast())
                .print();
    }

    /** What is asked, kind by kind. */
    private static final class Searches {
        private final Visitor visitor;
        private final SplittableRandom random = new SplittableRandom(17);
        private final Drafts drafts = new Drafts(23, ITEMS, 3);
        private final People people = new People(drafts, 29);
        private final int orders;

        Searches(Visitor visitor, int orders) {
            this.visitor = visitor;
            this.orders = orders;
        }

        void run(int times) throws Exception {
            Map<String, Supplier<String>> kinds = new LinkedHashMap<>();
            kinds.put("number", () -> "externalId=B-" + (1 + random.nextInt(orders)));
            kinds.put("number as words", () -> "q=B-" + (1 + random.nextInt(orders)));
            kinds.put("customer", () -> "customer=c-" + random.nextInt(1_000_000));
            kinds.put("name", () -> "q=" + people.lastName());
            kinds.put("full name", () -> words(people.firstName(), people.lastName()));
            kinds.put("misspelt name", () -> "q=" + people.misspelt(people.lastName()));
            kinds.put("name and city", () -> words(people.lastName(), people.city()));
            kinds.put(
                    "words of an item",
                    () -> words(People.goods(random.nextInt(40)), People.goods(random.nextInt(1999))));
            kinds.put("nobody's name", () -> "q=zzyzx" + random.nextInt(1000));
            kinds.put("sku", () -> "sku=SKU-" + drafts.item());
            kinds.put("node", () -> "node=N%03d".formatted(1 + random.nextInt(World.NODES)));
            kinds.put("state", () -> "status=cancelled");
            kinds.put("state, by date", () -> "status=cancelled&sort=-placedAt");
            kinds.put("rare state", () -> "status=returned&channel=web");
            kinds.put("node and state", () -> "status=cancelled&node=N%03d".formatted(1 + random.nextInt(World.NODES)));
            kinds.put("sku and state", () -> "status=released&sku=SKU-" + drafts.item());
            kinds.put("exceptions", () -> "exception=true");
            kinds.put("by date", () -> "sort=placedAt&limit=100");
            kinds.put("by total", () -> "sort=-total&limit=100");
            kinds.put("name, by total", () -> "sort=-total&q=" + people.lastName());
            kinds.put("sku, by total", () -> "sort=-total&sku=SKU-" + drafts.item());
            List<Double> all = new ArrayList<>();
            for (Map.Entry<String, Supplier<String>> kind : kinds.entrySet()) {
                List<Double> millis = new ArrayList<>();
                for (int i = -times / 10; i < times; i++) {
                    double took = visitor.millis("/v1/orders?" + kind.getValue().get());
                    if (i >= 0) {
                        millis.add(took);
                    }
                }
                print("search", kind.getKey(), millis);
                all.addAll(millis);
            }
            print("search", "all", all);
        }

        private static String words(String... words) {
            return "q=" + URLEncoder.encode(String.join(" ", words), StandardCharsets.UTF_8);
        }
    }

    /** Someone with a browser, or a program: one connection. */
    private static final class Visitor {
        private final HttpClient client =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        private final String address;

        Visitor(int port) {
            this.address = "http://localhost:" + port;
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create(address + path))
                    .header("Authorization", "Bearer " + World.API_KEY);
        }

        double millis(String path) throws IOException, InterruptedException {
            long started = System.nanoTime();
            HttpResponse<String> answer = client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
            double millis = (System.nanoTime() - started) / 1e6;
            if (answer.statusCode() != 200) {
                throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
            }
            return millis;
        }

        int post(String path, String type, String body) throws IOException, InterruptedException {
            return client.send(
                            request(path)
                                    .header("Content-Type", type)
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
