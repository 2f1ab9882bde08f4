package dev.tutti.order;

import dev.tutti.flow.Flows;
import dev.tutti.inventory.Stock;
import dev.tutti.network.Network;
import dev.tutti.reservation.Reservation;
import dev.tutti.sourcing.Sourcing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All a decision sees besides the order and the command.
 *
 * @param now business time
 * @param stock what planning may promise
 * @param sourcing the search, with its reusable memory; has no state that matters
 * @param reservation the one that an order which is being placed names; null if there is none
 * @param duplicateOf the order that one that is being placed may repeat, or null
 */
public record OrderFacts(
        Instant now,
        Network network,
        Flows flows,
        Stock stock,
        Sourcing sourcing,
        @Nullable OrderId duplicateOf,
        @Nullable Reservation reservation) {}
