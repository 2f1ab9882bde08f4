package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.server.http.Routes;
import dev.tutti.server.security.Operations;
import dev.tutti.server.security.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table of role × operation, every cell of it, over HTTP; and what a key is and is not. */
class RightsTest {
    private static TestHub hub;
    private static Operations operations;
    private static List<String[]> routes;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData();
        operations = Operations.load();
        routes = hub.server().routes().registered().stream()
                .map(route -> route.split(" "))
                .toList();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Http.Reply call(Http caller, String[] route) {
        return caller.send(route[0], route[1].replaceAll("\\{[a-zA-Z]+}", "1"));
    }

    @Test
    void everyCellOfTheTableHolds() {
        List<String> wrong = new ArrayList<>();
        for (Role role : Role.values()) {
            Http caller = hub.key(role.wire(), "[\"*\"]", "[\"*\"]");
            for (String[] route : routes) {
                boolean allowed = operations.allows(role, route[2]);
                Http.Reply reply = call(caller, route);
                boolean passed = reply.status() != 403;
                if (allowed != passed || reply.status() == 401 || reply.status() >= 500) {
                    wrong.add(role + " " + String.join(" ", route) + " → " + reply.status());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyOperationOfTheTableHasARoute() {
        TreeSet<String> routed = new TreeSet<>();
        routes.forEach(route -> routed.add(route[2]));
        assertThat(routed).isEqualTo(operations.names());
    }

    @Test
    void aRouteWhoseOperationTheTableDoesNotHaveCannotBeRegistered() {
        assertThatThrownBy(() -> new Routes(operations).add("GET", "/v1/secrets", "secrets.read", call -> {}))
                .hasMessageContaining("secrets.read");
    }

    @Test
    void withoutAValidKeyNothingIsReachable() {
        String real = hub.admin().key();
        for (String key : List.of("", "x", real + "x", real.substring(1), real.toUpperCase(java.util.Locale.ROOT))) {
            for (String[] route : routes) {
                Http.Reply reply = call(hub.as(key), route);
                assertThat(reply.status()).as(String.join(" ", route)).isEqualTo(401);
                assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
            }
            assertThat(hub.as(key).get("/v1/nothing").status()).isEqualTo(401);
        }
        assertThat(hub.as("").get("/health").text("status")).isEqualTo("UP");
    }

    @Test
    void aKeyIsShownOnceAndNoMore() {
        Http.Reply made = hub.admin()
                .json(
                        "POST",
                        "/v1/keys",
                        "{\"role\":\"channel\",\"channels\":[\"web\"],\"nodes\":[\"*\"],\"note\":\"shop\"}");

        assertThat(made.text("key")).matches("tutti_[a-z0-9]{8}_[a-z0-9]{32}");
        String list = hub.admin().get("/v1/keys").text();
        assertThat(list).contains(made.text("prefix")).contains("shop");
        assertThat(list).doesNotContain(made.text("key").substring(15));
    }

    @Test
    void aRevokedKeyStopsWorkingAtOnce() throws InterruptedException {
        Http caller = hub.key("viewer", "[\"*\"]", "[\"*\"]");
        String prefix = caller.key().split("_")[1];
        try (Server other = hub.another()) {
            Http there = new Http(other.port(), caller.key());
            assertThat(caller.get("/v1/items").status()).isEqualTo(200);
            assertThat(there.get("/v1/items").status()).isEqualTo(200);

            assertThat(hub.admin().send("DELETE", "/v1/keys/" + prefix).status())
                    .isEqualTo(204);

            assertThat(caller.get("/v1/items").status()).isEqualTo(401);
            Thread.sleep(2_100);
            assertThat(there.get("/v1/items").status()).isEqualTo(401);
        }
        assertThat(hub.admin().send("DELETE", "/v1/keys/" + prefix).status()).isEqualTo(404);
    }

    @Test
    void aKeyIsNotMadeUnlessBothSidesOfItsScopeAreSaid() {
        Http.Reply refused = hub.admin().json("POST", "/v1/keys", "{\"role\":\"node\",\"nodes\":[\"DC\"]}");

        assertThat(refused.text("code")).isEqualTo("missing-field");
        assertThat(refused.text("path")).isEqualTo("channels");
    }

    @Test
    void aKeyForWhatDoesNotExistIsNotMade() {
        Http.Reply refused =
                hub.admin().json("POST", "/v1/keys", "{\"role\":\"channel\",\"channels\":[\"web\",\"nowhere\"]}");

        assertThat(refused.text("path")).isEqualTo("channels[1]");
        assertThat(refused.text("code")).isEqualTo("unknown-channel");
    }
}
