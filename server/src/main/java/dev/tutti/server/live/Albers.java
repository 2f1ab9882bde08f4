package dev.tutti.server.live;

import org.jspecify.annotations.Nullable;

/**
 * The United States in one picture of 975 × 610, as us-atlas draws their outlines: three equal-area conics (Albers), one
 * for the contiguous states, one for Alaska, one for Hawaii, as {@code d3.geoAlbersUsa().scale(1300)} puts them together.
 *
 * @param meridian the one that stands upright, in degrees
 * @param n half the sum of the sines of both standard parallels
 * @param c 1 + sin φ1 · (2n − sin φ1)
 * @param r0 √c / n
 * @param scale of the picture
 */
record Albers(
        double meridian,
        double n,
        double c,
        double r0,
        double scale,
        double dx,
        double dy,
        double left,
        double top,
        double right,
        double bottom) {
    static final int WIDTH = 975;
    static final int HEIGHT = 610;

    /** The first whose window holds a point shows it. */
    private static final Albers[] PARTS = {
        new Albers(
                -96,
                0.602837004629,
                1.351221325418,
                1.928250009370,
                1300,
                498.021928,
                1145.011160,
                -104,
                -4.4,
                1079,
                614.4),
        new Albers(
                -154,
                0.862729915663,
                1.742403876506,
                1.530028627046,
                455,
                96.669971,
                987.932626,
                -65,
                461,
                209.3,
                609.2),
        new Albers(
                -157,
                0.224095047668,
                1.043006853357,
                4.557338863389,
                1300,
                285.229907,
                1031.371341,
                209.3,
                520.8,
                338,
                609.2)
    };

    /** A point in a drawing. */
    record Point(double x, double y) {}

    /** Where the picture has a place, or null: Puerto Rico, Guam and everybody abroad have none in it. */
    static @Nullable Point project(double latitude, double longitude) {
        for (Albers part : PARTS) {
            Point point = part.place(latitude, longitude);
            if (point != null) {
                return point;
            }
        }
        return null;
    }

    private @Nullable Point place(double latitude, double longitude) {
        double turned = Math.toRadians(longitude - meridian);
        double lambda = turned - 2 * Math.PI * Math.floor((turned + Math.PI) / (2 * Math.PI)); // Aleutians beyond 180°
        double rho = Math.sqrt(c - 2 * n * Math.sin(Math.toRadians(latitude))) / n;
        double x = dx + scale * rho * Math.sin(n * lambda);
        double y = dy - scale * (r0 - rho * Math.cos(n * lambda));
        return x >= left && x <= right && y >= top && y <= bottom ? new Point(x, y) : null;
    }
}
