package dev.tutti.simulator.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.flow.Flow;
import dev.tutti.flow.StandardFlows;
import dev.tutti.flow.verify.Finding;
import dev.tutti.flow.verify.Finding.Fault;
import dev.tutti.order.OrderFlows;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the verifier of flows says, against what orders do. */
class VerifierTest {
    private static final boolean DEEP = Boolean.getBoolean("tutti.deep");
    private static final int WALKS = DEEP ? 1_000_000 : 20_000;
    private static final int MUTANTS = DEEP ? 20_000 : 1_500;
    private static final int WALKS_OF_A_MUTANT = 60;

    /** Not wrong, but of no use: nothing gets stuck by it. */
    private static final Set<Fault> USELESS = EnumSet.of(Fault.UNREACHABLE_STEP, Fault.UNREACHABLE_EDGE);

    static List<Flow> flows() {
        return List.of(StandardFlows.shipAndWait(), StandardFlows.shipOrRefuse());
    }

    @ParameterizedTest
    @MethodSource("flows")
    void aReadyFlowIsAcceptedAndLeavesNoOrderStuck(Flow flow) {
        assertThat(OrderFlows.findings(flow)).isEmpty();
        for (long seed = 0; seed < WALKS; seed++) {
            assertThat(Walk.stuck(flow, seed)).as("seed " + seed).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("flows")
    void noMutantThatGetsAnOrderStuckIsAccepted(Flow flow) {
        int accepted = 0;
        int useless = 0;
        int stuck = 0;
        int refusedForNothing = 0;
        for (long seed = 0; seed < MUTANTS; seed++) {
            Flow mutant = Mutants.of(flow, seed);
            List<Finding> findings = OrderFlows.findings(mutant);
            String story = null;
            for (long walk = 0; walk < WALKS_OF_A_MUTANT && story == null; walk++) {
                story = Walk.stuck(mutant, seed * WALKS_OF_A_MUTANT + walk);
            }
            if (findings.stream().allMatch(finding -> USELESS.contains(finding.fault()))) {
                assertThat(story).as("mutant " + seed + " of " + flow.name()).isNull();
                useless += findings.isEmpty() ? 0 : 1;
                accepted += findings.isEmpty() ? 1 : 0;
            } else if (story == null) {
                refusedForNothing++;
            } else {
                stuck++;
            }
        }
        System.out.printf(
                "%s: of %d mutants %d accepted, %d refused for what is of no use, %d refused that get stuck, %d refused that were"
                        + " never seen to get stuck (%.1f %%)%n",
                flow.name(), MUTANTS, accepted, useless, stuck, refusedForNothing, 100.0 * refusedForNothing / MUTANTS);
    }
}
