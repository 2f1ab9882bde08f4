package dev.tutti.inventory;

/** An item's number: given once when the SKU is made known, never reused. */
public record ItemId(int value) implements Comparable<ItemId> {
    @Override
    public int compareTo(ItemId other) {
        return Integer.compare(value, other.value);
    }
}
