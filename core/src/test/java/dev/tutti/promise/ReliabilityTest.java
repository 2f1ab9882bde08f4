package dev.tutti.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.promise.Reliability.Arrivals;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReliabilityTest {
    @Test
    void ofWhatNothingIsKnownNothingIsSaid() {
        assertThat(Reliability.UNKNOWN.share("A", 1, 1)).isNull();
        assertThat(new Reliability(List.of(new Arrivals("A", 1, 1, 5, 5))).share("B", 1, 1))
                .isNull();
    }

    @Test
    void aFewAreNoCertainty() {
        Reliability few = new Reliability(List.of(new Arrivals("A", 1, 1, 3, 3)));
        assertThat(few.share("A", 1, 1)).isBetween(850_000L, 950_000L);
        Reliability many = new Reliability(List.of(new Arrivals("A", 1, 1, 3_000, 3_000)));
        assertThat(many.share("A", 1, 1)).isBetween(999_000L, 1_000_000L);
    }

    @Test
    void whatIsKnownOfOthersCountsWhereLittleIsKnown() {
        Reliability known = new Reliability(List.of(
                new Arrivals("A", 1, 1, 1_000, 990),
                new Arrivals("A", 1, 2, 1_000, 600),
                new Arrivals("A", 2, 1, 4, 0)));
        assertThat(known.share("A", 1, 1)).isBetween(983_000L, 990_000L);
        assertThat(known.share("A", 1, 2)).isBetween(600_000L, 610_000L);
        // A node of which nothing is known is like the others of its zone, a zone like the service.
        assertThat(known.share("A", 1, 7)).isBetween(780_000L, 810_000L);
        assertThat(known.share("A", 9, 7)).isBetween(780_000L, 810_000L);
        // Four that were late say something, and not everything.
        assertThat(known.share("A", 2, 1)).isBetween(450_000L, 750_000L);
    }

    /** What is told is what happens: of a thousand nodes and zones, each with a share of its own that is drawn anew. */
    @Test
    void whatIsToldIsWhatHappens() {
        Random random = new Random(3);
        List<Arrivals> arrivals = new ArrayList<>();
        double[][] truth = new double[20][50];
        for (int zone = 0; zone < 20; zone++) {
            double ofZone = 0.75 + random.nextDouble() * 0.24;
            for (int node = 0; node < 50; node++) {
                truth[zone][node] = Math.min(0.999, ofZone + (random.nextDouble() - 0.5) * 0.1);
                int parcels = random.nextInt(200);
                int inTime = 0;
                for (int i = 0; i < parcels; i++) {
                    inTime += random.nextDouble() < truth[zone][node] ? 1 : 0;
                }
                arrivals.add(new Arrivals("A", zone, node, parcels, inTime));
            }
        }
        Reliability learned = new Reliability(arrivals);
        double[] told = new double[11];
        double[] kept = new double[11];
        int[] count = new int[11];
        for (int i = 0; i < 400_000; i++) {
            int zone = random.nextInt(20);
            int node = random.nextInt(50);
            Long share = learned.share("A", zone, node);
            assertThat(share).isNotNull();
            int step = (int) (share / 100_000);
            told[step] += share / 1e6;
            kept[step] += random.nextDouble() < truth[zone][node] ? 1 : 0;
            count[step]++;
        }
        for (int step = 0; step < 11; step++) {
            if (count[step] > 5_000) {
                assertThat(kept[step] / count[step])
                        .isBetween(told[step] / count[step] - 0.02, told[step] / count[step] + 0.02);
            }
        }
    }
}
