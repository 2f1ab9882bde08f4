package dev.tutti.reservation;

import dev.tutti.decision.Aggregate;
import dev.tutti.fulfilment.Method;
import dev.tutti.network.ChannelId;
import dev.tutti.network.NodeId;
import dev.tutti.network.Slot;
import dev.tutti.sourcing.SourcingRequest;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Units held for somebody who has not ordered yet.
 *
 * @param reference what the channel calls it: a cart, a checkout; may be empty
 * @param until when it ends by itself
 * @param groups where the units are to go
 * @param parcels the units that are held, by node; empty if none are any more
 * @param waiting the units that are not there and are counted among those that are waited for
 * @param slots in which the customer would come to collect, one for each group that has one; empty if it holds none any more
 * @param caller of whose allowance its units are taken; 0 if nobody counts
 * @param order the order that has taken them over; 0 if none has
 */
public record Reservation(
        ReservationId id,
        int version,
        ReservationState state,
        ChannelId channel,
        String customerGroup,
        String reference,
        Instant madeAt,
        Instant until,
        List<SourcingRequest.Group> groups,
        List<Parcel> parcels,
        List<Waiting> waiting,
        List<Slot> slots,
        int caller,
        long order)
        implements Aggregate {
    /** The most units of a reservation. */
    public static final int MOST_UNITS = 10_000;

    /**
     * What one node holds for one group.
     *
     * @param dispatchBy when it would leave, had it been ordered at once
     * @param capacityDay on which its units take up capacity of the node; null if that has no limit
     */
    public record Parcel(
            int group,
            NodeId node,
            Method method,
            Instant dispatchBy,
            @Nullable LocalDate capacityDay,
            List<HeldUnits> units) {
        public Parcel {
            units = List.copyOf(units);
        }

        int quantity() {
            int sum = 0;
            for (HeldUnits held : units) {
                sum += held.quantity();
            }
            return sum;
        }
    }

    /**
     * @param line of what was asked for, which they are held for
     * @param pool of the node that they were taken from, and go back to
     */
    public record HeldUnits(int line, int item, int quantity, int pool) {}

    /** Units of a group that no node has yet. */
    public record Waiting(int group, int item, int quantity) {}

    public Reservation {
        groups = List.copyOf(groups);
        parcels = List.copyOf(parcels);
        waiting = List.copyOf(waiting);
        slots = List.copyOf(slots);
    }

    /** Units that it holds, there or not. */
    public int quantity() {
        return parcels.stream().mapToInt(Parcel::quantity).sum()
                + waiting.stream().mapToInt(Waiting::quantity).sum();
    }

    public boolean isHeld() {
        return state == ReservationState.HELD;
    }

    Reservation until(Instant later) {
        return new Reservation(
                id,
                version + 1,
                state,
                channel,
                customerGroup,
                reference,
                madeAt,
                later,
                groups,
                parcels,
                waiting,
                slots,
                caller,
                order);
    }

    /** It holds nothing any more. */
    Reservation ended(ReservationState how, long byOrder) {
        return new Reservation(
                id,
                version + 1,
                how,
                channel,
                customerGroup,
                reference,
                madeAt,
                until,
                groups,
                List.of(),
                List.of(),
                List.of(),
                caller,
                byOrder);
    }
}
