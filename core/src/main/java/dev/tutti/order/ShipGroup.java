package dev.tutti.order;

import dev.tutti.fulfilment.Method;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.NodeId;
import dev.tutti.network.Slot;
import org.jspecify.annotations.Nullable;

/**
 * The lines that go to one address in one way. Who lives there is kept apart (see {@link Contact}); this is only as
 * much as sourcing needs.
 *
 * @param number counts the order's ship groups from 1
 * @param destination where to, if known
 * @param pickUpNode where the customer comes to collect; null exactly when the method is SHIP
 * @param service the code of the carrier service it goes by; empty if none was chosen
 * @param problem why nothing could be sent there as it is, or null
 * @param slot in which the customer comes to collect; null if they come when they like, or it is sent
 * @param promise the days the customer was told; null if nobody said
 */
public record ShipGroup(
        int number,
        Method method,
        @Nullable GeoPoint destination,
        @Nullable NodeId pickUpNode,
        String country,
        String postcode,
        @Nullable AddressProblem problem,
        String service,
        @Nullable Slot slot,
        @Nullable DatePromise promise) {
    /** One whose address nobody has looked at. */
    public ShipGroup(
            int number,
            Method method,
            @Nullable GeoPoint destination,
            @Nullable NodeId pickUpNode,
            String country,
            String postcode) {
        this(number, method, destination, pickUpNode, country, postcode, null, "", null, null);
    }

    ShipGroup with(@Nullable AddressProblem found) {
        return new ShipGroup(number, method, destination, pickUpNode, country, postcode, found, service, slot, promise);
    }
}
