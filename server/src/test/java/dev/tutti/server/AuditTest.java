package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who did what that no order, no stock and no configuration tells. */
class AuditTest {
    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData();
        admin = hub.admin();
        Configured.apply(hub, """
                subscriptions:
                  - {code: mail, url: "http://127.0.0.1:9/events", inside: true}
                """);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static List<String> acts() {
        return StreamSupport.stream(
                        admin.get("/v1/audit?limit=20").json().at("/entries").spliterator(), false)
                .map(entry ->
                        entry.at("/act").asString() + " " + entry.at("/subject").asString())
                .toList();
    }

    @Test
    void tellsOfKeysSecretsAndDeadLetters() throws Exception {
        Http made = hub.key("viewer", "[\"*\"]", "[\"*\"]");
        String prefix = made.key().split("_")[1];
        for (int i = 0; i < 3; i++) {
            assertThat(admin.json("POST", "/v1/subscriptions/mail/secrets", "").status())
                    .isEqualTo(201);
        }
        try (Connection database = DriverManager.getConnection(hub.url());
                Statement statement = database.createStatement()) {
            statement.executeUpdate(
                    "insert into delivery (subscription, order_id, version, state) values ('mail', 7, 1, 'dead'), ('mail', 8, 1, 'dead')");
        }
        JsonNode dropped =
                admin.send("DELETE", "/v1/subscriptions/mail/dead-letters").json();
        JsonNode nothing = admin.json("POST", "/v1/subscriptions/mail/dead-letters/replay", "")
                .json();
        assertThat(admin.send("DELETE", "/v1/keys/" + prefix).status()).isEqualTo(204);
        assertThat(admin.send("DELETE", "/v1/keys/" + prefix).status()).isEqualTo(404);

        assertThat(dropped.at("/dropped").asInt()).isEqualTo(2);
        assertThat(nothing.at("/replayed").asInt()).isZero();
        assertThat(admin.json("POST", "/v1/subscriptions/nobody/secrets", "").status())
                .isEqualTo(404);
        assertThat(acts())
                .as("what changed nothing is not noted")
                .startsWith(
                        "revoke-key " + prefix,
                        "drop-dead-letters mail",
                        "add-secret mail",
                        "add-secret mail",
                        "add-secret mail",
                        "create-key " + prefix);
        JsonNode newest = admin.get("/v1/audit?limit=1").json().at("/entries/0");
        assertThat(newest.at("/actor").asString())
                .isEqualTo("key:" + hub.adminKey().split("_")[1]);
        assertThat(admin.get("/v1/audit?limit=1&before=" + newest.at("/number").asLong())
                        .json()
                        .at("/entries/0/act")
                        .asString())
                .isEqualTo("drop-dead-letters");
        assertThat(admin.get("/v1/subscriptions")
                        .json()
                        .at("/subscriptions/0/secrets")
                        .asInt())
                .isEqualTo(2);
    }
}
