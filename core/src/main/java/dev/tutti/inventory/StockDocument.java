package dev.tutti.inventory;

import java.util.List;

/**
 * Something that happened to stock outside of any order: a delivery, a count, sales over a counter, new settings.
 *
 * @param id given at intake
 * @param reference what the sender calls it; may be empty
 * @param changes facts alone, but for those of ring-fences and conversions, which are asked for
 */
public record StockDocument(long id, Kind kind, String reference, List<StockChange> changes) {
    /** What kind of happening it is. */
    public enum Kind {
        /** What is there now, at some positions. */
        SNAPSHOT,
        /** What came in and went out. */
        DELTA,
        /** What turned out to be of another condition. */
        CONVERSION,
        /** What was sold over a counter. */
        SALE,
        /** What customers brought back that no order of ours is known for. */
        RETURN,
        /** Caps and safety stocks. */
        SETTINGS,
        /** What ring-fences keep, or no longer keep. */
        FENCE
    }

    public StockDocument {
        changes = List.copyOf(changes);
    }
}
