package dev.tutti.inventory;

import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.network.Slot;
import java.time.LocalDate;

/**
 * One item at one place. The natural order, by item and then place, is the order in which positions are locked.
 *
 * <p>What a node can work off on one of its days is claimed like stock, by the same guard: its position is the day at
 * the node. Such a position has nothing on hand; the node's daily capacity is what may be claimed. So are the slots of a
 * day in which customers collect.
 *
 * @param item the item's number, from 1; a day's is negative, and 0 stands for what callers hold
 * @param place where units are booked: the number of a {@link Place}; at a node itself that is the node's number
 */
public record PositionKey(int item, int place) implements Comparable<PositionKey> {
    public static PositionKey of(int item, Place place) {
        return new PositionKey(item, place.number());
    }

    /** The capacity of a node on one of its days. */
    public static PositionKey ofDay(NodeId node, LocalDate day) {
        return new PositionKey(Math.toIntExact(-day.toEpochDay()), node.value());
    }

    /** Units that a caller holds without an order, of all items together. */
    public static PositionKey ofCaller(int caller) {
        return new PositionKey(0, caller);
    }

    /** How many pick-ups a slot takes at its node. */
    public static PositionKey ofSlot(Slot slot) {
        return of(
                Math.toIntExact(-slot.day().toEpochDay()),
                new Place(slot.minute() + 1, slot.node().value()));
    }

    /**
     * What is wanted of an item by those who have no node yet. What is expected to come is on hand there, those who wait
     * claim of it, and its cap says how many more may wait.
     */
    public static PositionKey ofWaiting(int item) {
        return of(item, Place.UNASSIGNED);
    }

    /** Whether this is what waits for an item, and not stock. */
    public boolean isWaiting() {
        return item > 0 && place == 0;
    }

    /** Whether this is what is on its way, on a day or altogether, and nowhere yet. */
    public boolean isExpected() {
        return isWaiting() || (isStock() && Place.of(place).isDue());
    }

    /** Whether this is units of an item, and not something else that is claimed like them. */
    public boolean isStock() {
        return item > 0;
    }

    /** Whether this is a time in which customers collect, a part of a day. */
    public boolean isSlot() {
        return isDay() && place > Node.MOST;
    }

    /** Whether this is the capacity of a node on a day or of a part of it, and not stock. */
    public boolean isDay() {
        return item < 0;
    }

    @Override
    public int compareTo(PositionKey other) {
        int byItem = Integer.compare(item, other.item);
        return byItem != 0 ? byItem : Integer.compare(place, other.place);
    }
}
