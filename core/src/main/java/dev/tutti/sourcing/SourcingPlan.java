package dev.tutti.sourcing;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.network.NodeId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which node gives what.
 *
 * @param parcels by group and node
 * @param unfilled by line; empty if everything found a node
 * @param cost millionths of a minor unit, without what is unfilled
 * @param proven whether no cheaper plan exists, each node leaving on the day it was offered for; else {@code bound}
 *     says how cheap one could be at most
 * @param record everything the choice was made from
 */
public record SourcingPlan(
        List<Parcel> parcels,
        List<LineQuantity> unfilled,
        long cost,
        boolean proven,
        long bound,
        SourcingRecord record) {
    /**
     * What one node gives to one group.
     *
     * @param capacityDay the day of the node on which its units take up capacity; null if that has no limit
     */
    public record Parcel(
            int group,
            NodeId node,
            Method method,
            Instant dispatchBy,
            @Nullable LocalDate capacityDay,
            List<LineQuantity> lines) {}
}
