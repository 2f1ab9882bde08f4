package dev.tutti.network;

/**
 * A place on the globe.
 *
 * @param latitude degrees north, −90..90
 * @param longitude degrees east, −180..180
 */
public record GeoPoint(double latitude, double longitude) {
    static final double EARTH_RADIUS_MILES = 3958.7613;

    public GeoPoint {
        if (!(latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180)) {
            throw new IllegalArgumentException("no place on the globe: " + latitude + ", " + longitude);
        }
    }

    /** Great-circle distance, the same to the last bit on every machine. */
    public double milesTo(GeoPoint other) {
        return toVector().milesTo(other.toVector());
    }

    public Vector toVector() {
        double phi = StrictMath.toRadians(latitude);
        double lambda = StrictMath.toRadians(longitude);
        return new Vector(
                StrictMath.cos(phi) * StrictMath.cos(lambda),
                StrictMath.cos(phi) * StrictMath.sin(lambda),
                StrictMath.sin(phi));
    }

    /** A point on the unit sphere: worth keeping where many distances are taken from one place. */
    public record Vector(double x, double y, double z) {
        /** Rounded. */
        int wholeMilesTo(Vector other) {
            double dx = x - other.x;
            double dy = y - other.y;
            double dz = z - other.z;
            return Miles.of((dx * dx + dy * dy + dz * dz) / 4);
        }

        /** By the chord between the points, which is exact also for points close together. */
        public double milesTo(Vector other) {
            double dx = x - other.x;
            double dy = y - other.y;
            double dz = z - other.z;
            double halfChord = StrictMath.sqrt(dx * dx + dy * dy + dz * dz) / 2;
            return 2 * EARTH_RADIUS_MILES * StrictMath.asin(StrictMath.min(1, halfChord));
        }
    }
}
