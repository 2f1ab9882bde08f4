package dev.tutti.flow;

import java.util.List;

/**
 * One step of a flow.
 *
 * @param edges the ways out; the first whose trigger came and whose condition holds is taken
 */
public record Step(String name, Action action, List<Edge> edges) {
    /** A way out of a step. */
    public record Edge(Trigger on, Condition when, String to) {}
}
