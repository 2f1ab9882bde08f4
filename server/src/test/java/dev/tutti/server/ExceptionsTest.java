package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.postgres.verify.Verification;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.JsonNode;

/** What a person must look at: found, taken, dealt with, also many at once. */
class ExceptionsTest {
    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 1_000);
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static String place(String externalId) {
        return admin.json("POST", "/v1/orders", """
                        {"channel":"web","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},
                         "lines":[{"sku":"A","quantity":1,"unitPrice":100}]}""".formatted(externalId)).text("id");
    }

    private static JsonNode done(String id, String what, String body) {
        Http.Reply reply = admin.json("POST", "/v1/orders/" + id + "/" + what, body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    private static List<String> found(String query) {
        Http.Reply reply = admin.get("/v1/orders?" + query);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return StreamSupport.stream(reply.json().at("/orders").spliterator(), false)
                .map(order -> order.at("/id").asString())
                .toList();
    }

    private static List<String> violations() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(hub.url());
        List<String> violations = new ArrayList<>();
        new Verification(database).run(List.of(), finding -> violations.addAll(finding.violations()));
        return violations;
    }

    @Test
    void isFoundByKindOwnerAndTimeAndTaken() throws InterruptedException {
        String id = place("taken");

        JsonNode opened =
                done(id, "open-exception", "{\"reason\":\"called twice\"}").at("/exception");

        assertThat(opened.at("/kind").asString()).isEqualTo("person");
        assertThat(opened.at("/reason").asString()).isEqualTo("called twice");
        assertThat(opened.at("/part").asString()).isEqualTo("order");
        assertThat(found("unassigned=true")).contains(id);
        assertThat(found("exceptionKind=hold,flow")).doesNotContain(id);
        // What an order says of itself is findable a little later than the exception.
        for (int i = 0; i < 100 && !found("externalId=taken").contains(id); i++) {
            Thread.sleep(50);
        }
        assertThat(found("exceptionKind=person&externalId=taken")).containsExactly(id);
        assertThat(found("overdue=true")).doesNotContain(id);

        String soon = Instant.now().plusMillis(300).toString();
        done(id, "assign-exception", "{\"owner\":\"anna\",\"lookBy\":\"%s\"}".formatted(soon));

        assertThat(found("exceptionOwner=anna&q=taken")).containsExactly(id);
        assertThat(found("unassigned=true")).doesNotContain(id);
        for (int i = 0; i < 100 && !found("overdue=true").contains(id); i++) {
            Thread.sleep(50);
        }
        assertThat(found("overdue=true&exceptionOwner=anna")).containsExactly(id);
        assertThat(violations()).isEmpty();
        assertThat(done(id, "resolve-exception", "{\"reason\":\"all is well\"}").has("exception"))
                .isFalse();
        assertThat(admin.json("POST", "/v1/orders/" + id + "/assign-exception", "{\"owner\":\"anna\"}")
                        .status())
                .isEqualTo(409);
        assertThat(violations()).isEmpty();
    }

    @Test
    void whatCanBeDoneAboutItIsSuggestedAndWorks() {
        String id = place("suggested");
        done(id, "holds", "{\"type\":\"fraud\",\"reason\":\"odd\"}");
        JsonNode order = done(id, "open-exception", "{\"reason\":\"look\"}");

        JsonNode first = order.at("/exception/suggestions/0");

        assertThat(first.at("/post").asString()).isEqualTo("holds/1/release");
        assertThat(first.at("/does").asString()).contains("fraud").contains("odd");
        JsonNode after = done(id, first.at("/post").asString(), "{\"reason\":\"known customer\"}");
        assertThat(StreamSupport.stream(after.at("/exception/suggestions").spliterator(), false)
                        .map(suggestion -> suggestion.at("/post").asString()))
                .containsExactly("resolve-exception");
    }

    @Test
    void theSameIsDoneForManyEachByItself() {
        String one = place("many-1");
        String two = place("many-2");
        String open = place("many-3");
        for (String id : List.of(one, two)) {
            done(id, "open-exception", "{\"reason\":\"the carrier is on strike\"}");
        }
        String orders = "\"orders\":[\"%s\",\"%s\",\"%s\",\"9999999\"]".formatted(one, two, open);

        JsonNode assigned = admin.json(
                        "POST",
                        "/v1/exceptions",
                        "{" + orders + ",\"do\":\"assign\",\"owner\":\"ben\",\"reason\":\"?\"}")
                .json()
                .at("/results");
        JsonNode resolved = admin.json(
                        "POST", "/v1/exceptions", "{" + orders + ",\"do\":\"resolve\",\"reason\":\"over\"}")
                .json()
                .at("/results");

        for (JsonNode results : List.of(assigned, resolved)) {
            assertThat(StreamSupport.stream(results.spliterator(), false)
                            .map(result -> result.at("/done").asBoolean()))
                    .containsExactly(true, true, false, false);
            assertThat(results.at("/2/problem/code").asString()).isEqualTo("not-expected-now");
            assertThat(results.at("/3/problem/code").asString()).isEqualTo("unknown-order");
        }
        assertThat(admin.get("/v1/orders/" + one).json().has("exception")).isFalse();
        assertThat(admin.json("POST", "/v1/exceptions", "{" + orders + ",\"do\":\"assign\",\"reason\":\"?\"}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void anOrderThatNothingIsDueForIsFoundByAServerThatStarts() throws Exception {
        String id = place("forgotten");
        try (Connection database = DriverManager.getConnection(hub.url());
                Statement statement = database.createStatement()) {
            assertThat(statement.executeUpdate("delete from due_work where aggregate_id = " + id))
                    .isEqualTo(1);
        }
        assertThat(violations()).isNotEmpty();

        Server another = hub.another();
        for (int i = 0; i < 400 && !found("exceptionKind=forgotten").contains(id); i++) {
            Thread.sleep(50);
        }
        another.close();

        assertThat(found("exceptionKind=forgotten")).containsExactly(id);
        assertThat(violations()).isEmpty();
    }
}
