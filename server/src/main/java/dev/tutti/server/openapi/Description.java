package dev.tutti.server.openapi;

import dev.tutti.server.http.Routes;
import dev.tutti.server.security.Operations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The whole document. The same program gives the same bytes. */
public final class Description {
    /** What REST v1 is; whatever else has a route (a page, say) is not in the document. */
    private static final List<String> DESCRIBED =
            List.of("/v1/", "/health", "/openapi.json", "/asyncapi.json", "/problems/");

    private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");
    private static final ObjectWriter WRITER = JsonMapper.builder()
            .build()
            .writer()
            .with(new DefaultPrettyPrinter(
                            Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER))
                    .withObjectIndenter(INDENTER));

    private final ObjectNode document;

    private Description(ObjectNode document) {
        this.document = document;
    }

    /** @throws IllegalStateException if what is written and what is there disagree */
    public static Description of(Routes routes, Operations rights, Facts facts) {
        Problems problems = new Problems(Written.problems(), facts);
        SortedMap<String, JsonNode> known = new TreeMap<>(facts.values());
        known.put("ProblemCode", problems.codes());
        Values values = new Values(known);
        ObjectNode document = values.putInto(Written.document());
        List<ObjectNode> groups = Written.groups().stream().map(values::putInto).toList();
        ObjectNode texts = values.putInto(problems.texts());
        values.requireAllUsed();

        Map<String, Operation> undescribed = new LinkedHashMap<>();
        for (String route : described(routes)) {
            Operation operation = Operation.of(route);
            undescribed.put(operation.toString(), operation);
        }
        ArrayNode tags = document.putArray("tags");
        ObjectNode paths = document.putObject("paths");
        ObjectNode components = components(document);
        ObjectNode schemas = components.withObjectProperty("schemas");
        ObjectNode shared = JsonNodeFactory.instance.objectNode();
        for (ObjectNode group : groups) {
            tags.add(group.get("tag"));
            String tag = group.at("/tag/name").asString();
            Written.part(group, "paths").forEachEntry((path, methods) -> {
                ObjectNode item = paths.putObject(path);
                ((ObjectNode) methods).forEachEntry((method, written) -> {
                    Operation operation = undescribed.remove(method.toUpperCase(java.util.Locale.ROOT) + " " + path);
                    if (operation == null) {
                        throw new Flaw("there is no route " + method + " " + path + " for what is written of it");
                    }
                    item.set(method, operation.described((ObjectNode) written, tag, problems, rights, shared));
                });
            });
            add(Written.part(group, "schemas"), schemas);
            add(reflected(group, facts), schemas);
        }
        if (!undescribed.isEmpty()) {
            throw new Flaw("nobody has described " + undescribed.keySet());
        }
        problems.requireAllUsed();
        components.set("responses", sorted(shared));
        document.set("components", components);
        document.set("x-tutti-problems", texts);
        finish(document);
        return new Description(document);
    }

    private static List<String> described(Routes routes) {
        List<String> all = new ArrayList<>(routes.open());
        all.addAll(routes.registered());
        return all.stream()
                .filter(route -> DESCRIBED.stream().anyMatch(route.substring(route.indexOf(' ') + 1)::startsWith))
                .toList();
    }

    /** Last in the document, the schemas last of all. */
    private static ObjectNode components(ObjectNode document) {
        ObjectNode components = Written.part(document, "components");
        document.remove("components");
        return components;
    }

    private static ObjectNode sorted(ObjectNode object) {
        ObjectNode sorted = JsonNodeFactory.instance.objectNode();
        new TreeSet<>(object.propertyNames()).forEach(name -> sorted.set(name, object.get(name)));
        return sorted;
    }

    private static void add(ObjectNode some, ObjectNode to) {
        some.forEachEntry((name, schema) -> {
            if (to.replace(name, schema) != null) {
                throw new Flaw("there are two schemas named " + name);
            }
        });
    }

    /** The schemas the program has made itself, each with its written text. */
    private static ObjectNode reflected(ObjectNode group, Facts facts) {
        ObjectNode schemas = JsonNodeFactory.instance.objectNode();
        if (!group.has("reflected")) {
            return schemas;
        }
        ObjectNode texts = Written.part(group, "reflected");
        if (!new TreeSet<>(texts.propertyNames()).equals(facts.schemas().keySet())) {
            throw new Flaw("described are " + texts.propertyNames() + ", and there are "
                    + facts.schemas().keySet());
        }
        facts.schemas().forEach((name, schema) -> {
            ObjectNode described = schemas.putObject(name);
            described.set("description", texts.get(name));
            described.setAll(schema);
        });
        return schemas;
    }

    private static void finish(ObjectNode document) {
        close(document);
        References references = new References(document);
        references.requireWhole();
        TreeSet<String> ids = new TreeSet<>();
        Written.part(document, "paths")
                .forEachEntry((path, methods) -> ((ObjectNode) methods).forEachEntry((method, operation) -> {
                    new Operation(method, path, null).requireParameters((ObjectNode) operation, references);
                    String id = operation.get("operationId").asString();
                    if (!ids.add(id)) {
                        throw new Flaw("two operations are called " + id);
                    }
                }));
    }

    /** Our objects have the fields they are said to have, and no other; and each line of NDJSON is one value. */
    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.path("type").asString("").equals("object")
                    && object.path("properties").isObject()
                    && !object.has("additionalProperties")
                    && !object.has("unevaluatedProperties")) {
                object.put("additionalProperties", false);
            }
            if (object.path("application/x-ndjson") instanceof ObjectNode lines) {
                lines.put("x-tutti-each-line", true);
            }
        }
        node.forEach(Description::close);
    }

    /** The document, printed for people to read and compare. */
    public byte[] json() {
        return (WRITER.writeValueAsString(document) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** What goes in and out by messages, as AsyncAPI. */
    public byte[] async() {
        return (WRITER.writeValueAsString(AsyncDescription.of(document)) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** A problem's status, when it happens and what to do; null if there is none of this code. */
    public @Nullable ObjectNode problem(String code) {
        return document.at("/x-tutti-problems").get(code) instanceof ObjectNode text ? text : null;
    }
}
