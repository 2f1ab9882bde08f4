package dev.tutti.flow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a flow.
 *
 * @param target what the action is about, if its {@link Action#target()} is anything; else null
 * @param rules what is looked for, if the action is to screen; else empty
 * @param edges the ways out; the first whose trigger came and whose condition holds is taken
 */
public record Step(String name, Action action, @Nullable String target, List<Rule> rules, List<Edge> edges) {
    public Step {
        rules = List.copyOf(rules);
        edges = List.copyOf(edges);
        if (!rules.isEmpty() && action != Action.SCREEN) {
            throw new IllegalArgumentException("step " + name + ": there are rules for screening alone");
        }
        boolean good = switch (action.target()) {
            case NONE -> target == null;
            case DESTINATION, HOLD -> target != null;
            case REASON -> true;
        };
        if (!good) {
            throw new IllegalArgumentException(
                    "step " + name + ": what is called, told or held is named, and what is neither has no name");
        }
    }

    /** A step that does not screen. */
    public Step(String name, Action action, @Nullable String target, List<Edge> edges) {
        this(name, action, target, List.of(), edges);
    }

    /** A step whose action is about nothing but the order. */
    public Step(String name, Action action, List<Edge> edges) {
        this(name, action, null, edges);
    }

    /**
     * What must not go on unseen.
     *
     * @param hold the type of the hold that is placed when the condition holds
     * @param reason what a person is told
     */
    public record Rule(Condition when, String hold, String reason) {}

    /**
     * A way out of a step.
     *
     * @param to the next step, or null: the trigger is expected here and leads nowhere
     */
    public record Edge(Trigger on, Condition when, @Nullable String to) {}
}
