package dev.tutti.network;

/**
 * What fulfilling from a node costs, in millionths of a minor unit so that comparisons are exact.
 *
 * @param perPackage packing and the carrier's base price, for each package that is sent
 * @param perUnit picking and handling, for each unit
 * @param perUnitMile carriage, for each unit and mile
 * @param perDayLate for each day a package leaves after the first day any node could have sent it
 */
public record NodeCosts(long perPackage, long perUnit, long perUnitMile, long perDayLate) {
    /** The cost structure of the published fulfilment experiments (Ma 2023, arXiv 2207.04774), in cents. */
    public static final NodeCosts PUBLISHED = new NodeCosts(875_900_000, 42_300_000, 54_100, 100_000_000);

    /** The greatest cost of a parcel or a unit (a thousand major units), so that no order's cost overflows. */
    public static final long MOST = 100_000_000_000L;

    public static final long MOST_UNIT_MILE = 1_000_000L;

    public static final long MOST_DAY_LATE = 1_000_000_000L;

    public NodeCosts {
        check("perPackage", perPackage, MOST);
        check("perUnit", perUnit, MOST);
        check("perUnitMile", perUnitMile, MOST_UNIT_MILE);
        check("perDayLate", perDayLate, MOST_DAY_LATE);
    }

    private static void check(String name, long cost, long most) {
        if (cost < 0 || cost > most) {
            throw new IllegalArgumentException(name + " is between 0 and " + most + ", not " + cost);
        }
    }
}
