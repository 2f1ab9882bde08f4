package dev.tutti.hub;

import dev.tutti.inventory.StockDocument;
import dev.tutti.order.OrderCommand;

/** Every command there is. */
public sealed interface HubCommand {
    record ForOrder(OrderCommand command) implements HubCommand {}

    record ForStock(StockDocument document) implements HubCommand {}
}
