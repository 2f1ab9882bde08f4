package dev.tutti.network;

/**
 * Whole miles between points of the globe, rounded, from the chord between them. A great-circle distance needs an arc sine;
 * here it is looked up between which two whole miles it lies, in a table made with one.
 */
final class Miles {
    private static final int MOST = (int) StrictMath.round(StrictMath.PI * GeoPoint.EARTH_RADIUS_MILES);
    /** Half chords are looked up in so many steps. */
    private static final int STEPS = 32_768;

    /** By miles, the square of the least half chord that rounds to so many. */
    private static final double[] LEAST = new double[MOST + 2];

    /** By step, miles that are not more than those of any half chord in it. */
    private static final int[] FIRST = new int[STEPS + 1];

    static {
        for (int miles = 1; miles <= MOST; miles++) {
            double half = StrictMath.sin((miles - 0.5) / (2 * GeoPoint.EARTH_RADIUS_MILES));
            LEAST[miles] = half * half;
        }
        LEAST[MOST + 1] = Double.POSITIVE_INFINITY;
        int miles = 0;
        for (int step = 0; step <= STEPS; step++) {
            double half = (double) step / STEPS;
            while (LEAST[miles + 1] <= half * half) {
                miles++;
            }
            FIRST[step] = miles;
        }
    }

    private Miles() {}

    /** @param halfChordSquared of the unit sphere, 0..1 */
    static int of(double halfChordSquared) {
        double within = StrictMath.min(1, halfChordSquared);
        int miles = FIRST[(int) (StrictMath.sqrt(within) * STEPS)];
        while (miles > 0 && LEAST[miles] > within) {
            miles--;
        }
        while (LEAST[miles + 1] <= within) {
            miles++;
        }
        return miles;
    }
}
