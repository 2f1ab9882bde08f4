package dev.tutti.flow.verify;

import java.util.List;

/**
 * What was seen of a flow.
 *
 * @param <S> a situation
 */
public final class Verdict<S> {
    private final List<Finding> findings;
    private final Situations<S> situations;

    Verdict(List<Finding> findings, Situations<S> situations) {
        this.findings = List.copyOf(findings);
        this.situations = situations;
    }

    /** All that is wrong, what is nearest to the beginning first; none if it may run. */
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
}
