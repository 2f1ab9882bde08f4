package dev.tutti.server;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds what the tests send and get against {@code openapi/tutti.json}, the document that is published: each answer must
 * be one that the document describes, and each request that was taken one that it allows. So the document is as true as
 * the tests are thorough.
 */
final class Contract {
    static final Path FILE = Path.of("..", "openapi", "tutti.json");
    static final Path ASYNC_FILE = Path.of("..", "openapi", "asyncapi.json");

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            registry -> registry.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

    /** Read when the first answer comes: whoever only writes the file anew needs none. */
    private static final class Checked {
        static final Contract IN = new Contract(document());
    }

    /** Headers that say something of ours; the others are the web server's. */
    private static final List<String> HEADERS =
            List.of("ETag", "Location", "Idempotent-Replayed", "WWW-Authenticate", "Retry-After");

    private static final List<String> DESCRIBED =
            List.of("/v1", "/health", "/openapi.json", "/asyncapi.json", "/problems");

    private final JsonNode document;
    private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

    private Contract(JsonNode document) {
        this.document = document;
    }

    /** What is wrong with an event that was told outside. */
    static List<String> errors(JsonNode event) {
        return Messages.IN.validate(Messages.payload(event.path("type").asString("")), event);
    }

    /** The same of messages, in {@code openapi/asyncapi.json}. */
    private static final class Messages {
        static final Contract IN = new Contract(read(ASYNC_FILE));

        static JsonNode payload(String type) {
            return IN.document.at("/components/messages/" + type.replaceFirst("^dev\\.tutti\\.", "") + "/payload");
        }
    }

    static JsonNode document() {
        return read(FILE);
    }

    private static JsonNode read(Path file) {
        try {
            return MAPPER.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read; ./tutti openapi writes it", e);
        }
    }

    static void check(String method, String target, String contentType, byte[] body, HttpResponse<String> response) {
        Exchange exchange = new Exchange(method, target, mediaType(contentType), body, response);
        List<String> wrong = Checked.IN.check(exchange);
        if (!wrong.isEmpty()) {
            throw new AssertionError("%s %s → %d is not as openapi/tutti.json says:\n  %s\n%s"
                    .formatted(
                            method,
                            target,
                            response.statusCode(),
                            String.join("\n  ", wrong),
                            shortened(response.body())));
        }
    }

    private record Exchange(
            String method, String target, String mediaType, byte[] body, HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        boolean taken() {
            return status() / 100 == 2;
        }

        String path() {
            return target.split("\\?", 2)[0];
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        List<String> lines() {
            return new String(body, StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static String mediaType(String contentType) {
        return contentType.split(";", 2)[0].strip();
    }

    private static String shortened(String text) {
        return text.length() > 2_000 ? text.substring(0, 2_000) + "…" : text;
    }

    private List<String> check(Exchange exchange) {
        String path = pattern(exchange.path());
        JsonNode operation =
                document.path("paths").path(path).path(exchange.method().toLowerCase(Locale.ROOT));
        if (!operation.isObject()) {
            return undescribed(exchange, path);
        }
        List<String> wrong = new ArrayList<>();
        JsonNode response = resolved(operation.path("responses").path(Integer.toString(exchange.status())));
        if (!response.isObject()) {
            return List.of("it has no such status");
        }
        headers(exchange, response, wrong);
        content(exchange, operation, response, wrong);
        if (exchange.taken()) {
            queries(exchange, operation, wrong);
        }
        request(exchange, operation, wrong);
        return wrong;
    }

    /**
     * The exemptions: what is no operation of REST v1. Pages of the console are not described at all. A path or a method
     * that is not there is answered with a problem, or by the web server, which cannot know of our paths.
     */
    private List<String> undescribed(Exchange exchange, String path) {
        if (DESCRIBED.stream().noneMatch(exchange.path()::startsWith)) {
            return List.of();
        }
        List<Integer> expected = path.isEmpty() ? List.of(400, 401, 404) : List.of(400, 401, 405, 501);
        if (!expected.contains(exchange.status())) {
            return List.of("it is not described");
        }
        return validate(
                reference("Problem"), MAPPER.readTree(exchange.response().body()));
    }

    /** The described path that a path in a request belongs to, or nothing; plain segments go before names. */
    private String pattern(String path) {
        String best = "";
        String[] segments = path.split("/", -1);
        for (String candidate : document.path("paths").propertyNames()) {
            String[] names = candidate.split("/", -1);
            boolean matches = names.length == segments.length;
            for (int i = 0; matches && i < names.length; i++) {
                matches = names[i].startsWith("{") ? !segments[i].isEmpty() : names[i].equals(segments[i]);
            }
            if (matches && (best.isEmpty() || candidate.indexOf('{') < 0 || before(candidate, best))) {
                best = candidate;
            }
        }
        return best;
    }

    private static boolean before(String candidate, String other) {
        return other.indexOf('{') >= 0 && candidate.indexOf('{') > other.indexOf('{');
    }

    // What came back

    private void headers(Exchange exchange, JsonNode response, List<String> wrong) {
        for (String name : HEADERS) {
            JsonNode described = resolved(response.path("headers").path(name));
            String value = exchange.header(name);
            if (value.isEmpty()) {
                if (described.path("required").asBoolean(false)) {
                    wrong.add("the header " + name + " is missing");
                }
            } else if (described.isMissingNode()) {
                wrong.add("the header " + name + " is not described");
            } else {
                validate(described.get("schema"), JsonNodeFactory.instance.stringNode(value))
                        .forEach(error -> wrong.add(name + ": " + error));
            }
        }
    }

    private void content(Exchange exchange, JsonNode operation, JsonNode response, List<String> wrong) {
        String body = exchange.response().body();
        String type = mediaType(exchange.header("Content-Type"));
        JsonNode content = response.path("content").path(type);
        if (content.isMissingNode()) {
            if (response.has("content") || !body.isEmpty()) {
                wrong.add("it does not answer in " + type);
            }
        } else if (content.path("x-tutti-each-line").asBoolean(false)) {
            body.lines().forEach(line -> lineResult(MAPPER.readTree(line), operation, content, wrong));
        } else {
            boolean text = type.startsWith("text/");
            wrong.addAll(validate(content.get("schema"), text ? MAPPER.valueToTree(body) : MAPPER.readTree(body)));
        }
    }

    private void lineResult(JsonNode line, JsonNode operation, JsonNode content, List<String> wrong) {
        wrong.addAll(validate(content.get("schema"), line));
        JsonNode code = line.at("/problem/code");
        if (code.isString()
                && operation
                        .path("x-tutti-line-problems")
                        .path(line.path("status").asString())
                        .valueStream()
                        .noneMatch(code::equals)) {
            wrong.add("no line is said to have the problem " + code + " with the status " + line.path("status"));
        }
    }

    // What was sent

    private void queries(Exchange exchange, JsonNode operation, List<String> wrong) {
        String[] parts = exchange.target().split("\\?", 2);
        Map<String, JsonNode> described = new HashMap<>();
        for (JsonNode parameter : operation.path("parameters")) {
            JsonNode resolved = resolved(parameter);
            if (resolved.path("in").asString().equals("query")) {
                described.put(resolved.path("name").asString(), resolved.get("schema"));
            }
        }
        for (String pair : parts.length < 2 ? new String[0] : parts[1].split("&")) {
            String[] sides = pair.split("=", 2);
            JsonNode schema = described.get(sides[0]);
            if (schema == null) {
                wrong.add("it takes the query parameter " + sides[0] + ", which is not described");
            } else if (sides.length == 2 && !sides[1].isEmpty()) {
                String text = URLDecoder.decode(sides[1], StandardCharsets.UTF_8);
                validate(schema, value(schema, text)).forEach(error -> wrong.add(sides[0] + ": " + error));
            }
        }
    }

    /** What a text in a query means. */
    private JsonNode value(JsonNode schema, String text) {
        return switch (schema.path("type").asString("")) {
            case "integer", "boolean" -> MAPPER.readTree(text);
            case "array" -> {
                var all = JsonNodeFactory.instance.arrayNode();
                List.of(text.split(",", -1)).forEach(all::add);
                yield all;
            }
            default -> JsonNodeFactory.instance.stringNode(text);
        };
    }

    private void request(Exchange exchange, JsonNode operation, List<String> wrong) {
        JsonNode body = operation.path("requestBody");
        JsonNode content = body.path("content").path(exchange.mediaType());
        if (exchange.body().length == 0) {
            if (exchange.taken() && body.path("required").asBoolean(false) && !isNdjson(exchange)) {
                wrong.add("it takes a request without a body, which is said to be required");
            }
        } else if (content.isMissingNode()) {
            if (exchange.taken()) {
                wrong.add("it takes a body of " + exchange.mediaType() + ", which is not described");
            }
        } else if (!content.path("x-tutti-each-line").asBoolean(false)) {
            String code = exchange.taken() || exchange.response().body().isEmpty()
                    ? ""
                    : MAPPER.readTree(exchange.response().body()).path("code").asString("");
            document(content.get("schema"), exchange.body(), exchange.taken(), code, wrong);
        } else if (exchange.taken()) {
            List<String> lines = exchange.lines();
            exchange.response().body().lines().map(MAPPER::readTree).forEach(result -> {
                String line = lines.get(result.path("line").asInt() - 1);
                boolean taken = result.path("status").asInt() / 100 == 2;
                String code = result.at("/problem/code").asString("");
                document(content.get("schema"), line.getBytes(StandardCharsets.UTF_8), taken, code, wrong);
            });
        }
    }

    private static boolean isNdjson(Exchange exchange) {
        return exchange.mediaType().equals("application/x-ndjson");
    }

    /** What was taken is allowed, and what was refused for the fields it has or lacks is not. */
    private void document(JsonNode schema, byte[] sent, boolean taken, String code, List<String> wrong) {
        boolean refused = code.equals("unknown-field") || code.equals("missing-field");
        if (taken || refused) {
            List<String> errors = errors(schema, sent);
            if (taken) {
                errors.forEach(error -> wrong.add("it takes a request that is not allowed: " + error));
            } else if (errors.isEmpty()) {
                wrong.add("it refuses a request that is allowed, with " + code);
            }
        }
    }

    private List<String> errors(JsonNode schema, byte[] sent) {
        try {
            return validate(schema, MAPPER.readTree(sent));
        } catch (JacksonException e) {
            return List.of("it is no JSON");
        }
    }

    // Schemas

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asString().substring(1)) : node;
    }

    private static ObjectNode reference(String name) {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    List<String> validate(JsonNode schema, JsonNode value) {
        return errors(schemas.computeIfAbsent(schema, this::compiled), value);
    }

    static List<String> errors(Schema schema, JsonNode value) {
        return schema.validate(value).stream()
                .map(Contract::said)
                .distinct()
                .limit(10)
                .toList();
    }

    private static String said(Error error) {
        return error.getInstanceLocation() + ": " + error.getMessage();
    }

    /** With the components inside it, so that its references lead somewhere. */
    private Schema compiled(JsonNode schema) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.putArray("allOf").add(schema);
        ObjectNode components = whole.putObject("$defs");
        document.at("/components/schemas").forEachEntry((name, component) -> components.set(name, plain(component)));
        return SCHEMAS.getSchema(MAPPER.readTree(whole.toString().replace("#/components/schemas/", "#/$defs/")));
    }

    /** Without what only tells generators of code how to read it. */
    private static JsonNode plain(JsonNode schema) {
        return schema instanceof ObjectNode object ? object.deepCopy().without("discriminator") : schema;
    }

    static Contract checkedIn() {
        return Checked.IN;
    }

    static Schema schema(JsonNode schema) {
        return SCHEMAS.getSchema(schema);
    }

    static Schema metaSchema() {
        return SCHEMAS.getSchema(
                com.networknt.schema.SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
    }
}
