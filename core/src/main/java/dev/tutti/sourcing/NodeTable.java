package dev.tutti.sourcing;

import dev.tutti.network.CarrierService;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.HandOver;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one version of the network says of its nodes, made ready for many runs. */
final class NodeTable {
    final Network network;
    private final GeoPoint.@Nullable Vector[] places;
    /** By service and node. */
    private final @Nullable HandOver[][] handOvers;

    NodeTable(Network network) {
        this.network = network;
        int size =
                1 + network.nodes().stream().mapToInt(n -> n.id().value()).max().orElse(0);
        this.places = new GeoPoint.@Nullable Vector[size];
        int services = 1
                + network.services().stream()
                        .mapToInt(CarrierService::number)
                        .max()
                        .orElse(0);
        this.handOvers = new @Nullable HandOver[services][size];
        for (Node node : network.nodes()) {
            GeoPoint location = node.location();
            places[node.id().value()] = location == null ? null : location.toVector();
        }
    }

    int size() {
        return places.length;
    }

    /** Whole miles; 0 where either end is not known. */
    long miles(Node from, GeoPoint.@Nullable Vector to) {
        GeoPoint.Vector place = places[from.id().value()];
        return place == null || to == null ? 0 : StrictMath.round(place.milesTo(to));
    }

    /** When the node next sends something off by a service, or null; changes once a day, so it is kept. */
    @Nullable
    HandOver handOver(Node node, int service, Instant now) {
        if (service >= handOvers.length) {
            return null;
        }
        HandOver known = handOvers[service][node.id().value()];
        if (known == null || !known.isFor(now)) {
            CarrierService by = network.service(service);
            known = service != 0 && by == null ? null : HandOver.of(node, by, now);
            handOvers[service][node.id().value()] = known;
        }
        return known;
    }

    /** How long a group's service takes from a node, and what it costs; null if it does not serve the place. */
    CarrierService.@Nullable Transit transit(Node node, SourcingRequest.Group group, GeoPoint.@Nullable Vector to) {
        CarrierService service = network.service(group.service());
        if (service == null) {
            return null;
        }
        long miles = node.location() == null || to == null ? Node.UNKNOWN : miles(node, to);
        int zone = service.zones().of(node, group.country(), group.postcode(), miles);
        return service.transit().get(zone);
    }
}
