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
    /** Let a person look at it. */
    OPEN_EXCEPTION,
    /** The order's life is over. */
    CLOSE
}
