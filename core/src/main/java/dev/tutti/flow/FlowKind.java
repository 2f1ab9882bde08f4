package dev.tutti.flow;

/** What travels along a flow. */
public enum FlowKind {
    ORDER,
    FULFILMENT_ORDER,
    RETURN
}
