package dev.tutti.server.api;

import dev.tutti.inventory.Place;

/** What units at a node are good for, on the wire. */
enum Condition {
    GOOD(Place.Pool.STOCK),
    QUALITY_CONTROL(Place.Pool.QUALITY_CONTROL),
    DAMAGED(Place.Pool.DAMAGED);

    /** The part of the node's units. */
    final int pool;

    Condition(int pool) {
        this.pool = pool;
    }
}
