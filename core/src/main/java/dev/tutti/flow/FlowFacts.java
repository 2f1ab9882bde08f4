package dev.tutti.flow;

/** What a flow is shown: named values. It sees nothing else. */
@FunctionalInterface
public interface FlowFacts {
    /**
     * A fact by its name, such as {@code units.backordered}: a {@link Long}, a {@link String} or a {@link Boolean}.
     *
     * @throws IllegalArgumentException if there is no such fact
     */
    Object value(String name);
}
