package dev.tutti.order;

import dev.tutti.flow.Action;
import dev.tutti.flow.FactType;
import dev.tutti.flow.Flow;
import dev.tutti.flow.verify.Finding;
import dev.tutti.flow.verify.Verdict;
import dev.tutti.flow.verify.Verifier;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A flow for orders, looked at before any order takes it. */
public final class OrderFlow {
    private final OrderSituations situations;
    private final Verdict<OrderSituations.Situation> verdict;

    private OrderFlow(Flow flow) {
        this.situations = new OrderSituations(flow);
        this.verdict = Verifier.verdict(flow, situations);
    }

    /** Looks at all that orders may come to with it. */
    public static OrderFlow verified(Flow flow) {
        return new OrderFlow(flow);
    }

    /** All that is wrong with it; none if orders may take it. */
    public List<Finding> findings() {
        return verdict.findings();
    }

    /** Whether an order as this one is now may wait at a step: then all that was found holds for it. */
    public boolean mayWait(String step, Order order) {
        OrderSituations.Situation now = situations.of(order);
        return verdict.mayWait(step, now) || verdict.mayWait(step, situations.later(now));
    }

    /** Whether an order as this one is now may begin a step. */
    public boolean mayEnter(String step, Order order) {
        OrderSituations.Situation now = situations.of(order);
        return verdict.mayEnter(step, now) || verdict.mayEnter(step, situations.later(now));
    }

    /** Whether one event may make an order of another, as far as the verifier has been told of orders. */
    public boolean foresees(Order before, Order after) {
        OrderSituations.Situation now = situations.of(before);
        OrderSituations.Situation then = situations.of(after);
        return now.equals(then)
                || Arrays.stream(Action.values())
                        .flatMap(action -> situations.happenings(action, now).stream())
                        .anyMatch(happening -> happening.situation().equals(then))
                || Arrays.stream(Action.values())
                        .flatMap(action -> situations.outcomes(action, now).stream())
                        .anyMatch(outcome -> outcome.situation().equals(then));
    }

    /** What the values of a fact are, or null if an order has no such fact. */
    public static @Nullable FactType typeOf(String fact) {
        if (fact.startsWith(OrderFact.ATTRIBUTES) || fact.startsWith(OrderFact.ANSWERS)) {
            return FactType.TEXT;
        }
        OrderFact known = OrderFact.named(fact);
        return known == null ? null : known.type();
    }
}
