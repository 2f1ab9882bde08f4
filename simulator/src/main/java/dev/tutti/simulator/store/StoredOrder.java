package dev.tutti.simulator.store;

import dev.tutti.order.Order;
import dev.tutti.order.OrderEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order as the tables hold it.
 *
 * @param due when it must be looked at again, or null
 */
public record StoredOrder(
        Order state, List<OrderEvent> events, @Nullable Instant due) {}
