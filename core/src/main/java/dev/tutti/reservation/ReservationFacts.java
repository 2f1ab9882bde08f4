package dev.tutti.reservation;

import dev.tutti.inventory.Stock;
import dev.tutti.network.Network;
import dev.tutti.sourcing.Sourcing;
import java.time.Instant;

/** All a decision about a reservation sees besides itself and the command. */
public record ReservationFacts(Instant now, Network network, Stock stock, Sourcing sourcing) {}
