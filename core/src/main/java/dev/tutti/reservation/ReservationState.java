package dev.tutti.reservation;

/** How far a reservation has come. */
public enum ReservationState {
    HELD,
    /** An order has the units now. */
    TAKEN,
    /** Somebody gave them back. */
    RELEASED,
    /** Nobody wanted them in time. */
    EXPIRED
}
