package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.postgres.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Fulfilment orders and returns on flows of their own, over HTTP, with a payment provider. */
class PartsTest {
    private static final String QUICK = """
            flows:
              - code: quick
                for: fulfilment-order
                steps:
                  - {code: tell, do: notify, at: payments, edges: [{on: done, to: given}]}
                  - code: given
                    edges:
                      - {on: units-changed, when: units.live == 0, to: close}
                      - {after: 1s, when: units.released > 0 && node.code == "DC", to: take-away}
                      - {after: 30d, to: escalate}
                  - {code: take-away, do: give-back, edges: [{on: done, to: rest}]}
                  - code: rest
                    edges:
                      - {on: done, when: units.live == 0, to: close}
                      - {on: units-changed, when: units.live == 0, to: close}
                      - {after: 30d, to: escalate}
                  - {code: escalate, do: open-exception, edges: [{on: done, to: rest}]}
                  - {code: close, do: close}
            """;

    private static TestHub hub;
    private static Http admin;
    private static Sandbox provider;

    @BeforeAll
    static void start() throws IOException {
        hub = TestHub.start().withMasterData().withStock("A", "DC", 1_000).withStock("A", "S1", 1_000);
        admin = hub.admin();
        provider = Sandbox.start();
        provider.answering(order -> "");
        ObjectNode document =
                Configured.paid(Files.readString(Path.of("../examples/flows/paid.yaml")), "parts", provider.url());
        ArrayNode flows = document.withArrayProperty("flows");
        for (String more : List.of(QUICK, Files.readString(Path.of("../examples/flows/parts.yaml")))) {
            new YAMLMapper().readTree(more).path("flows").forEach(flows::add);
        }
        ArrayNode channels = document.withArrayProperty("channels");
        ((ObjectNode) channels.get(0)).put("returnFlow", "inspected");
        channels.addObject()
                .put("code", "quick")
                .put("currency", "EUR")
                .put("flow", "ship")
                .put("fulfilmentFlow", "quick");
        Http.Reply reply = admin.json("POST", "/v1/configuration/apply", document.toString());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        provider.close();
        hub.close();
    }

    private static String place(String channel, String externalId) {
        Http.Reply placed = admin.json("POST", "/v1/orders", """
                {"channel":"%s","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},
                 "lines":[{"sku":"A","quantity":3,"unitPrice":100}]}""".formatted(channel, externalId));
        assertThat(placed.status()).as(placed.text()).isEqualTo(201);
        return placed.text("id");
    }

    private static JsonNode once(String id, String pointer, String value) throws InterruptedException {
        JsonNode order = admin.get("/v1/orders/" + id).json();
        for (int i = 0; i < 600 && !order.at(pointer).asString("").equals(value); i++) {
            Thread.sleep(50);
            order = admin.get("/v1/orders/" + id).json();
        }
        assertThat(order.at(pointer).asString("")).as(order.toPrettyString()).isEqualTo(value);
        return order;
    }

    private static Http.Reply ask(String id, String what, String body) {
        return admin.json("POST", "/v1/orders/" + id + "/" + what, body);
    }

    private static JsonNode done(String id, String what, String body) {
        Http.Reply reply = ask(id, what, body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    private static void ship(String id) {
        for (String action : List.of("pick", "pack", "hand-over")) {
            done(id, "fulfilment-orders/1/" + action, action.equals("hand-over") ? "{\"carrier\":\"DHL\"}" : "{}");
        }
    }

    private static List<String> violations() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(hub.url());
        List<String> violations = new ArrayList<>();
        new Verification(database).run(List.of(), finding -> violations.addAll(finding.violations()));
        return violations;
    }

    @Test
    void aNodeThatDoesNotBeginInTimeLosesItsWorkAndAnotherGetsIt() throws InterruptedException {
        String id = place("quick", "slow");
        JsonNode order = admin.get("/v1/orders/" + id).json();
        assertThat(order.at("/fulfilmentOrders/0/node").asString()).isEqualTo("DC");
        assertThat(order.at("/fulfilmentOrders/0/flow/step").asString()).isEqualTo("given");

        order = once(id, "/fulfilmentOrders/1/node", "S1");

        assertThat(order.at("/fulfilmentOrders/0/flow").isMissingNode()).isTrue();
        assertThat(order.at("/fulfilmentOrders/1/flow/step").asString()).isEqualTo("given");
        JsonNode steps = admin.get("/v1/flows/quick/orders").json().at("/steps");
        assertThat(steps.toString()).contains("\"given\"");
        assertThat(violations()).isEmpty();
    }

    /** Ordered, shipped, paid for, and over. */
    private static String sold(String externalId) throws InterruptedException {
        String id = place("parts", externalId);
        once(id, "/flow/step", "fulfil");
        ship(id);
        once(id, "/flow/step", "close");
        return id;
    }

    @Test
    void whatWasAnnouncedIsPaidBackOnceSomebodyHasLookedAtIt() throws InterruptedException {
        String id = sold("good");

        JsonNode announced =
                done(id, "announced-returns", "{\"reason\":\"too small\",\"lines\":[{\"line\":1,\"quantity\":2}]}");
        assertThat(announced.at("/returns/0/status").asString()).isEqualTo("expected");
        assertThat(ask(id, "announced-returns", "{\"reason\":\"?\",\"lines\":[{\"line\":1,\"quantity\":2}]}")
                        .status())
                .isEqualTo(409);

        JsonNode received = done(id, "returns/1/receive", "{\"node\":\"S1\"}");
        assertThat(received.at("/returns/0/flow/step").asString()).isEqualTo("inspect");
        assertThat(received.at("/payments/0/refunded").asLong()).isZero();
        assertThat(violations()).isEmpty();

        done(id, "signals", "{\"name\":\"good\",\"part\":\"return-1\"}");
        JsonNode order = once(id, "/payments/0/refunded", "200");
        assertThat(order.at("/returns/0/flow").isMissingNode()).isTrue();
        assertThat(order.at("/returns/0/lines/0/decided").asInt()).isEqualTo(2);
        assertThat(order.at("/invoices").size()).isEqualTo(2);
        assertThat(order.at("/invoices/0/kind").asString()).isEqualTo("invoice");
        assertThat(order.at("/invoices/0/total").asLong()).isEqualTo(300);
        assertThat(order.at("/invoices/1/kind").asString()).isEqualTo("credit-note");
        assertThat(order.at("/invoices/1/lines/0/quantity").asInt()).isEqualTo(2);
        assertThat(order.at("/invoices/1/total").asLong()).isEqualTo(200);
        assertThat(ask(id, "signals", "{\"name\":\"good\",\"part\":\"return-1\"}")
                        .status())
                .isEqualTo(409);
        assertThat(ask(id, "returns/2/receive", "{\"node\":\"S1\"}").status()).isEqualTo(404);
        assertThat(violations()).isEmpty();
    }

    @Test
    void whatIsWornIsNotPaidBack() throws InterruptedException {
        String id = sold("worn");

        done(id, "returns", "{\"node\":\"S1\",\"reason\":\"worn\",\"restock\":false}");
        JsonNode order = done(id, "signals", "{\"name\":\"worn\",\"part\":\"return-1\"}");

        assertThat(order.at("/payments/0/refunded").asLong()).isZero();
        assertThat(order.at("/notRefunded").asLong()).isEqualTo(300);
        assertThat(order.at("/returns/0/lines/0/kept").asInt()).isEqualTo(3);
        assertThat(order.at("/invoices").size())
                .as("no credit for what is worn")
                .isEqualTo(1);
        assertThat(order.at("/returns/0/flow").isMissingNode()).isTrue();
        assertThat(violations()).isEmpty();
    }

    @Test
    void aFlowIsForOneKindAndChannelsNameItForThat() {
        Http.Reply channel = admin.json("POST", "/v1/configuration/plan", """
                {"channels":[{"code":"wrong","currency":"EUR","flow":"inspected","returnFlow":"paid"}]}""");
        assertThat(channel.status()).isEqualTo(422);
        assertThat(channel.text()).contains("channels[0].flow").contains("channels[0].returnFlow");

        Http.Reply flow = admin.json("POST", "/v1/configuration/plan", """
                {"flows":[{"code":"odd","for":"return","steps":[{"code":"a","do":"source","edges":[]}]},
                          {"code":"odder","for":"return","steps":[
                            {"code":"a","edges":[{"after":"1d","when":"units.live == 0","to":"a"}]}]},
                          {"code":"paid","for":"return","steps":[{"code":"a","do":"close"}]}]}""");
        assertThat(StreamSupport.stream(flow.json().at("/problems").spliterator(), false)
                        .map(problem -> problem.at("/path").asString()))
                .contains("flows[0].steps[0].do", "flows[1].steps[0].edges[0].when", "flows[2].for");
    }
}
