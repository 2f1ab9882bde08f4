package dev.tutti.network;

/**
 * A place on the globe.
 *
 * @param latitude degrees north, −90..90
 * @param longitude degrees east, −180..180
 */
public record GeoPoint(double latitude, double longitude) {
    private static final double EARTH_RADIUS_MILES = 3958.7613;

    public GeoPoint {
        if (!(latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180)) {
            throw new IllegalArgumentException("no place on the globe: " + latitude + ", " + longitude);
        }
    }

    /** Great-circle distance (haversine), the same to the last bit on every machine. */
    public double milesTo(GeoPoint other) {
        double phi1 = StrictMath.toRadians(latitude);
        double phi2 = StrictMath.toRadians(other.latitude);
        double sinLat = StrictMath.sin((phi2 - phi1) / 2);
        double sinLon = StrictMath.sin(StrictMath.toRadians(other.longitude - longitude) / 2);
        double h = sinLat * sinLat + StrictMath.cos(phi1) * StrictMath.cos(phi2) * sinLon * sinLon;
        return 2 * EARTH_RADIUS_MILES * StrictMath.asin(StrictMath.min(1, StrictMath.sqrt(h)));
    }
}
