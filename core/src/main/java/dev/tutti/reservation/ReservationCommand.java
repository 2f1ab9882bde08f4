package dev.tutti.reservation;

import dev.tutti.network.ChannelId;
import dev.tutti.network.Slot;
import dev.tutti.sourcing.SourcingRequest;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What can be asked of a reservation. */
public sealed interface ReservationCommand {
    /**
     * Holds units, all of them or none.
     *
     * @param mostParcels in how many parcels at most; 0 for any number
     * @param mayWait whether units that no node has now are held of those that are expected, if so many may wait; not together with a limit of parcels
     * @param slots in which the customer would come to collect, by the number of the group
     * @param allowance what the caller may hold; null if as much as they like
     * @param demands the lines of the cart, numbered from 1; kits among them are held as their parts
     */
    record Reserve(
            ReservationId id,
            ChannelId channel,
            String customerGroup,
            String reference,
            Instant until,
            List<SourcingRequest.Group> groups,
            List<SourcingRequest.Demand> demands,
            SortedMap<Integer, Slot> slots,
            int mostParcels,
            boolean mayWait,
            @Nullable Allowance allowance)
            implements ReservationCommand {}

    /** Holds them longer, or less long. */
    record Extend(Instant until) implements ReservationCommand {}

    /** Gives them back. */
    record Release() implements ReservationCommand {}

    /** Gives them back where fewer are there than are claimed: an order has the better claim. */
    record Yield() implements ReservationCommand {}

    /** Looks whether its time is over. */
    record Wake() implements ReservationCommand {}
}
