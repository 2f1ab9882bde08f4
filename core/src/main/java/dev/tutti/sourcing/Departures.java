package dev.tutti.sourcing;

import dev.tutti.fulfilment.Method;
import dev.tutti.inventory.DailyCapacity;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Supply;
import dev.tutti.network.CarrierService;
import dev.tutti.network.HandOver;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.network.PickUpHours;
import dev.tutti.network.PickUpTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** On which day each node's parcels of one order leave, as far as its capacity has room. */
final class Departures {
    /** How many of its days after the first a node is looked at for free capacity. */
    private static final int DAYS_AHEAD = 10;
    /** In place of a carrier service, where customers come themselves. */
    private static final int AT_THE_COUNTER = -1;

    private final Instant now;
    private final NodeTable nodes;
    /** The days this run looked at for each node with limited capacity, the best first; looked up by node only. */
    private final Map<NodeId, List<Departure>> looked = new HashMap<>();

    private final TreeMap<PositionKey, Integer> capacityLeft = new TreeMap<>();
    private long firstDay = Long.MAX_VALUE;

    /**
     * When a node's parcels leave, whichever group they are for.
     *
     * @param service the number of the carrier service that takes them then, of several groups that of the first; others may
     *     come later
     * @param leaves with that service
     * @param capacityDay null if the node's capacity has no limit; then {@code free} is not looked at
     * @param free units the node can still take on that day
     */
    record Departure(
            Node node,
            int service,
            Leaving leaves,
            @Nullable LocalDate capacityDay,
            int free) {
        LocalDate day() {
            return leaves.day();
        }
    }

    Departures(Instant now, NodeTable nodes) {
        this.now = now;
        this.nodes = nodes;
    }

    /**
     * The first day on which the node has capacity for all it could give; if there is none soon, the one with the most.
     * What a node gives in one run counts on one day, in the end the first with room for that: on which it leaves, or from
     * which it can be collected; if a customer comes in a slot, the slot's day, or else one before.
     *
     * @param group that is asked about first
     * @param slot the first one in which anything that is asked of the node is collected; null if not all of it is collected
     *     in one
     * @param supply with what earlier runs for the same order have planned
     * @param couldGive units; not looked at if the node's capacity has no limit
     */
    Departure of(Node node, SourcingRequest.Group group, @Nullable Instant slot, Supply supply, long couldGive) {
        int service = group.serviceFrom(node.id().value());
        HandOver first = nodes.handOver(node, service);
        if (node.dailyCapacity() == Node.UNLIMITED) {
            return nodes.departure(node, service, first);
        }
        PickUpHours hours = collectedWithin(node, group);
        PickUpTime time = hours == null ? null : PickUpTime.of(node, now, full -> false);
        if (hours == null || time == null) {
            CarrierService by = nodes.network.service(service);
            NextDay leaves = from -> HandOver.from(from, node.calendar(), by);
            return firstWithRoom(node, service, supply, first.day(), leaves, couldGive);
        }
        LocalDate soonest = time.day(node.calendar().zone());
        NextDay opens = from -> hours.opens(node.calendar(), from);
        LocalDate comes = slot == null || slot.isBefore(now)
                ? LocalDate.MIN
                : LocalDate.ofInstant(slot, node.calendar().zone());
        return comes.isBefore(soonest)
                ? firstWithRoom(node, AT_THE_COUNTER, supply, soonest, opens, couldGive)
                : firstWithRoom(node, AT_THE_COUNTER, supply, comes, before(comes, soonest, opens), couldGive);
    }

    /** After a day itself, those before it, from the soonest. */
    private static NextDay before(LocalDate last, LocalDate soonest, NextDay next) {
        return from -> {
            LocalDate day = from.isAfter(last) ? soonest : next.from(from);
            return day != null && day.isBefore(last) ? day : null;
        };
    }

    private Departure firstWithRoom(
            Node node, int service, Supply supply, LocalDate first, NextDay next, long couldGive) {
        List<Departure> seen = new ArrayList<>();
        looked.put(node.id(), seen);
        Departure best = look(node, service, supply, first);
        seen.add(best);
        LocalDate day = first;
        for (int i = 0; i < DAYS_AHEAD && best.free() < couldGive; i++) {
            day = next.from(day.plusDays(1));
            if (day == null) {
                return best;
            }
            Departure other = look(node, service, supply, day);
            seen.add(other);
            best = other.free() > best.free() ? other : best;
        }
        return best;
    }

    /** The first day from one on on which work can be done with; null if there is none within a year. */
    private interface NextDay {
        @Nullable
        LocalDate from(LocalDate day);
    }

    /** The hours within which a customer collects what a node has for a group; null if there are none, or it is sent. */
    private static @Nullable PickUpHours collectedWithin(Node node, SourcingRequest.Group group) {
        return group.methodFrom(node.id().value()) == Method.PICK_UP
                ? node.handling().pickUp()
                : null;
    }

    private Departure look(Node node, int service, Supply supply, LocalDate day) {
        int free = DailyCapacity.free(node, day, supply);
        capacityLeft.putIfAbsent(PositionKey.ofDay(node.id(), day), free);
        return new Departure(node, service, Leaving.on(day, node.calendar().endOf(day)), day, free);
    }

    /** Once it is known what the node gives, which may be less than it could: the best day that has room for that. */
    Departure withRoomFor(int units, Departure planned) {
        for (Departure day : looked.getOrDefault(planned.node().id(), List.of())) {
            if (day.free() >= units) {
                return day;
            }
        }
        return planned;
    }

    /** After the first day on which any of the nodes has room for a unit; known once all nodes were asked. */
    long daysLate(long epochDay) {
        return Math.max(0, epochDay - firstDay);
    }

    /** Something could be sent on this day. */
    void mayBeOn(long epochDay) {
        firstDay = Math.min(firstDay, epochDay);
    }

    /** A unit of a group could be sent on the first day that the node has room for one. */
    void mayBeOn(Departure departure, SourcingRequest.Group group) {
        mayBeOn(leaving(withRoomFor(1, departure), group).epochDay());
    }

    /** When the customer comes, or can come, as they were promised. */
    private Leaving collected(Departure departure, @Nullable Instant slot) {
        Node node = departure.node();
        if (slot != null) {
            return Leaving.on(LocalDate.ofInstant(slot, node.calendar().zone()), slot);
        }
        PickUpTime time = PickUpTime.of(node, now, departure.capacityDay(), full -> false);
        return time == null
                ? departure.leaves()
                : Leaving.on(time.day(node.calendar().zone()), time.offered().from());
    }

    /** When a parcel is taken by the service of its group. */
    record Leaving(LocalDate day, Instant by, long epochDay) {
        static Leaving on(LocalDate day, Instant by) {
            return new Leaving(day, by, day.toEpochDay());
        }
    }

    /** On the day on which the node has worked on it, or on the next one on which the service comes. */
    Leaving leaving(Departure departure, SourcingRequest.Group group) {
        Node node = departure.node();
        int service = group.serviceFrom(node.id().value());
        if (collectedWithin(node, group) != null) {
            return collected(departure, group.collectFrom());
        }
        if (service == departure.service()) {
            return departure.leaves();
        }
        HandOver first = nodes.handOver(node, service, now);
        if (first == null) {
            throw new IllegalStateException("a service came to " + node.code() + " a moment ago");
        }
        LocalDate day = first.day();
        if (day.isBefore(departure.day())) {
            LocalDate later = HandOver.from(departure.day(), node.calendar(), nodes.network.service(service));
            day = later == null ? day : later;
        }
        return Leaving.on(day, node.calendar().endOf(day));
    }

    /** The capacity that was looked at: what was left of it before this order, by day and node. */
    SortedMap<PositionKey, Integer> capacityLeft() {
        return Collections.unmodifiableSortedMap(capacityLeft);
    }
}
