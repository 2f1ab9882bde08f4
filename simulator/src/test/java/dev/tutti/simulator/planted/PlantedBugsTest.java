package dev.tutti.simulator.planted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.simulator.audit.Invariant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each bug, planted alone in the core's own code, is found by the simulation within a bounded number of worlds. */
class PlantedBugsTest {
    private static final int MOST_SEEDS = 3000;
    private static final int STEPS = 500;

    @ParameterizedTest
    @FieldSource("dev.tutti.simulator.planted.PlantedBugs#BUGS")
    void isCaught(PlantedBug bug) throws Exception {
        BuggyCode code = BuggyCode.with(bug.edits());
        String found = null;
        long seed = 0;
        while (found == null && seed < MOST_SEEDS) {
            found = code.violation(++seed, STEPS);
        }
        assertThat(found).as(bug + ", in " + MOST_SEEDS + " worlds").isNotNull();
        if (Boolean.getBoolean("tutti.planted.print")) {
            System.out.println(
                    bug + " | seed " + seed + " | " + found.lines().findFirst().orElse(""));
        }
        assertThat(bug.caughtBy().stream().map(PlantedBugsTest::announced))
                .as(bug + ", seed " + seed + ": " + found.lines().findFirst().orElse(""))
                .anyMatch(found::startsWith);
    }

    private static String announced(Invariant invariant) {
        return "VIOLATION of invariant " + invariant.number() + " ";
    }

    @Test
    void areAtLeastTwentyAndTheCodeWithoutThemIsClean() throws Exception {
        assertThat(PlantedBugs.BUGS).hasSizeGreaterThanOrEqualTo(20);
        BuggyCode unharmed =
                BuggyCode.with(List.of(new Edit("inventory.Overlay", "change(changes, 1);", "change(changes, 1);")));
        for (int seed = 1; seed <= 20; seed++) {
            assertThat(unharmed.violation(seed, STEPS)).isNull();
        }
    }
}
