package dev.tutti.order;

import dev.tutti.flow.Action;
import dev.tutti.flow.FactType;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowKind;
import dev.tutti.flow.Journey;
import dev.tutti.flow.verify.Finding;
import dev.tutti.flow.verify.Verdict;
import dev.tutti.flow.verify.Verifier;
import dev.tutti.network.Network;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A flow for orders or their parts, looked at before anything takes it. */
public final class OrderFlow {
    private final FlowKind kind;
    private final JourneySituations situations;
    private final Verdict<Situation> verdict;
    // Looked up by situation only, never iterated.
    private final Map<Situation, Set<Situation>> next = new HashMap<>();

    private OrderFlow(Flow flow) {
        this.kind = flow.kind();
        this.situations = JourneySituations.of(flow);
        this.verdict = Verifier.verdict(flow, situations);
    }

    /** Looks at all that whatever takes it may come to. */
    public static OrderFlow verified(Flow flow) {
        return new OrderFlow(flow);
    }

    /** All that is wrong with it; none if it may be taken. */
    public List<Finding> findings() {
        return verdict.findings();
    }

    /** Whether what travels may wait at a step as it stands now: then all that was found holds for it. */
    public boolean mayWait(String step, Order order, Journey journey, Network network) {
        Situation now = situations.of(order, journey, network);
        return verdict.mayWait(step, now) || verdict.mayWait(step, situations.later(now));
    }

    /** Whether nothing can go wrong if what travels begins a step as it stands now. */
    public boolean mayEnter(String step, Order order, Journey journey, Network network) {
        Situation now = situations.of(order, journey, network);
        return verdict.mayEnter(step, now)
                || verdict.mayEnter(step, situations.later(now))
                || verdict.leadsToWhatIsKnown(step, now);
    }

    /**
     * Whether one event may change so what travels, as far as the verifier has been told of it. For one thread: it
     * remembers what it has found.
     */
    public boolean foresees(Order before, Order after, Journey journey, Network network) {
        Situation now = situations.of(before, journey, network);
        Situation then = situations.of(after, journey, network);
        return now.equals(then) || next.computeIfAbsent(now, this::next).contains(then);
    }

    private Set<Situation> next(Situation now) {
        Set<Situation> all = new HashSet<>();
        for (Action action : actions()) {
            situations.happenings(action, now).forEach(happening -> all.add(happening.situation()));
            situations.outcomes(action, now).forEach(outcome -> all.add(outcome.situation()));
        }
        return all;
    }

    private List<Action> actions() {
        return Arrays.stream(Action.values())
                .filter(action -> action.isFor(kind))
                .toList();
    }

    /** What the values of a fact are, or null if what travels along a flow of this kind has no such fact. */
    public static @Nullable FactType typeOf(FlowKind kind, String fact) {
        if (fact.startsWith(OrderFact.ATTRIBUTES) || fact.startsWith(OrderFact.ANSWERS)) {
            return FactType.TEXT;
        }
        OrderFact known = OrderFact.named(fact);
        return known == null || !known.isOf(kind) ? null : known.type();
    }
}
