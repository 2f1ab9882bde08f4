package dev.tutti.order;

import dev.tutti.flow.FactType;
import dev.tutti.flow.Flow;
import dev.tutti.flow.verify.Finding;
import dev.tutti.flow.verify.Verifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be said of a flow for orders before any order takes it. */
public final class OrderFlows {
    private OrderFlows() {}

    /** All that is wrong with it; none if orders may take it. */
    public static List<Finding> findings(Flow flow) {
        return Verifier.findings(flow, new OrderSituations(flow));
    }

    /** What the values of a fact are, or null if an order has no such fact. */
    public static @Nullable FactType typeOf(String fact) {
        if (fact.startsWith(OrderFact.ATTRIBUTES)) {
            return FactType.TEXT;
        }
        OrderFact known = OrderFact.named(fact);
        return known == null ? null : known.type();
    }
}
