package dev.tutti.hub;

import dev.tutti.inbound.InboundCommand;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.inventory.StockDocument;
import dev.tutti.order.Contact;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderEvent;
import dev.tutti.reservation.Reservation;
import dev.tutti.sourcing.SourcingPlan;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command leaves to be written, besides stock. */
public sealed interface HubChange {
    /**
     * An order was placed or moved on.
     *
     * @param before null if it was placed
     * @param due when it must be looked at again, or null
     */
    record OrderChanged(
            @Nullable Order before,
            Order after,
            OrderCommand command,
            List<OrderEvent> events,
            @Nullable Instant due,
            List<SourcingPlan> sourcing,
            List<Contact> contacts)
            implements HubChange {}

    /**
     * A reservation was made or changed.
     *
     * @param due when it must be looked at again; null if it holds nothing any more
     */
    record ReservationChanged(Reservation after, @Nullable Instant due) implements HubChange {
        static ReservationChanged to(Reservation after) {
            return new ReservationChanged(after, after.isHeld() ? after.until() : null);
        }
    }

    /** A shipment was announced, changed or received. */
    record InboundChanged(InboundShipment after, InboundCommand command) implements HubChange {}

    record StockPosted(StockDocument document) implements HubChange {}
}
