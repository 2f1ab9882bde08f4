package dev.tutti.sourcing;

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
    private final @Nullable HandOver[] handOvers;

    NodeTable(Network network) {
        this.network = network;
        int size =
                1 + network.nodes().stream().mapToInt(n -> n.id().value()).max().orElse(0);
        this.places = new GeoPoint.@Nullable Vector[size];
        this.handOvers = new @Nullable HandOver[size];
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

    /** When the node next sends something off, or null; changes once a day, so it is kept. */
    @Nullable
    HandOver handOver(Node node, Instant now) {
        HandOver known = handOvers[node.id().value()];
        if (known == null || !known.isFor(now)) {
            known = HandOver.of(node, null, now);
            handOvers[node.id().value()] = known;
        }
        return known;
    }
}
