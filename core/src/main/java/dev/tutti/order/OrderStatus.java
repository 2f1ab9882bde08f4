package dev.tutti.order;

/** What the buyer and the channel are told: a function of the units (invariant 5). */
public enum OrderStatus {
    /** Accepted; not all units have a node yet, and none wait for stock. */
    ACCEPTED,
    /** Some units wait for stock and no node is working. */
    BACKORDERED,
    /** All live units have a node that does not know yet. */
    ALLOCATED,
    /** Nodes have work to do. */
    RELEASED,
    /** Some units have gone, others have not. */
    PARTLY_FULFILLED,
    /** All units that were not cancelled have gone. */
    FULFILLED,
    /** All units that had gone came back. */
    RETURNED,
    CANCELLED
}
