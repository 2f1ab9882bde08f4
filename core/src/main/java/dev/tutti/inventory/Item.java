package dev.tutti.inventory;

import java.util.SortedMap;

/**
 * What is sold, counted in whole numbers of its smallest unit.
 *
 * @param sku the code all channels know it by
 * @param attributes custom, for rules and search
 */
public record Item(ItemId id, String sku, String description, SortedMap<String, String> attributes) {}
