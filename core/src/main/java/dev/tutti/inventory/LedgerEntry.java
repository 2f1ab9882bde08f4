package dev.tutti.inventory;

/**
 * What one change did to one position: the record from which the balances can be added up again.
 *
 * @param onHandDelta units that came or went on the books
 * @param reservedDelta units claimed or given back
 * @param found units that left though the books did not have them
 * @param after the balances after the change; its version is the entry's number within the position
 */
public record LedgerEntry(
        PositionKey position, StockMove move, int onHandDelta, int reservedDelta, int found, Position after) {}
