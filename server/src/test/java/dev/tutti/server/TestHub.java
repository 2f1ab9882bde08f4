package dev.tutti.server;

import dev.tutti.postgres.verify.Verification;
import dev.tutti.server.events.KafkaTopic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** A real server on a database of its own, for a test class. */
final class TestHub implements AutoCloseable {
    private final String url;
    private final Server server;
    private final String adminKey;

    private TestHub(String url, Server server) {
        this.url = url;
        this.server = server;
        this.adminKey = String.valueOf(server.firstKey());
    }

    static TestHub start() {
        String url = TestDatabases.fresh();
        return new TestHub(url, join(url));
    }

    private static Server join(String url) {
        return Server.start(new Options(Path.of("unused"), url, 0, 2, null));
    }

    /** Another one, which takes orders from a topic. */
    Server another(KafkaTopic ordersFrom) {
        return Server.start(new Options(Path.of("unused"), url, 0, 2, ordersFrom));
    }

    /** Another server on the same database. */
    Server another() {
        return join(url);
    }

    /** The address of its database. */
    String url() {
        return url;
    }

    Server server() {
        return server;
    }

    String adminKey() {
        return adminKey;
    }

    Http admin() {
        return as(adminKey);
    }

    int port() {
        return server.port();
    }

    Http as(String key) {
        return new Http(server.port(), key);
    }

    /** A caller with a new key. */
    Http key(String role, String channels, String nodes) {
        String body = "{\"role\":\"%s\",\"channels\":%s,\"nodes\":%s}".formatted(role, channels, nodes);
        Http.Reply made = admin().json("POST", "/v1/keys", body);
        if (made.status() != 201) {
            throw new IllegalStateException(made.text());
        }
        return as(made.text("key"));
    }

    /** Two channels, two stores and a distribution centre, three items; nothing in stock. */
    TestHub withMasterData() {
        expect(admin().json("PUT", "/v1/channels", """
                [{"code": "web", "currency": "EUR"},
                 {"code": "app", "currency": "EUR", "flow": "ship-or-refuse"}]
                """));
        expect(admin().json("PUT", "/v1/nodes", """
                [{"code": "DC", "type": "distribution-centre"},
                 {"code": "S1", "type": "store"},
                 {"code": "S2", "type": "store"}]
                """));
        expect(admin().json("PUT", "/v1/items", """
                [{"sku": "A"}, {"sku": "B"}, {"sku": "C"}]
                """));
        return this;
    }

    TestHub withStock(String sku, String node, int quantity) {
        expect(admin().ndjson(
                        "/v1/stock/snapshot",
                        "{\"sku\":\"%s\",\"node\":\"%s\",\"quantity\":%d}".formatted(sku, node, quantity)));
        return this;
    }

    /** What {@code verify} finds wrong in its database. */
    List<String> violations() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        List<String> violations = new ArrayList<>();
        new Verification(database).run(List.of(), finding -> violations.addAll(finding.violations()));
        return violations;
    }

    private static void expect(Http.Reply reply) {
        if (reply.status() != 200 || reply.text().contains("problem")) {
            throw new IllegalStateException(reply.text());
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
