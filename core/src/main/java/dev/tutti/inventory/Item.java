package dev.tutti.inventory;

import dev.tutti.network.ItemTerms;
import java.util.SortedMap;

/**
 * What is sold, counted in whole numbers of its smallest unit.
 *
 * @param sku the code all channels know it by
 * @param attributes custom, for rules and search
 * @param terms how it is had, and by whom
 */
public record Item(ItemId id, String sku, String description, SortedMap<String, String> attributes, ItemTerms terms) {
    /** One of which nothing else is said. */
    public Item(ItemId id, String sku, String description, SortedMap<String, String> attributes) {
        this(id, sku, description, attributes, ItemTerms.USUAL);
    }
}
