package dev.tutti.promise;

import dev.tutti.inventory.Fences;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.NodeId;
import dev.tutti.sourcing.SourcingRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody would like to have, and where.
 *
 * @param destination where they are, as far as it is known; shipped things go there, and the nearest stores are near it
 * @param fences whose units they may have
 * @param demands their lines, numbered from 1; their groups are not looked at
 * @param stores where they would collect; empty for the nearest
 * @param nearest how many stores, if none are named
 */
public record Wish(
        Instant now,
        @Nullable GeoPoint destination,
        String country,
        String postcode,
        Fences fences,
        List<SourcingRequest.Demand> demands,
        List<NodeId> stores,
        int nearest) {
    public Wish {
        demands = List.copyOf(demands);
        stores = List.copyOf(stores);
    }
}
