package dev.tutti.fulfilment;

/** Where a node's unit of work stands: a function of its units. */
public enum FulfilmentStatus {
    ALLOCATED,
    RELEASED,
    IN_PROGRESS,
    READY,
    HANDED_OVER,
    COLLECTED,
    /** All that had gone has come back. */
    RETURNED,
    CANCELLED;

    /** Whether the node has nothing more to do. */
    public boolean isFinal() {
        return compareTo(HANDED_OVER) >= 0;
    }
}
