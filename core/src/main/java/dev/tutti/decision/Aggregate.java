package dev.tutti.decision;

/**
 * What commands change one after the other: an order, a reservation, an inbound shipment. It is known by a
 * number; those of orders are positive, those of reservations negative, those of shipments below all of them.
 */
public interface Aggregate {
    /** Counts its changes. */
    int version();
}
