package dev.tutti.server.effects;

import dev.tutti.order.Order;
import tools.jackson.core.JsonGenerator;

/** Writes an order as callers of the API see it. */
@FunctionalInterface
public interface OrderOnWire {
    void write(JsonGenerator json, Order order);
}
