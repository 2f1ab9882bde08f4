package dev.tutti.sourcing;

import dev.tutti.fulfilment.Method;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sourced: all units of one order that have no node.
 *
 * @param mostParcels how many at most; 0 for any number
 * @param now from which the nodes' dispatch days are reckoned
 */
public record SourcingRequest(Instant now, List<Group> groups, List<Demand> demands, int mostParcels) {
    /** One that may be sent in any number of parcels. */
    public SourcingRequest(Instant now, List<Group> groups, List<Demand> demands) {
        this(now, groups, demands, 0);
    }

    /**
     * Lines that travel together; parcels never mix groups.
     *
     * @param pickUpNode where the customer comes to collect; null if it is sent to them
     * @param service the number of the carrier service they travel by; 0 if none was chosen
     * @param country where to, with the postcode; by them the service may know how far it is
     * @param collectFrom when the slot begins in which the customer comes to collect; null if they come when they like
     */
    public record Group(
            int number,
            Method method,
            @Nullable GeoPoint destination,
            @Nullable NodeId pickUpNode,
            int service,
            String country,
            String postcode,
            @Nullable Instant collectFrom) {
        public Group {
            // Without a service nobody looks at them, and they are not recorded.
            country = service == 0 ? "" : country;
            postcode = service == 0 ? "" : postcode;
        }

        /** The one node that may give it: the store where it is collected from the shelf; null if several may. */
        public @Nullable NodeId onlyNode() {
            return method.isSent() ? null : pickUpNode;
        }

        /** How what a node has reaches the customer: what is in the store already is not sent there; by the node's number. */
        Method methodFrom(int node) {
            boolean isThere = method == Method.SHIP_TO_STORE && pickUpNode != null && pickUpNode.value() == node;
            return isThere ? Method.PICK_UP : method;
        }

        /** The number of the carrier service by which what a node has travels; 0 if by none, or none was chosen. */
        int serviceFrom(int node) {
            return methodFrom(node).isSent() ? service : 0;
        }

        /** One that goes by whatever comes to the node, or is collected. */
        public Group(int number, Method method, @Nullable GeoPoint destination, @Nullable NodeId pickUpNode) {
            this(number, method, destination, pickUpNode, 0, "", "", null);
        }
    }

    /**
     * Units of one line.
     *
     * @param group the number of its group
     * @param splittable whether they may come from more than one node
     * @param blocked nodes that are not asked
     */
    public record Demand(int line, int item, int quantity, int group, boolean splittable, List<NodeId> blocked) {
        Demand of(int units) {
            return new Demand(line, item, units, group, splittable, blocked);
        }
    }

    boolean mayHaveMoreThan(int parcels) {
        return mostParcels == 0 || parcels < mostParcels;
    }

    /** The same question for these units only, when there are so many parcels already. */
    SourcingRequest only(List<SourcingPlan.Unfilled> units, int parcels) {
        // Looked up only; the order is that of the demands.
        Map<Integer, Integer> byLine = new HashMap<>();
        units.forEach(part -> byLine.put(part.line(), part.quantity()));
        List<Demand> rest = new ArrayList<>(byLine.size());
        for (Demand demand : demands) {
            Integer quantity = byLine.get(demand.line());
            if (quantity != null) {
                rest.add(demand.of(quantity));
            }
        }
        return new SourcingRequest(now, groups, rest, mostParcels == 0 ? 0 : mostParcels - parcels);
    }

    Demand demand(int line) {
        for (Demand demand : demands) {
            if (demand.line() == line) {
                return demand;
            }
        }
        throw new IllegalArgumentException("nobody asked for line " + line);
    }
}
