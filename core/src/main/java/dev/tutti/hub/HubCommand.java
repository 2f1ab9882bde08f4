package dev.tutti.hub;

import dev.tutti.inbound.InboundCommand;
import dev.tutti.inventory.StockDocument;
import dev.tutti.order.OrderCommand;
import dev.tutti.reservation.ReservationCommand;

/** Every command there is. */
public sealed interface HubCommand {
    record ForOrder(OrderCommand command) implements HubCommand {}

    record ForReservation(ReservationCommand command) implements HubCommand {}

    record ForInbound(InboundCommand command) implements HubCommand {}

    record ForStock(StockDocument document) implements HubCommand {}
}
