package dev.tutti.inventory;

/**
 * What the ledger knows of a position since a moment.
 *
 * @param units by how many its stock became more; less than 0 where more went than came
 * @param found those that left though the books did not have them, less those that were told of since
 * @param foundInAll the same since its last count
 */
public record Movements(long units, long found, long foundInAll) {
    public static final Movements NONE = new Movements(0, 0, 0);

    /**
     * With one more entry of the position.
     *
     * @param since the moment, in microseconds since 1970
     * @param countedAt the last count
     */
    public Movements and(LedgerEntry entry, long since, long countedAt) {
        boolean isSince = entry.at() > since && entry.move().isPhysical();
        return new Movements(
                units + (isSince ? entry.moved() : 0),
                found + (isSince ? entry.found() : 0),
                foundInAll + (entry.at() > countedAt ? entry.found() : 0));
    }
}
