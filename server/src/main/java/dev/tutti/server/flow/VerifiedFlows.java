package dev.tutti.server.flow;

import dev.tutti.flow.Flow;
import dev.tutti.order.OrderFlow;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Flows with what was found of them: a version never changes, so it is looked at once. */
public final class VerifiedFlows {
    private final Map<String, OrderFlow> verified = new ConcurrentHashMap<>();

    public OrderFlow of(Flow flow) {
        return verified.computeIfAbsent(flow.name() + " " + flow.version(), key -> OrderFlow.verified(flow));
    }
}
