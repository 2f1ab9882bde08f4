package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.server.api.Api;
import dev.tutti.server.http.Routes;
import dev.tutti.server.http.Streams;
import dev.tutti.server.openapi.Description;
import dev.tutti.server.security.Operations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The document that is checked in is the one the server makes, and is good OpenAPI. (That it is true, every other test
 * sees to: {@link Contract}.)
 */
class OpenApiTest {
    private static final Path ERRORS = Path.of("..", "docs", "errors.md");
    private static final boolean WRITE = "write".equals(System.getProperty("tutti.openapi"));
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static TestHub hub;
    private static Operations operations;
    private static String made;
    private static String async;

    @BeforeAll
    static void start() throws IOException {
        hub = TestHub.start();
        operations = Operations.load();
        Description description = Api.description(routes(), operations);
        made = new String(description.json(), StandardCharsets.UTF_8);
        async = new String(description.async(), StandardCharsets.UTF_8);
        if (WRITE) {
            Files.createDirectories(Contract.FILE.getParent());
            Files.writeString(Contract.FILE, made);
            Files.writeString(Contract.ASYNC_FILE, async);
            Files.writeString(ERRORS, errors());
        }
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Routes routes() {
        return Api.routes(hub.server().engine(), hub.server().keys(), operations, new Streams());
    }

    /** A comma in a description that is not quoted makes a field of the rest of the sentence. */
    @Test
    void noSentenceIsTakenForAField() {
        assertThat(made).doesNotContainPattern("\\.\" ?: null");
        assertThat(async).doesNotContainPattern("\\.\" ?: null");
        assertThat(made).doesNotContainPattern("\"[^\"]* [^\"]*\" ?: null");
    }

    @Test
    void isCheckedInAsItIsMade() throws IOException {
        assertThat(Files.readString(Contract.FILE))
                .as("openapi/tutti.json is not what the program is; ./tutti openapi writes it anew")
                .isEqualTo(made);
        assertThat(Files.readString(Contract.ASYNC_FILE))
                .as("openapi/asyncapi.json is not what the program is; ./tutti openapi writes it anew")
                .isEqualTo(async);
        assertThat(Files.readString(ERRORS))
                .as("docs/errors.md is not what the program is; ./tutti openapi writes it anew")
                .isEqualTo(errors());
    }

    @Test
    void isWhatEveryServerGives() {
        assertThat(hub.as("").get("/openapi.json").text()).isEqualTo(made);
        assertThat(hub.as("").get("/asyncapi.json").text()).isEqualTo(async);
    }

    @Test
    void keepsToOpenApi() throws IOException {
        JsonNode document = MAPPER.readTree(made);
        try (InputStream schema = OpenApiTest.class.getResourceAsStream("openapi-3.1-schema.json")) {
            assertThat(Contract.errors(Contract.schema(MAPPER.readTree(schema)), document))
                    .isEmpty();
        }
        document.at("/components/schemas")
                .forEachEntry((name, schema) -> assertThat(Contract.errors(Contract.metaSchema(), schema))
                        .as(name)
                        .isEmpty());
    }

    @Test
    void itsExamplesKeepToItsSchemas() {
        List<JsonNode> contents = new ArrayList<>();
        collect(MAPPER.readTree(made).get("paths"), contents);
        assertThat(contents).hasSizeGreaterThan(5);
        for (JsonNode content : contents) {
            assertThat(Contract.checkedIn().validate(content.get("schema"), content.get("example")))
                    .as(content.get("example").toString())
                    .isEmpty();
        }
    }

    @Test
    void aFieldOrACodeThatIsNotDescribedIsFound() {
        JsonNode document = MAPPER.readTree(made);
        JsonNode health = document.at("/paths/~1health/get/responses/200/content/application~1json/schema");
        JsonNode refused =
                document.at("/components/responses/401.unauthenticated/content/application~1problem+json/schema");

        assertThat(found(health, "{'status':'UP'}")).isEmpty();
        assertThat(found(health, "{'status':'UP','uptime':1}")).hasSize(1);
        assertThat(found(health, "{}")).hasSize(1);
        assertThat(found(refused, problem("unauthenticated"))).isEmpty();
        assertThat(found(refused, problem("forbidden"))).hasSize(1);
    }

    private static String problem(String code) {
        return "{'type':'/problems/x','title':'t','status':401,'code':'%s','detail':'d'}".formatted(code);
    }

    private static List<String> found(JsonNode schema, String json) {
        return Contract.checkedIn().validate(schema, MAPPER.readTree(json.replace('\'', '"')));
    }

    private static void collect(JsonNode node, List<JsonNode> contents) {
        if (node.has("schema") && node.has("example")) {
            contents.add(node);
        }
        node.forEach(child -> collect(child, contents));
    }

    @Test
    void aRouteThatNobodyHasDescribedHasNoDocument() {
        Routes routes = routes();
        routes.addOpen("GET", "/a-page", call -> {});
        assertThat(new String(Api.description(routes, operations).json(), StandardCharsets.UTF_8))
                .isEqualTo(made);
        routes.add("GET", "/v1/secrets", "orders.read", call -> {});
        assertThatThrownBy(() -> Api.description(routes, operations)).hasMessageContaining("GET /v1/secrets");
    }

    @Test
    void aDescriptionThatHasNoRouteHasNoDocument() {
        assertThatThrownBy(() -> Api.description(new Routes(operations), operations))
                .hasMessageContaining("there is no route");
    }

    @Test
    void theTypeOfEveryProblemLeadsToItsText() {
        Http anybody = hub.as("");
        MAPPER.readTree(made).get("x-tutti-problems").forEachEntry((code, text) -> {
            Http.Reply reply = anybody.get("/problems/" + code);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text("code")).isEqualTo(code);
            assertThat(reply.text("when")).isEqualTo(text.path("when").asString());
        });
        assertThat(anybody.get("/problems/none").status()).isEqualTo(404);
        assertThat(anybody.get("/problems/%00").status()).isIn(400, 404);
    }

    /** Codes that are no constants stand in the sources as words, each beside its status. */
    @Test
    void everyProblemInTheSourcesIsDescribedWithItsStatus() throws IOException {
        Pattern literal = Pattern.compile("(?:new Problem|Problem\\.of)\\(\\s*([0-9]{3}|status),\\s*\"([a-z-]+)\"");
        JsonNode problems = MAPPER.readTree(made).get("x-tutti-problems");
        List<String> wrong = new ArrayList<>();
        int found = 0;
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                Matcher matcher = literal.matcher(Files.readString(file));
                while (matcher.find()) {
                    found++;
                    JsonNode statuses = problems.path(matcher.group(2)).path("status");
                    boolean described = matcher.group(1).equals("status")
                            ? !statuses.isEmpty()
                            : statuses.valueStream()
                                    .anyMatch(status -> status.asString().equals(matcher.group(1)));
                    if (!described) {
                        wrong.add(file + ": " + matcher.group(1) + " " + matcher.group(2));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(found).isGreaterThan(15);
    }

    private static String errors() {
        Map<String, List<String>> byStatus = new TreeMap<>();
        MAPPER.readTree(made).get("x-tutti-problems").forEachEntry((code, text) -> {
            String statuses =
                    text.get("status").valueStream().map(JsonNode::asString).collect(Collectors.joining(", "));
            byStatus.computeIfAbsent(statuses, s -> new ArrayList<>())
                    .add("| `%s` | %s | %s | %s |"
                            .formatted(
                                    code,
                                    statuses,
                                    text.get("when").asString(),
                                    text.get("do").asString()));
        });
        return """
                # Errors

                Whatever goes wrong is answered as `application/problem+json` (RFC 9457):

                ```json
                {"type": "/problems/unknown-item", "title": "Unknown item", "status": 422, "code": "unknown-item",
                 "detail": "there is no such item", "path": "lines[1].sku"}
                ```

                `code` is stable and is for programs; once published it never changes its meaning. `detail` is one sentence for
                people. `path` says where in the input it is, and is left out if it is about the whole. `type` leads to the text
                below: `GET /problems/unknown-item`. In an answer of NDJSON the result of a line has it under `problem`.

                Which operation is answered with which codes is in [the OpenAPI document](../openapi/tutti.json). This page is
                written by `./tutti openapi` and checked by a test.

                | Code | Status | When | What to do |
                |---|---|---|---|
                """ + byStatus.values().stream().flatMap(List::stream).collect(Collectors.joining("\n")) + "\n";
    }
}
