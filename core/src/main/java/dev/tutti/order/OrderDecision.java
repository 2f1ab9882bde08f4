package dev.tutti.order;

import dev.tutti.decision.Refusal;
import dev.tutti.inventory.StockChange;
import dev.tutti.reservation.Reservation;
import dev.tutti.sourcing.SourcingPlan;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command leads to. */
public sealed interface OrderDecision {
    /**
     * The command can be carried out, if the guard admits the claims.
     *
     * @param next the state that the events lead to
     * @param events what happens, in order; empty if the command changes nothing
     * @param claims what it wants of the stock
     * @param due when the order must be looked at again, or null if nothing is waited for
     * @param sourcing the plans made on the way, for the record
     * @param reservation what becomes of the one that was taken over; null if none was
     * @param contacts who receives it; only for an order just placed
     */
    record Accepted(
            Order next,
            List<OrderEvent> events,
            List<StockChange> claims,
            @Nullable Instant due,
            List<SourcingPlan> sourcing,
            List<Contact> contacts,
            @Nullable Reservation reservation)
            implements OrderDecision {}

    record Refused(Refusal refusal) implements OrderDecision {}
}
