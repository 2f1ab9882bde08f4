package dev.tutti.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final int STEPS = 500;
    private static final int SEEDS = Boolean.getBoolean("tutti.deep") ? 100_000 : 1_000;

    @Test
    void everyInvariantHoldsInEveryWorld() throws InterruptedException {
        List<String> violations = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            int first = 1 + t;
            threads.add(Thread.ofPlatform().start(() -> {
                for (long seed = first; seed <= SEEDS && violations.isEmpty(); seed += 2) {
                    String violation = Simulate.violation(seed, STEPS);
                    if (violation != null) {
                        violations.add(violation);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        for (long seed = 1; seed <= 10; seed++) {
            assertThat(printed(seed)).isEqualTo(printed(seed));
        }
    }

    @Test
    void anotherSeedGivesAnotherHistory() {
        assertThat(printed(1)).isNotEqualTo(printed(2));
    }

    /** Worlds beyond the sample in which something was once wrong. */
    @Test
    void everyInvariantHoldsWhereItOnceDidNot() {
        for (long seed : List.of(68_494L)) { // of two keys one could not be stored, and the other was not looked up
            assertThat(Simulate.violation(seed, STEPS)).isNull();
        }
    }

    /** A long life as well as many short ones. */
    @Test
    void everyInvariantHoldsInALongRun() {
        assertThat(Simulate.violation(7, Boolean.getBoolean("tutti.deep") ? 200_000 : 5_000))
                .isNull();
    }

    private static List<String> printed(long seed) {
        List<String> lines = new ArrayList<>();
        Report report = new World(seed, 0, lines::add).run(STEPS);
        lines.add(Simulate.summary(seed, report));
        return lines;
    }
}
