package dev.tutti.reservation;

import dev.tutti.decision.Refusal;
import dev.tutti.inventory.StockChange;
import java.util.List;

/** What a command leads to. */
public sealed interface ReservationDecision {
    /** @param claims what it wants of the stock, or gives back */
    record Accepted(Reservation next, List<StockChange> claims) implements ReservationDecision {}

    record Refused(Refusal refusal) implements ReservationDecision {}
}
