package dev.tutti.flow;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A flow: steps joined by edges. The first step is where it starts.
 *
 * <p>What travels keeps the name and version of the flow it began with.
 */
public final class Flow {
    private final String name;
    private final int version;
    private final FlowKind kind;
    private final List<Step> steps;
    // Looked up by name only, never iterated.
    private final Map<String, Step> byName = new HashMap<>();

    /** A flow of orders. */
    public Flow(String name, int version, List<Step> steps) {
        this(name, version, FlowKind.ORDER, steps);
    }

    /**
     * @throws IllegalArgumentException if two steps have one name, an edge leads nowhere, or an action is not for this kind
     */
    public Flow(String name, int version, FlowKind kind, List<Step> steps) {
        this.name = name;
        this.version = version;
        this.kind = kind;
        this.steps = List.copyOf(steps);
        for (Step step : steps) {
            if (byName.put(step.name(), step) != null) {
                throw new IllegalArgumentException("flow " + name + " has two steps named " + step.name());
            }
            if (!step.action().isFor(kind)) {
                throw new IllegalArgumentException("flow " + name + ", step " + step.name() + ": " + step.action()
                        + " is nothing that a flow of this kind can ask for");
            }
        }
        for (Step step : steps) {
            for (Step.Edge edge : step.edges()) {
                if (edge.to() != null && !byName.containsKey(edge.to())) {
                    throw new IllegalArgumentException("flow " + name + ", step " + step.name() + ": an edge leads to "
                            + edge.to() + ", which is no step");
                }
            }
        }
    }

    public String name() {
        return name;
    }

    public int version() {
        return version;
    }

    /** What travels along it. */
    public FlowKind kind() {
        return kind;
    }

    public List<Step> steps() {
        return steps;
    }

    public Step start() {
        return steps.getFirst();
    }

    public Step step(String stepName) {
        Step step = byName.get(stepName);
        if (step == null) {
            throw new IllegalArgumentException("flow " + name + " has no step named " + stepName);
        }
        return step;
    }

    /** Where a trigger leads from a step, or null if the flow stays there. */
    public @Nullable Step next(String from, Trigger trigger, FlowFacts facts) {
        for (Step.Edge edge : step(from).edges()) {
            if (edge.on().equals(trigger) && edge.when().holds(facts)) {
                return edge.to() == null ? null : step(edge.to());
            }
        }
        return null;
    }

    /** Whether a step has a way for a trigger, be it to stay. */
    public boolean expects(String at, Trigger trigger, FlowFacts facts) {
        return step(at).edges().stream()
                .anyMatch(edge -> edge.on().equals(trigger) && edge.when().holds(facts));
    }

    /** Whether a timer of a step entered then has run out, whether its condition holds or not. */
    public boolean hasLapsed(String at, Instant entered, Instant now) {
        return step(at).edges().stream()
                .anyMatch(edge -> edge.on() instanceof Trigger.After(var wait)
                        && !entered.plus(wait).isAfter(now));
    }

    /** The timer that is due at a step entered then, of several the one that was to run first, or null. */
    public @Nullable Trigger dueTimer(String at, Instant entered, Instant now, FlowFacts facts) {
        Trigger.After first = null;
        for (Step.Edge edge : step(at).edges()) {
            if (edge.on() instanceof Trigger.After timer
                    && !entered.plus(timer.delay()).isAfter(now)
                    && (first == null || timer.delay().compareTo(first.delay()) < 0)
                    && edge.when().holds(facts)) {
                first = timer;
            }
        }
        return first;
    }

    /** When the next timer of a step entered then will be due, or null if it waits for none. */
    public @Nullable Instant nextTimer(String at, Instant entered, FlowFacts facts) {
        Instant first = null;
        for (Step.Edge edge : step(at).edges()) {
            if (edge.on() instanceof Trigger.After(var wait) && edge.when().holds(facts)) {
                Instant due = entered.plus(wait);
                if (first == null || due.isBefore(first)) {
                    first = due;
                }
            }
        }
        return first;
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
