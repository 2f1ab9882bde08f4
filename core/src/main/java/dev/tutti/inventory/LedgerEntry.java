package dev.tutti.inventory;

/**
 * What one change did to one position: the record from which the balances can be added up again.
 *
 * @param onHandDelta units that came or went on the books
 * @param reservedDelta units claimed or given back
 * @param found by how many more units had left than the books knew of, which a late sale or count may change as well;
 *     less than 0 for fewer. Its sum since a count, with that count's own, is how many are known to have left so since
 * @param at when it happened, in microseconds since 1970
 * @param after the balances after the change; its version is the entry's number within the position
 */
public record LedgerEntry(
        PositionKey position, StockMove move, int onHandDelta, int reservedDelta, int found, long at, Position after) {
    /**
     * Whether it was told too late to change what is on hand: a later count has come before it, and saw what it says or
     * knows better.
     */
    public boolean isOvertaken() {
        return switch (move) {
            case COUNT -> at < after.countedAt();
            case SELL, ADJUST, RETURN -> onHandDelta == 0 && found == 0 && at <= after.countedAt();
            case RESERVE, RELEASE, YIELD, WITHDRAW, CONVERT, ISSUE, LOSE, DEPOSIT, CAP, SAFETY -> false;
        };
    }

    /** By how many units the stock itself became more or less, whatever the books had. */
    public int moved() {
        return move.isPhysical() ? onHandDelta - found : 0;
    }
}
