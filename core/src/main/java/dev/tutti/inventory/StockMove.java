package dev.tutti.inventory;

/**
 * The ways a position can change. {@link #RESERVE}, {@link #YIELD}, {@link #WITHDRAW} and {@link #CONVERT} are asked
 * for; all others are facts.
 */
public enum StockMove {
    /** Claims units for an order. The only move that sells: admitted or not, never in part. */
    RESERVE,
    /** Gives claimed units back: a cancellation, a rejected line. */
    RELEASE,
    /** Gives claimed units back because they are not there; admitted only as far as a shortage is declared. */
    YIELD,
    /**
     * Takes units out of a ring-fence, as far as it has them; their claim at the node is whoever's the fence gives them to.
     */
    WITHDRAW,
    /** Claimed units leave the house. */
    ISSUE,
    /** Claimed units were looked for and not found, or found damaged: the claim and the units are gone. */
    LOSE,
    /**
     * Units become of another condition, and so of another position, which they are added to; admitted only as far as they
     * are there, and nobody has counted them since, so that what is told twice does not make two of one.
     */
    CONVERT,
    /** Unclaimed units leave over a counter, whatever the books say. */
    SELL,
    /** Units come in or go out; the quantity is signed. */
    ADJUST,
    /** Units that customers sent back are on the shelf again. */
    RETURN,
    /** A ring-fence keeps so many units more, which are claimed for it at the node. */
    DEPOSIT,
    /** Somebody counted: the quantity is what is there now. */
    COUNT,
    /** Sets how many units may be claimed beyond what is on hand. */
    CAP,
    /** Sets how many units planning leaves alone. */
    SAFETY;

    /** Whether units come or go with it, so that a count of an earlier moment did not see that. */
    public boolean isPhysical() {
        return switch (this) {
            case ISSUE, LOSE, CONVERT, SELL, ADJUST, RETURN -> true;
            case RESERVE, RELEASE, YIELD, WITHDRAW, DEPOSIT, COUNT, CAP, SAFETY -> false;
        };
    }

    /** Whether it can be the first that is heard of a position; the others speak of units that were there before. */
    public boolean mayCreate() {
        return compareTo(SELL) >= 0;
    }
}
