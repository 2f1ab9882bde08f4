package dev.tutti.server.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What people have written: a file for each group of operations, and two that all of them share. */
final class Written {
    /** In the order in which the document has them. */
    private static final List<String> GROUPS = List.of(
            "orders",
            "work",
            "network",
            "configuration",
            "stock",
            "inbound",
            "reservations",
            "events",
            "subscriptions",
            "server");

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Written() {}

    static ObjectNode document() {
        return file("document");
    }

    static ObjectNode problems() {
        return file("problems");
    }

    static List<ObjectNode> groups() {
        return GROUPS.stream().map(Written::file).toList();
    }

    /** A part of a node that is an object; an empty one if there is none. */
    static ObjectNode part(ObjectNode node, String name) {
        JsonNode part = node.get(name);
        if (part == null) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (part instanceof ObjectNode object) {
            return object;
        }
        throw new Flaw(name + " is not an object");
    }

    static ObjectNode async() {
        return file("async");
    }

    private static ObjectNode file(String name) {
        try (InputStream file = Written.class.getResourceAsStream(name + ".yaml")) {
            if (file == null) {
                throw new Flaw(name + ".yaml is missing");
            }
            return (ObjectNode) YAML.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
