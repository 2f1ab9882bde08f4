package dev.tutti.inventory;

import java.util.List;

/**
 * One change to one position, wanted by a command.
 *
 * @param quantity units; signed for ADJUST, the new figure for COUNT, CAP and SAFETY, else at least 1
 * @param at when units came, went or were counted, in microseconds since 1970; 0 for the moment at which it is booked
 */
public record StockChange(PositionKey position, StockMove move, int quantity, long at) {
    public StockChange(PositionKey position, StockMove move, int quantity) {
        this(position, move, quantity, 0);
    }

    public static StockChange of(int item, int place, StockMove move, int quantity) {
        return new StockChange(new PositionKey(item, place), move, quantity);
    }

    /** Units that are of another condition from a moment on, as changes that are admitted whole. */
    public static List<StockChange> converting(PositionKey from, PositionKey to, int quantity, long at) {
        return List.of(
                new StockChange(from, StockMove.CONVERT, quantity, at),
                new StockChange(to, StockMove.ADJUST, quantity, at));
    }

    /** Whether it can be the first that is heard of its position. */
    public boolean mayCreate() {
        return move.mayCreate() || position.isWaiting();
    }

    /** Whether it says itself when it happened, and may be told late. */
    public boolean isTimed() {
        return at != 0;
    }
}
