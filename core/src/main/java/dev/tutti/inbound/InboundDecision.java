package dev.tutti.inbound;

import dev.tutti.decision.Refusal;
import dev.tutti.inventory.StockChange;
import java.util.List;

/** What comes of a command. */
public sealed interface InboundDecision {
    record Refused(Refusal refusal) implements InboundDecision {}

    /** @param changes facts alone */
    record Accepted(InboundShipment next, List<StockChange> changes) implements InboundDecision {
        public Accepted {
            changes = List.copyOf(changes);
        }
    }
}
