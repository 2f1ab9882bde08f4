package dev.tutti.postgres;

import dev.tutti.conveyor.Audit;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubChange.InboundChanged;
import dev.tutti.hub.HubChange.OrderChanged;
import dev.tutti.hub.HubChange.ReservationChanged;
import dev.tutti.hub.HubChange.StockPosted;
import dev.tutti.inventory.StockDocument;

/** A change with all that takes time already done: its events are text, its sourcing inputs bytes. */
public sealed interface PreparedChange {
    record OfOrder(OrderChanged change, Audit audit, String events, byte[][] sourcingInputs)
            implements PreparedChange {}

    /** @param held what it holds, as JSON */
    record OfReservation(ReservationChanged change, Audit audit, String held) implements PreparedChange {}

    record OfInbound(InboundChanged change, Audit audit) implements PreparedChange {}

    record OfStock(StockDocument document, Audit audit) implements PreparedChange {}

    static PreparedChange of(HubChange change, Audit audit, EventJson json) {
        return switch (change) {
            case OrderChanged order -> new OfOrder(order, audit, json.write(order.events()), inputs(order));
            case ReservationChanged held -> new OfReservation(held, audit, ReservationRows.held(held.after()));
            case InboundChanged inbound -> new OfInbound(inbound, audit);
            case StockPosted(StockDocument document) -> new OfStock(document, audit);
        };
    }

    private static byte[][] inputs(OrderChanged change) {
        byte[][] inputs = new byte[change.sourcing().size()][];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = SourcingInputs.write(change.sourcing().get(i).record());
        }
        return inputs;
    }
}
