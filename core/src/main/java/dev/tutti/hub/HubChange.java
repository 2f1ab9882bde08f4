package dev.tutti.hub;

import dev.tutti.inventory.StockDocument;
import dev.tutti.order.Contact;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderEvent;
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

    record StockPosted(StockDocument document) implements HubChange {}
}
