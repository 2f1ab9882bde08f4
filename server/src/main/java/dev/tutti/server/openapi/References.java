package dev.tutti.server.openapi;

import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Who refers to what within the document. */
final class References {
    private static final List<String> KINDS = List.of("schemas", "parameters", "headers", "responses");

    private final ObjectNode document;
    private final TreeSet<String> reached = new TreeSet<>();

    References(ObjectNode document) {
        this.document = document;
    }

    ObjectNode resolved(JsonNode node) {
        if (!node.has("$ref")) {
            return (ObjectNode) node;
        }
        String reference = node.get("$ref").asString();
        if (reference.startsWith("#/") && document.at(reference.substring(1)) instanceof ObjectNode target) {
            return target;
        }
        throw new Flaw("there is no " + reference);
    }

    /** Every reference leads somewhere, and every component is referred to, from some path in the end. */
    void requireWhole() {
        follow(document.get("paths"));
        for (String kind : KINDS) {
            for (String name :
                    Written.part(Written.part(document, "components"), kind).propertyNames()) {
                if (!reached.contains("#/components/" + kind + "/" + name)) {
                    throw new Flaw("nothing uses " + kind + "/" + name);
                }
            }
        }
    }

    private void follow(JsonNode node) {
        switch (node) {
            case ObjectNode object -> {
                if (object.has("$ref") && reached.add(object.get("$ref").asString())) {
                    follow(resolved(object));
                }
                object.forEach(this::follow);
            }
            case ArrayNode array -> array.forEach(this::follow);
            default -> {}
        }
    }
}
