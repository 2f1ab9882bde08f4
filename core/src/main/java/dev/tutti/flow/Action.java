package dev.tutti.flow;

/** What a step can ask for. The vocabulary is closed: whoever runs the flow knows how to do each. */
public enum Action {
    /** Nothing; the flow stays until an event or a timer moves it on. */
    WAIT,
    /** Choose nodes for all units that have none, and claim the stock. Fails when some units find none. */
    SOURCE,
    /** Let units that found no stock wait for it. */
    PARK,
    /** Give the nodes their work. */
    RELEASE,
    /** Do not take the order at all; possible only while it is being placed. */
    REFUSE,
    /** Cancel what found no stock. */
    CANCEL_UNFILLED,
    /** Cancel all that has not left yet. */
    CANCEL,
    /** Ask a service outside and wait for its answer. Fails when it says no, or cannot be asked. */
    CALL,
    /** Ask a payment provider to hold what the order comes to, and wait. Fails when it says no. */
    AUTHORISE,
    /** Ask the provider for the price of what has gone, of what is held, and go on. */
    CAPTURE,
    /**
     * Make the money agree with the units, and wait until it does: take what has gone, give back what came back, let go
     * what is held for nothing. Fails when the provider will not.
     */
    SETTLE,
    /** Wait no more for what is still owed. */
    WRITE_OFF,
    /** Let a person look at it. */
    OPEN_EXCEPTION,
    /** The order's life is over. */
    CLOSE;

    /** Whether it is about a service outside that the step names. */
    public boolean hasTarget() {
        return this == CALL || this == AUTHORISE;
    }

    /** Whether the flow may have to wait at the step until somebody outside has answered. */
    public boolean asks() {
        return this == CALL || this == AUTHORISE || this == SETTLE;
    }
}
