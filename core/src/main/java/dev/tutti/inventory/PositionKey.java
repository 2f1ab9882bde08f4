package dev.tutti.inventory;

/**
 * One item at one place. The natural order, by item and then place, is the order in which positions are locked.
 *
 * @param item the item's number
 * @param place where units are booked: a node's number, or later a ring-fence, a dated receipt, unassigned demand
 */
public record PositionKey(int item, int place) implements Comparable<PositionKey> {
    @Override
    public int compareTo(PositionKey other) {
        int byItem = Integer.compare(item, other.item);
        return byItem != 0 ? byItem : Integer.compare(place, other.place);
    }
}
