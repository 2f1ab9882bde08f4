package dev.tutti.promise;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.network.NodeId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way in which somebody can have all they wish.
 *
 * @param service the code of the carrier service; empty if nothing is sent
 * @param store where they collect; null if it is sent to them
 * @param isOnHand whether all of it can be had at once; else some of it is expected, and an order for it waits
 * @param confidence that all of it will be there by the latest day, in per cent, learned from what happened; null if nothing
 *     has been learned yet, or some of it is only expected
 * @param earliest the first day on which all of it may be there
 * @param latest the day by which all of it should be there
 * @param collect when it can be collected; null if it is sent to them
 * @param cost millionths of a minor unit
 * @param isSplit whether it comes in several parts: from several nodes, or from one on several days
 * @param parcels that nodes send off; what is at the store is in none
 */
public record Option(
        Way way,
        String service,
        @Nullable NodeId store,
        boolean isOnHand,
        @Nullable Integer confidence,
        LocalDate earliest,
        LocalDate latest,
        @Nullable Collect collect,
        long cost,
        boolean isSplit,
        List<Leg> parcels) {
    /** How the customer gets it. */
    public enum Way {
        SHIP,
        /** It is at the store. */
        PICK_UP,
        /** It is sent to the store first. */
        SHIP_TO_STORE
    }

    /**
     * When it can be collected.
     *
     * @param from the first moment, or the beginning of the first slot
     * @param until when the store closes then, or the slot ends
     */
    public record Collect(Instant from, Instant until) {}

    /**
     * A parcel on its way.
     *
     * @param zone how far it goes, as its carrier service counts
     */
    public record Leg(
            NodeId node,
            int zone,
            LocalDate handedOver,
            LocalDate earliest,
            LocalDate latest,
            List<LineQuantity> lines) {}
}
