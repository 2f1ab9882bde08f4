package dev.tutti.simulator.store;

import dev.tutti.conveyor.StoreFailure;
import dev.tutti.hub.HubChange;
import dev.tutti.order.OrderEvent;

/** Texts that cannot be stored: U+0000, which PostgreSQL refuses, and U+FFFF, which here stands for what no encoder takes. */
final class Unstorable {
    private Unstorable() {}

    static void check(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new StoreFailure.Unstorable("a text contains U+0000", Session.lost());
        }
    }

    static void check(HubChange change) {
        check(freeText(change));
    }

    static void checkEncoding(HubChange change) {
        if (freeText(change).indexOf('\uffff') >= 0) {
            throw new StoreFailure.Unstorable("a text cannot be encoded", Session.lost());
        }
    }

    /** The one text in a change that a stranger chose. */
    private static String freeText(HubChange change) {
        return switch (change) {
            case HubChange.StockPosted posted -> posted.document().reference();
            case HubChange.InboundChanged(var after, var command) -> after.reference();
            case HubChange.ReservationChanged(var after, var due) -> after.reference();
            case HubChange.OrderChanged changed -> freeText(changed.events().getFirst());
        };
    }

    private static String freeText(OrderEvent event) {
        if (event instanceof OrderEvent.OrderPlaced placed) {
            return placed.header().customer();
        }
        if (event instanceof OrderEvent.UnitsHandedOver left) {
            return left.tracking();
        }
        return event instanceof OrderEvent.UnitsCancelled cancelled ? cancelled.reason() : "";
    }
}
