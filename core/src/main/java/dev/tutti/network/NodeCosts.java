package dev.tutti.network;

/**
 * What fulfilling from a node costs, in millionths of a minor unit so that comparisons are exact.
 *
 * @param perPackage packing and the carrier's base price, for each package
 * @param perUnit picking and handling, for each unit
 * @param perUnitMile carriage, for each unit and mile
 * @param perDayLate for each day a package leaves after the first day any node could have sent it
 */
public record NodeCosts(long perPackage, long perUnit, long perUnitMile, long perDayLate) {
    /** The cost structure of the published fulfilment experiments (Ma 2023, arXiv 2207.04774), in cents. */
    public static final NodeCosts PUBLISHED = new NodeCosts(875_900_000, 42_300_000, 54_100, 100_000_000);

    /** The greatest figure allowed, so that no order's cost overflows. */
    public static final long MOST = 1_000_000_000_000L;

    public NodeCosts {
        for (long cost : new long[] {perPackage, perUnit, perUnitMile, perDayLate}) {
            if (cost < 0 || cost > MOST) {
                throw new IllegalArgumentException("a cost is between 0 and " + MOST + ", not " + cost);
            }
        }
    }
}
