package dev.tutti.conveyor;

/** What a unique key is about. */
public enum KeyKind {
    /** A channel's own number of an order. */
    EXTERNAL_ORDER,
    /** A caller's idempotency key of a request. */
    REQUEST,
    /** What the sender of an inbound shipment calls it. */
    SHIPMENT,
    /** What orders that are alike have in common, within some time: a {@link Mark}. */
    ALIKE
}
