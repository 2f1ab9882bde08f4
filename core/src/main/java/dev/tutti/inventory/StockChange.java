package dev.tutti.inventory;

/**
 * One change to one position, wanted by a command.
 *
 * @param quantity units; signed for ADJUST, the new figure for COUNT, CAP and SAFETY, else at least 1
 */
public record StockChange(PositionKey position, StockMove move, int quantity) {
    public static StockChange of(int item, int place, StockMove move, int quantity) {
        return new StockChange(new PositionKey(item, place), move, quantity);
    }
}
