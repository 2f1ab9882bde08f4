package dev.tutti.flow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a flow.
 *
 * @param edges the ways out; the first whose trigger came and whose condition holds is taken
 */
public record Step(String name, Action action, List<Edge> edges) {
    public Step {
        edges = List.copyOf(edges);
    }

    /**
     * A way out of a step.
     *
     * @param to the next step, or null: the trigger is expected here and leads nowhere
     */
    public record Edge(Trigger on, Condition when, @Nullable String to) {}
}
