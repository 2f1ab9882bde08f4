package dev.tutti.inbound;

/** An inbound shipment's number, positive as it is shown; see {@link #aggregate()}. */
public record ShipmentId(long value) {
    private static final long BELOW_ALL_RESERVATIONS = Long.MIN_VALUE;

    /** Its number among all aggregates, where those of shipments are below all reservations. */
    public long aggregate() {
        return BELOW_ALL_RESERVATIONS + value;
    }

    /** Whether this number among all aggregates is a shipment's: numbers of all kinds are below 2 to the 62nd. */
    public static boolean isShipment(long aggregate) {
        return aggregate < BELOW_ALL_RESERVATIONS / 2;
    }

    public static ShipmentId ofAggregate(long aggregate) {
        return new ShipmentId(aggregate - BELOW_ALL_RESERVATIONS);
    }
}
