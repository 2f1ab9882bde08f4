package dev.tutti.fulfilment;

/** How units reach the customer. */
public enum Method {
    SHIP,
    /** From the shelf of the store where the customer comes to collect. */
    PICK_UP,
    /** Sent to the store where the customer comes to collect. */
    SHIP_TO_STORE;

    /** Whether the node that has the units hands them to a carrier. */
    public boolean isSent() {
        return this != PICK_UP;
    }

    /** Whether the customer comes to a store. */
    public boolean isCollected() {
        return this != SHIP;
    }
}
