package dev.tutti.simulator.walk;

import dev.tutti.flow.Action;
import dev.tutti.flow.Condition;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Step;
import dev.tutti.flow.Step.Edge;
import dev.tutti.flow.Trigger;
import dev.tutti.simulator.Chance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Flows as somebody might have written them by mistake: a good one with one to three things changed. */
public final class Mutants {
    private final Chance chance;
    private final List<Step> steps = new ArrayList<>();

    private final List<Action> actions;

    private Mutants(Flow flow, long seed) {
        this.actions = Arrays.stream(Action.values())
                .filter(action -> action.isFor(flow.kind()))
                .toList();
        this.chance = new Chance(seed);
        this.steps.addAll(flow.steps());
    }

    public static Flow of(Flow flow, long seed) {
        Mutants mutants = new Mutants(flow, seed);
        int changes = 1 + mutants.chance.below(3);
        for (int i = 0; i < changes; i++) {
            mutants.change();
        }
        return new Flow(flow.name(), flow.version(), flow.kind(), mutants.steps);
    }

    private void change() {
        int at = chance.below(steps.size());
        Step step = steps.get(at);
        List<Edge> edges = new ArrayList<>(step.edges());
        Action action = step.action();
        if (edges.isEmpty() || chance.below(8) == 0) {
            action = actions.get(chance.below(actions.size()));
        } else {
            int which = chance.below(edges.size());
            Edge edge = edges.get(which);
            switch (chance.below(9)) {
                case 0 -> edges.remove(which);
                case 1 -> edges.set(which, new Edge(edge.on(), edge.when(), anyStep()));
                case 2 -> edges.set(which, new Edge(edge.on(), new Condition.Not(edge.when()), edge.to()));
                case 3 -> edges.set(which, new Edge(edge.on(), Condition.ALWAYS, edge.to()));
                case 4 -> edges.set(which, new Edge(edge.on(), anyEdge().when(), edge.to()));
                case 5 -> edges.set(which, new Edge(anyEdge().on(), edge.when(), edge.to()));
                case 6 -> edges.add(edges.remove(which));
                case 7 -> edges.add(chance.below(edges.size() + 1), anyEdge());
                default -> edges.set(which, new Edge(edge.on(), edge.when(), null));
            }
        }
        String target =
                action.target() == Action.Target.NONE ? null : step.target() == null ? "somewhere" : step.target();
        steps.set(at, new Step(step.name(), action, target, edges));
    }

    private String anyStep() {
        return steps.get(chance.below(steps.size())).name();
    }

    private Edge anyEdge() {
        List<Edge> all = steps.stream().flatMap(step -> step.edges().stream()).toList();
        return all.isEmpty() ? new Edge(Trigger.DONE, Condition.ALWAYS, anyStep()) : all.get(chance.below(all.size()));
    }
}
