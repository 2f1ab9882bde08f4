package dev.tutti.sourcing;

import dev.tutti.network.CarrierService;
import dev.tutti.network.Distances;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.HandOver;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one version of the network says of its nodes, made ready for many runs. */
final class NodeTable {
    final Network network;
    private static final int PLACES_KEPT = 8;

    /** From the places that were asked about last, the latest first. */
    private final ArrayDeque<Distances> distances = new ArrayDeque<>();

    /** By service and node. */
    private final @Nullable HandOver[][] handOvers;

    /** Until when, from when on, each of them is the answer, in microseconds since 1970. */
    private final long[][] from;

    private final long[][] until;

    NodeTable(Network network) {
        this.network = network;
        int services = 1
                + network.services().stream()
                        .mapToInt(CarrierService::number)
                        .max()
                        .orElse(0);
        this.handOvers = new @Nullable HandOver[services][network.size()];
        this.from = new long[services][network.size()];
        this.until = new long[services][network.size()];
    }

    int size() {
        return network.size();
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

    /** When the node next sends something off by a service, or null; changes once a day, so it is kept. */
    @Nullable
    HandOver handOver(Node node, int service, Instant now) {
        if (service >= handOvers.length) {
            return null;
        }
        int number = node.id().value();
        long moment = micros(now);
        if (moment < from[service][number] || moment >= until[service][number]) {
            CarrierService by = network.service(service);
            HandOver next = service != 0 && by == null ? null : HandOver.of(node, by, now);
            handOvers[service][number] = next;
            from[service][number] = next == null ? moment : micros(next.from());
            until[service][number] = next == null ? moment : micros(next.until());
        }
        return handOvers[service][number];
    }

    private static long micros(Instant moment) {
        return moment.getEpochSecond() * 1_000_000 + moment.getNano() / 1000;
    }

    /** How long a group's service takes from a node, and what it costs; null if it does not serve the place. */
    CarrierService.@Nullable Transit transit(Node node, SourcingRequest.Group group, Distances distances) {
        CarrierService service = network.service(group.service());
        if (service == null) {
            return null;
        }
        int zone = service.zones().of(node, group.country(), group.postcode(), distances.of(node));
        return service.transit().get(zone);
    }
}
