package dev.tutti.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MilesTest {
    @Test
    void areThoseOfTheGreatCircleRounded() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 2_000_000; i++) {
            GeoPoint from = new GeoPoint(random.nextDouble(-90, 90), random.nextDouble(-180, 180));
            double spread = i % 3 == 0 ? 1 : i % 3 == 1 ? 0.01 : 0.00001;
            GeoPoint to = new GeoPoint(
                    clamp(from.latitude() + spread * random.nextDouble(-180, 180), 90),
                    clamp(from.longitude() + spread * random.nextDouble(-360, 360), 180));
            GeoPoint end = i % 1000 == 0 ? opposite(from) : to;
            double miles = from.milesTo(end);
            int whole = from.toVector().wholeMilesTo(end.toVector());
            boolean isBetween = Math.abs(miles - Math.floor(miles) - 0.5) < 1e-6;
            assertThat(whole)
                    .as("%s to %s: %s", from, end, miles)
                    .isBetween(
                            isBetween ? (int) Math.floor(miles) : (int) Math.round(miles),
                            isBetween ? (int) Math.ceil(miles) : (int) Math.round(miles));
        }
    }

    private static GeoPoint opposite(GeoPoint point) {
        return new GeoPoint(
                -point.latitude(), point.longitude() > 0 ? point.longitude() - 180 : point.longitude() + 180);
    }

    private static double clamp(double degrees, double most) {
        return Math.clamp(degrees, -most, most);
    }
}
