package dev.tutti.sourcing;

import dev.tutti.fulfilment.Method;
import dev.tutti.network.CarrierService;
import dev.tutti.network.Distances;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.HandOver;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What one version of the network says of its nodes, made ready for many runs. */
final class NodeTable {
    final Network network;
    private static final int PLACES_KEPT = 8;
    private static final long NEVER = Long.MIN_VALUE;

    /** From the places that were asked about last, the latest first. */
    private final ArrayDeque<Distances> distances = new ArrayDeque<>();

    private final @Nullable NodeCosts[] costs;
    private final boolean[] ships;
    private final boolean[] handsOut;
    private final boolean[] limited;

    /** By service and node, for the span of time that stands beside it. */
    private final @Nullable HandOver[][] handOvers;

    /**
     * By service, three numbers for each node: since when and until when its hand-over is the answer, in microseconds since
     * 1970, and the day on which it is. One beside the other, since a plan looks at those of hundreds of nodes.
     */
    private final long[][] spans;

    /** What follows from them where nobody counts what a node can do. */
    private final Departures.@Nullable Departure[][] departures;

    /** By service, how what goes any distance is sent; null where more than the distance is asked for. */
    private final @Nullable Reach[] reach;

    NodeTable(Network network) {
        this.network = network;
        int services = 1
                + network.services().stream()
                        .mapToInt(CarrierService::number)
                        .max()
                        .orElse(0);
        this.handOvers = new @Nullable HandOver[services][network.size()];
        this.departures = new Departures.@Nullable Departure[services][network.size()];
        this.reach = new @Nullable Reach[services];
        for (CarrierService service : network.services()) {
            reach[service.number()] = service.zones().rules().isEmpty() ? Reach.of(service) : null;
        }
        this.spans = new long[services][3 * network.size()];
        this.costs = new @Nullable NodeCosts[network.size()];
        this.ships = new boolean[network.size()];
        this.handsOut = new boolean[network.size()];
        this.limited = new boolean[network.size()];
        for (Node node : network.nodes()) {
            int number = node.id().value();
            costs[number] = node.costs();
            ships[number] = node.active() && node.ships();
            handsOut[number] = node.active() && node.handsOut();
            limited[number] = node.dailyCapacity() != Node.UNLIMITED;
        }
    }

    /** Zones by distance alone, as arrays: up to so many miles, and the last for all that is farther. */
    private record Reach(int[] miles, CarrierService.@Nullable Transit[] transits) {
        static Reach of(CarrierService service) {
            SortedMap<Integer, Integer> byMiles = service.zones().byMiles();
            int[] miles = byMiles.keySet().stream().mapToInt(Integer::intValue).toArray();
            CarrierService.@Nullable Transit[] transits = new CarrierService.@Nullable Transit[miles.length];
            for (int i = 0; i < miles.length; i++) {
                transits[i] = service.transit().get(byMiles.get(miles[i]));
            }
            return new Reach(miles, transits);
        }

        CarrierService.@Nullable Transit of(long distance) {
            int at = 0;
            while (at < miles.length - 1 && distance > miles[at]) {
                at++;
            }
            return transits[at];
        }
    }

    int size() {
        return network.size();
    }

    /**
     * How far nodes are from where a group goes.
     *
     * @param alone whether no other is needed at the same time
     */
    Distances from(SourcingRequest.Group group, boolean alone) {
        if (group.method() == Method.SHIP_TO_STORE && group.pickUpNode() != null) {
            return network.distancesFrom(group.pickUpNode());
        }
        GeoPoint to = group.method().isSent() ? group.destination() : null;
        return alone ? from(to) : new Distances(network, to);
    }

    /** How far nodes are from a place; good until eight others have been asked about. */
    Distances from(@Nullable GeoPoint place) {
        for (Distances known : distances) {
            if (Objects.equals(known.place(), place)) {
                distances.remove(known);
                distances.addFirst(known);
                return known;
            }
        }
        Distances asked;
        if (distances.size() < PLACES_KEPT) {
            asked = new Distances(network, place);
        } else {
            asked = distances.removeLast();
            asked.move(place);
        }
        distances.addFirst(asked);
        return asked;
    }

    /** Whether it is open and sends things. */
    boolean ships(int node) {
        return ships[node];
    }

    /** Whether it is open and customers collect there. */
    boolean handsOut(int node) {
        return node < handsOut.length && handsOut[node];
    }

    /** Whether somebody counts what it can do in a day. */
    boolean isLimited(int node) {
        return limited[node];
    }

    NodeCosts costs(int node) {
        NodeCosts known = costs[node];
        if (known == null) {
            throw new IllegalArgumentException("there is no node " + node);
        }
        return known;
    }

    /** When the node next sends something off by a service, or null; changes once a day, so it is kept. */
    @Nullable
    HandOver handOver(Node node, int service, Instant now) {
        return sends(node.id().value(), service, micros(now), now)
                ? handOvers[service][node.id().value()]
                : null;
    }

    /** That of a node of which it is known that it {@linkplain #sends sends}. */
    HandOver handOver(Node node, int service) {
        HandOver known = handOvers[service][node.id().value()];
        if (known == null) {
            throw new IllegalStateException("a service came to " + node.code() + " a moment ago");
        }
        return known;
    }

    /**
     * Whether a service comes to a node within a year.
     *
     * @param moment the same as {@code now}, in microseconds since 1970
     */
    boolean sends(int node, int service, long moment, Instant now) {
        if (service >= spans.length) {
            return false;
        }
        long[] span = spans[service];
        if (moment < span[3 * node] || moment >= span[3 * node + 1]) {
            look(node, service, moment, now);
        }
        return span[3 * node + 2] != NEVER;
    }

    private void look(int number, int service, long moment, Instant now) {
        Node node = network.node(number);
        CarrierService by = network.service(service);
        HandOver next = node == null || (service != 0 && by == null) ? null : HandOver.of(node, by, now);
        handOvers[service][number] = next;
        departures[service][number] = null;
        spans[service][3 * number] = next == null ? moment : micros(next.from());
        spans[service][3 * number + 1] = next == null ? moment : micros(next.until());
        spans[service][3 * number + 2] = next == null ? NEVER : next.day().toEpochDay();
    }

    /** The day on which a node that {@linkplain #sends sends} does so next, since 1970. */
    long leaves(int node, int service) {
        return spans[service][3 * node + 2];
    }

    /** That of a node that takes on as much as comes. */
    Departures.Departure departure(Node node, int service, HandOver first) {
        Departures.Departure known = departures[service][node.id().value()];
        if (known == null) {
            known = new Departures.Departure(node, service, Departures.Leaving.on(first.day(), first.by()), null, 0);
            departures[service][node.id().value()] = known;
        }
        return known;
    }

    static long micros(Instant moment) {
        return moment.getEpochSecond() * 1_000_000 + moment.getNano() / 1000;
    }

    /** How long a group's service takes from a node, and what it costs; null if it does not serve the place. */
    CarrierService.@Nullable Transit transit(int number, SourcingRequest.Group group, Distances distances) {
        Reach known = group.service() < reach.length ? reach[group.service()] : null;
        if (known != null) {
            return known.of(distances.of(number));
        }
        CarrierService service = network.service(group.service());
        Node node = network.node(number);
        if (service == null || node == null) {
            return null;
        }
        int zone = service.zones().of(node, group.country(), group.postcode(), distances.of(node));
        return service.transit().get(zone);
    }
}
