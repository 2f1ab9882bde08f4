package dev.tutti.reservation;

/** A reservation's number, positive as it is shown; see {@link #aggregate()}. */
public record ReservationId(long value) {
    /** Its number among all aggregates, where those of reservations are negative. */
    public long aggregate() {
        return -value;
    }

    public static ReservationId ofAggregate(long aggregate) {
        return new ReservationId(-aggregate);
    }
}
