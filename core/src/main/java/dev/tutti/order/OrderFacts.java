package dev.tutti.order;

import dev.tutti.flow.Flows;
import dev.tutti.inventory.Supply;
import dev.tutti.network.Network;
import dev.tutti.sourcing.Sourcing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All a decision sees besides the order and the command.
 *
 * @param now business time
 * @param supply what planning may promise
 * @param sourcing the search, with its reusable memory; has no state that matters
 * @param duplicateOf the order that one that is being placed may repeat, or null
 */
public record OrderFacts(
        Instant now,
        Network network,
        Flows flows,
        Supply supply,
        Sourcing sourcing,
        @Nullable OrderId duplicateOf) {}
