package dev.tutti.sourcing;

import dev.tutti.network.CarrierService;
import dev.tutti.sourcing.search.SourcingProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one {@link SourcingRun} after the other writes into: a promise takes a dozen of them. */
final class RunMemory {
    static final int NOT_LOOKED = -1;
    /** Offers that are kept; what more an order needs is its own: large ones are rare. */
    private static final int MOST_OFFERS = 256;

    /** Nodes times groups; what a run beyond it needed is given up again at the next smaller one. */
    private static final int MOST_PLACES = 50_000;

    private final List<Offer> offers = new ArrayList<>();
    final SourcingProblem.Builder problem = SourcingProblem.builder();

    /** By node and group what is known of a parcel; its number, once the parcels are numbered. */
    int[] parcelOf = {};

    /** By node and group, for those that may fulfil it; null without a service. */
    CarrierService.@Nullable Transit[] transits = {};

    /** By node, once somebody has asked. */
    Departures.@Nullable Departure[] leaving = {};

    /** By the number of a parcel, where it stands by node and group. */
    int[] parcelAt = {};

    /** By the number of a parcel. */
    long[] unitCost = {};

    /** Forgets what there was. */
    void begin(int nodes, int groups) {
        int places = nodes * groups;
        if (parcelOf.length < places || parcelOf.length > Math.max(places, MOST_PLACES)) {
            parcelOf = new int[places];
            transits = new CarrierService.@Nullable Transit[places];
            parcelAt = new int[places];
            unitCost = new long[places];
        }
        if (leaving.length < nodes) {
            leaving = new Departures.@Nullable Departure[nodes];
        }
        Arrays.fill(parcelOf, 0, places, NOT_LOOKED);
        Arrays.fill(transits, 0, places, null);
        Arrays.fill(leaving, 0, nodes, null);
    }

    /** One that the run has not used yet, if it has used so many. */
    Offer offer(int used) {
        if (used >= MOST_OFFERS) {
            return new Offer();
        }
        if (used == offers.size()) {
            offers.add(new Offer());
        }
        return offers.get(used);
    }
}
