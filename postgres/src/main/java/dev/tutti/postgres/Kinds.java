package dev.tutti.postgres;

import dev.tutti.inbound.ShipmentId;
import java.util.SortedSet;
import java.util.TreeSet;

/** Numbers of aggregates, by the table they are kept in. */
record Kinds(SortedSet<Long> shipments, SortedSet<Long> reservations, SortedSet<Long> orders) {
    static Kinds of(SortedSet<Long> aggregates) {
        SortedSet<Long> shipments = new TreeSet<>();
        SortedSet<Long> reservations = new TreeSet<>();
        for (long aggregate : aggregates.headSet(0L)) {
            (ShipmentId.isShipment(aggregate) ? shipments : reservations).add(aggregate);
        }
        return new Kinds(shipments, reservations, aggregates.tailSet(0L));
    }
}
