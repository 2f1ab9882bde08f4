package dev.tutti.server.events;

import dev.tutti.order.OrderEvent;

/** Writes an event as readers of the API see it. */
@FunctionalInterface
public interface EventOnWire {
    /** A JSON object with its {@code type}. */
    String json(OrderEvent event);
}
