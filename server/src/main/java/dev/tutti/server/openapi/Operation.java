package dev.tutti.server.openapi;

import dev.tutti.server.security.Operations;
import dev.tutti.server.security.Role;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One method of one path.
 *
 * @param right what the table of rights calls it; null if anybody may call it
 */
record Operation(String method, String pattern, @Nullable String right) {
    private static final Pattern NAME = Pattern.compile("\\{([A-Za-z]+)}");
    private static final String PROBLEM = "#/components/schemas/Problem";

    /** @param route such as {@code GET /v1/orders orders.read}, or without the last word */
    static Operation of(String route) {
        String[] words = route.split(" ", -1);
        return new Operation(words[0], words[1], words.length > 2 ? words[2] : null);
    }

    /** The method as the document spells it. */
    String key() {
        return method.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return method + " " + pattern;
    }

    /** @param shared responses that are nothing but problems: the same for many operations, and written once */
    ObjectNode described(ObjectNode written, String tag, Problems problems, Operations rights, ObjectNode shared) {
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        for (String part : List.of("operationId", "summary", "responses")) {
            if (!written.has(part)) {
                throw new Flaw(this + " has no " + part);
            }
        }
        operation.set("operationId", written.get("operationId"));
        operation.putArray("tags").add(tag);
        copy("summary", written, operation);
        copy("description", written, operation);
        rights(operation, rights);
        copy("parameters", written, operation);
        copy("requestBody", written, operation);
        ObjectNode responses = operation.putObject("responses");
        TreeSet<String> statuses = new TreeSet<>(written.get("responses").propertyNames());
        var refused = problems.of(written, right != null);
        refused.keySet().forEach(status -> statuses.add(Integer.toString(status)));
        for (String status : statuses) {
            ObjectNode response = Written.part(Written.part(written, "responses"), status);
            SortedSet<String> codes = refused.get(Integer.valueOf(status));
            if (codes == null) {
                responses.set(status, response);
            } else if (response.isEmpty()) {
                String name = status + "." + String.join(".", codes);
                shared.set(name, withProblems(response, Integer.parseInt(status), codes));
                responses.putObject(status).put("$ref", "#/components/responses/" + name);
            } else {
                responses.set(status, withProblems(response, Integer.parseInt(status), codes));
            }
        }
        var ofLines = problems.named(written, "lineProblems");
        if (!ofLines.isEmpty()) {
            ObjectNode byStatus = operation.putObject("x-tutti-line-problems");
            ofLines.forEach((status, codes) -> codes.forEach(byStatus.putArray(Integer.toString(status))::add));
        }
        return operation;
    }

    private static void copy(String name, ObjectNode from, ObjectNode to) {
        JsonNode part = from.get(name);
        if (part != null) {
            to.set(name, part);
        }
    }

    private void rights(ObjectNode operation, Operations rights) {
        ArrayNode security = operation.putArray("security");
        if (right == null) {
            return;
        }
        security.addObject().putArray("key");
        operation.put("x-tutti-operation", right);
        ArrayNode roles = operation.putArray("x-tutti-roles");
        for (Role role : Role.values()) {
            if (rights.allows(role, right)) {
                roles.add(role.wire());
            }
        }
    }

    private static ObjectNode withProblems(ObjectNode own, int status, SortedSet<String> codes) {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        String list = String.join(", ", codes);
        response.put(
                "description",
                own.has("description") ? own.get("description").asString() + " Otherwise " + list : list);
        ObjectNode headers = Written.part(own, "headers");
        String header = switch (status) {
            case 401 -> "WWW-Authenticate";
            case 503 -> "Retry-After";
            default -> "";
        };
        if (!header.isEmpty()) {
            headers.putObject(header).put("$ref", "#/components/headers/" + header);
        }
        if (!headers.isEmpty()) {
            response.set("headers", headers);
        }
        ObjectNode content = Written.part(own, "content");
        ObjectNode schema = content.putObject("application/problem+json").putObject("schema");
        ArrayNode all = schema.putArray("allOf");
        all.addObject().put("$ref", PROBLEM);
        ObjectNode properties = all.addObject().putObject("properties");
        properties.putObject("status").put("const", status);
        codes.forEach(properties.putObject("code").putArray("enum")::add);
        response.set("content", content);
        return response;
    }

    /** Makes sure that each name in the pattern is a parameter, and no other is in the path. */
    void requireParameters(ObjectNode described, References references) {
        TreeSet<String> wanted = new TreeSet<>();
        for (Matcher names = NAME.matcher(pattern); names.find(); ) {
            wanted.add(names.group(1));
        }
        TreeSet<String> found = new TreeSet<>();
        for (JsonNode parameter : described.path("parameters")) {
            ObjectNode resolved = references.resolved(parameter);
            if (resolved.path("in").asString("").equals("path")) {
                found.add(resolved.path("name").asString(""));
            }
        }
        if (!found.equals(wanted)) {
            throw new Flaw(this + " has the parameters " + found + " in its path, not " + wanted);
        }
    }
}
