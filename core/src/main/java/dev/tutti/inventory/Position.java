package dev.tutti.inventory;

/**
 * The balances of one position: the row the guard locks.
 *
 * @param onHand units physically there, as far as is known
 * @param reserved units that belong to live claims
 * @param shortage claimed units that are known not to be there: reserved beyond on hand and cap, declared by a fact
 * @param backorderCap units that may be claimed beyond what is on hand
 * @param safetyStock units planning leaves alone; the guard does not know it
 * @param version counts the ledger entries of this position
 * @param countedAt the moment of which the last count speaks, in microseconds since 1970; 0 if nobody has counted
 * @param movedAt when units last came or went, likewise
 */
public record Position(
        int onHand,
        int reserved,
        int shortage,
        int backorderCap,
        int safetyStock,
        int version,
        long countedAt,
        long movedAt) {
    /** One of which it does not matter when units were counted or moved. */
    public Position(int onHand, int reserved, int shortage, int backorderCap, int safetyStock, int version) {
        this(onHand, reserved, shortage, backorderCap, safetyStock, version, 0, 0);
    }

    /** The most units any balance can hold, so that sums of two stay within an int. */
    public static final int MOST = 1_000_000_000;

    public static final Position EMPTY = new Position(0, 0, 0, 0, 0, 0);

    private static final Position NOBODY_WAITS = new Position(0, 0, 0, MOST, 0, 0);

    /** One that nobody has spoken of yet. As many may wait for an item as like. */
    public static Position unseen(PositionKey key) {
        return key.isWaiting() ? NOBODY_WAITS : EMPTY;
    }

    /** Units planning may promise; never negative. */
    public int available() {
        return availableOf(onHand, reserved, backorderCap, safetyStock);
    }

    static int availableOf(int onHand, int reserved, int backorderCap, int safetyStock) {
        long free = (long) onHand + backorderCap - reserved - safetyStock;
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, free));
    }

    Position withReserved(int units) {
        return new Position(onHand, units, shortage, backorderCap, safetyStock, version, countedAt, movedAt);
    }

    /** As the picture in memory has it, which does not say when units were counted or moved. */
    public Position pictured() {
        return new Position(onHand, reserved, shortage, backorderCap, safetyStock, version);
    }

    Position countedOrMoved(long counted, long moved) {
        return new Position(onHand, reserved, shortage, backorderCap, safetyStock, version, counted, moved);
    }

    /** Invariant 2, as the schema's CHECK states it. */
    public boolean holds() {
        return onHand >= 0
                && reserved >= 0
                && shortage >= 0
                && backorderCap >= 0
                && safetyStock >= 0
                && reserved <= (long) onHand + backorderCap + shortage;
    }
}
