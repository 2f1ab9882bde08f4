package dev.tutti.simulator.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowKind;
import dev.tutti.flow.StandardFlows;
import dev.tutti.order.OrderFlow;
import dev.tutti.simulator.PaidFlow;
import dev.tutti.simulator.PartFlows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the verifier of flows says, against what orders do. */
class VerifierTest {
    private static final boolean DEEP = Boolean.getBoolean("tutti.deep");
    /** Of which the first are compared with what the verifier has seen. */
    private static final int WALKS = DEEP ? 1_000_000 : 20_000;

    private static final int COMPARED = 20_000;
    private static final int MUTANTS = DEEP ? 20_000 : 1_000;

    static List<Flow> flows() {
        List<Flow> flows = new ArrayList<>(StandardFlows.all());
        flows.add(PaidFlow.flow());
        flows.add(PartFlows.inTime());
        flows.add(PartFlows.inspected());
        return flows;
    }

    @ParameterizedTest
    @MethodSource("flows")
    void aFlowIsAcceptedAndLeavesNoOrderStuck(Flow flow) {
        OrderFlow verified = OrderFlow.verified(flow);
        assertThat(verified.findings()).isEmpty();
        Map<String, OrderFlow> seen = new TreeMap<>(Map.of(flow.name(), verified));
        if (flow.kind() != FlowKind.ORDER) {
            seen.put(PaidFlow.flow().name(), OrderFlow.verified(PaidFlow.flow()));
        }
        for (long seed = 0; seed < WALKS; seed++) {
            assertThat(seed < COMPARED ? Walk.stuckOrUnforeseen(flow, seen, seed) : Walk.stuck(flow, seed))
                    .as("seed " + seed)
                    .isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("flows")
    void noMutantThatGetsAnOrderStuckIsAccepted(Flow flow) {
        // With money there are ten times as many situations to look at.
        boolean money = flow.steps().stream().anyMatch(step -> step.action() == Action.SETTLE);
        Survey survey = Survey.of(flow, money ? MUTANTS / 5 : MUTANTS);

        System.out.println(flow.name() + ": " + survey.words());
        assertThat(survey.missed()).isEmpty();
        assertThat(survey.stuck()).isPositive();
    }
}
