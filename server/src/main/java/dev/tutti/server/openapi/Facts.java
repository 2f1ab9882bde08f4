package dev.tutti.server.openapi;

import java.util.SortedMap;
import java.util.SortedSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the program knows of itself and nobody should write a second time.
 *
 * @param values lists of spellings, and limits; the texts name them as in {@code $OrderStatus}
 * @param problems the codes that have a constant, with their HTTP status
 * @param schemas of what is written by reflection, by name
 */
public record Facts(
        SortedMap<String, JsonNode> values,
        SortedMap<String, SortedSet<Integer>> problems,
        SortedMap<String, ObjectNode> schemas) {}
