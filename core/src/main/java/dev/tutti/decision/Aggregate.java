package dev.tutti.decision;

/**
 * What commands change one after the other: an order, a reservation. It is known by a number; those of orders are
 * positive, those of reservations negative.
 */
public interface Aggregate {
    /** Counts its changes. */
    int version();
}
