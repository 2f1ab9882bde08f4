package dev.tutti.flow.verify;

import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import java.util.List;

/**
 * What was seen of a flow.
 *
 * @param <S> a situation
 */
public final class Verdict<S> {
    private final Flow flow;
    private final Abstraction<S> around;
    private final List<Finding> findings;
    private final Situations<S> situations;

    Verdict(Flow flow, Abstraction<S> around, List<Finding> findings, Situations<S> situations) {
        this.flow = flow;
        this.around = around;
        this.findings = List.copyOf(findings);
        this.situations = situations;
    }

    /** All that is wrong, causes before what follows from them; none if it may run. */
    public List<Finding> findings() {
        return findings;
    }

    /** Whether it may come to wait at a step in this situation: all that was said of it is true there. */
    public boolean mayWait(String step, S situation) {
        return situations.knows(step, true, situation);
    }

    /** Whether it may come to begin a step in this situation. */
    public boolean mayEnter(String step, S situation) {
        return situations.knows(step, false, situation);
    }

    /** Whether all that a step may lead to, if it is begun in this situation, is a place the flow may come to by itself. */
    public boolean leadsToWhatIsKnown(String step, S situation) {
        return flow.steps().stream()
                .filter(one -> one.name().equals(step))
                .anyMatch(one -> leadsToWhatIsKnown(one, situation));
    }

    private boolean leadsToWhatIsKnown(Step step, S situation) {
        return around.forbids(step.action(), situation) == null
                && around.outcomes(step.action(), situation).stream().allMatch(outcome -> switch (outcome.how()) {
                    case OVER -> true;
                    case ASKED -> rests(step, outcome.situation());
                    case DONE -> leadsOn(step, Trigger.DONE, outcome.situation());
                    case FAILED -> leadsOn(step, Trigger.FAILED, outcome.situation());
                });
    }

    private boolean leadsOn(Step step, Trigger trigger, S situation) {
        for (Step.Edge edge : step.edges()) {
            Truth holds = edge.on().equals(trigger)
                    ? Known.truth(edge.when(), fact -> around.fact(situation, fact))
                    : Truth.NO;
            if (holds == Truth.NO) {
                continue;
            }
            String to = edge.to();
            boolean known = to == null ? rests(step, situation) : situations.knows(to, false, situation);
            if (!known || holds == Truth.YES) {
                return known;
            }
        }
        return step.action() == Action.WAIT && rests(step, situation);
    }

    private boolean rests(Step step, S situation) {
        return situations.knows(step.name(), true, around.waiting(situation));
    }
}
