package dev.tutti.sourcing;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.inventory.DailyCapacity;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.Supply;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which node gives what.
 *
 * @param parcels by group, node and day
 * @param unfilled by line; empty if everything found a node
 * @param cost millionths of a minor unit, without what is unfilled
 * @param proven whether no cheaper plan exists, each node leaving on the day it was offered for; else {@code bound}
 *     says how cheap one could be at most. What goes on over several days of a node is never proven.
 * @param record everything the choice was made from
 */
public record SourcingPlan(
        List<Parcel> parcels, List<Unfilled> unfilled, long cost, boolean proven, long bound, SourcingRecord record) {
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
            List<LineQuantity> lines) {
        /** What claims the node's capacity on its day for the parcel; nothing if that has no limit. */
        public List<StockChange> claimsOfDay(Network network, Supply supply) {
            Node known = network.node(node.value());
            if (capacityDay == null || known == null) {
                return List.of();
            }
            int units = 0;
            for (LineQuantity part : lines) {
                units += part.quantity();
            }
            return DailyCapacity.claims(known, capacityDay, units, supply);
        }
    }

    /** Units that no node gives. */
    public record Unfilled(int line, int quantity, Lack lack) {}

    /** What stood in the way. */
    public enum Lack {
        /** No node that may be asked has them. */
        STOCK,
        /** Nodes have them, and on none of the days ahead can they take on so much more. */
        CAPACITY
    }

    /** Whether another day of the nodes that were used up could give more. */
    boolean mayGoOn() {
        return !lackingCapacity().isEmpty() && parcels.stream().anyMatch(parcel -> parcel.capacityDay() != null);
    }

    /** What waits for a node to be able to do more. */
    public List<Unfilled> lackingCapacity() {
        return unfilled.stream().filter(part -> part.lack() == Lack.CAPACITY).toList();
    }

    /** This plan and one for what it found no capacity for, together. */
    SourcingPlan and(SourcingPlan rest) {
        List<Parcel> all = new ArrayList<>(parcels);
        all.addAll(rest.parcels());
        all.sort(Comparator.comparingInt(Parcel::group)
                .thenComparing(Parcel::node)
                .thenComparing(Parcel::dispatchBy));
        List<Unfilled> still = new ArrayList<>(unfilled);
        still.removeAll(lackingCapacity());
        still.addAll(rest.unfilled());
        still.sort(Comparator.comparingInt(Unfilled::line));
        return new SourcingPlan(all, still, cost + rest.cost(), false, 0, record);
    }

    SourcingPlan madeFrom(SourcingRecord seen) {
        return new SourcingPlan(parcels, unfilled, cost, proven, bound, seen);
    }
}
