package dev.tutti.promise;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often things were there in time, learned from what arrived: by a service from a node over a zone. Where little is
 * known of that, what is known of the service and zone from all nodes counts as {@value #WEIGHT} parcels of it, and where
 * little is known of that, the service as a whole.
 */
public final class Reliability {
    /** Nothing has been learned yet. */
    public static final Reliability UNKNOWN = new Reliability(List.of());

    /** All that arrived, in millionths. */
    public static final long ALWAYS = 1_000_000;

    private static final int WEIGHT = 20;

    /**
     * What arrived in one way.
     *
     * @param service the code of the carrier service; empty for what is collected
     * @param node the number of where it came from, or was collected
     * @param inTime of those parcels
     */
    public record Arrivals(String service, int zone, int node, long parcels, long inTime) {}

    private record Way(String service, int zone, int node) {}

    private static final int ALL = -1;

    // Looked up only.
    private final Map<Way, Arrivals> known = new HashMap<>();

    public Reliability(List<Arrivals> arrivals) {
        for (Arrivals one : arrivals) {
            add(new Way(one.service(), one.zone(), one.node()), one);
            add(new Way(one.service(), one.zone(), ALL), one);
            add(new Way(one.service(), ALL, ALL), one);
        }
    }

    private void add(Way way, Arrivals more) {
        known.merge(
                way,
                more,
                (a, b) -> new Arrivals(
                        a.service(), a.zone(), a.node(), a.parcels() + b.parcels(), a.inTime() + b.inTime()));
    }

    /** The share that will be there in time, in millionths; null if nothing of the service has arrived yet. */
    public @Nullable Long share(String service, int zone, int node) {
        Arrivals all = known.get(new Way(service, ALL, ALL));
        if (all == null || all.parcels() == 0) {
            return null;
        }
        // As if half a parcel had come in time and half a parcel late: nobody is certain after a few.
        long share = (all.inTime() * ALWAYS + ALWAYS / 2) / (all.parcels() + 1);
        share = refined(share, known.get(new Way(service, zone, ALL)));
        return refined(share, known.get(new Way(service, zone, node)));
    }

    private static long refined(long share, @Nullable Arrivals here) {
        return here == null ? share : (here.inTime() * ALWAYS + WEIGHT * share) / (here.parcels() + WEIGHT);
    }
}
