package dev.tutti.order;

import dev.tutti.fulfilment.Method;
import dev.tutti.network.CarrierService;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.network.Slot;
import dev.tutti.sourcing.SourcingRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The lines that go to one address in one way. Who lives there is kept apart (see {@link Contact}); this is only as
 * much as sourcing needs.
 *
 * @param number counts the order's ship groups from 1
 * @param destination where to, if known; of what is sent to a store the store says that
 * @param pickUpNode where the customer comes to collect; null exactly when nobody does
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

    /** As nodes are asked for its lines: what is sent to a store goes where that is, not where the customer lives. */
    public SourcingRequest.Group asSourced(Network network) {
        CarrierService known = network.service(service);
        int by = known == null ? 0 : known.number();
        Node store = pickUpNode == null ? null : network.node(pickUpNode.value());
        Instant from = slot == null ? null : slot.from();
        return method == Method.SHIP_TO_STORE && store != null
                ? new SourcingRequest.Group(number, method, store.location(), pickUpNode, by, "", "", from)
                : new SourcingRequest.Group(number, method, destination, pickUpNode, by, country, postcode, from);
    }

    ShipGroup with(@Nullable AddressProblem found) {
        return new ShipGroup(number, method, destination, pickUpNode, country, postcode, found, service, slot, promise);
    }
}
