package dev.tutti.fulfilment;

/** Where a unit is between being ordered and being gone. The order of the constants is the order of a unit's life. */
public enum UnitState {
    /** Ordered; no node has been chosen. */
    OPEN,
    /** No node could give it; it waits for stock. */
    BACKORDERED,
    /** A node is chosen and its stock claimed; the node does not know yet. */
    ALLOCATED,
    /** The node has it among its work. */
    RELEASED,
    PICKED,
    /** In a parcel, or staged for collection. */
    PACKED,
    /** Handed over to a carrier. */
    SHIPPED,
    /** Handed to the customer. */
    COLLECTED,
    /** Had gone, and came back. */
    RETURNED,
    CANCELLED;

    /** Whether it can still be called off: it has not left the house. */
    public boolean isCancellable() {
        return compareTo(SHIPPED) < 0;
    }

    /** Whether units at a node hold a claim on its stock in this state. */
    public boolean holdsStock() {
        return compareTo(ALLOCATED) >= 0 && compareTo(PACKED) <= 0;
    }

    /** Whether the customer has it. */
    public boolean isWithTheCustomer() {
        return this == SHIPPED || this == COLLECTED;
    }

    /** Whether nothing more will happen to it on its way out. */
    public boolean isFinal() {
        return compareTo(SHIPPED) >= 0;
    }
}
