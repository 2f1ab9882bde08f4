package dev.tutti.simulator.store;

/** What may go wrong at a call. Where a fault makes no sense at a call, the call goes well. */
public enum Fault {
    NONE,
    /** The server's process dies before the call reaches the store. */
    CRASH_BEFORE,
    /** The server's process dies before it hears that the call was done. */
    CRASH_AFTER,
    /** The connection is gone before the call. */
    CONNECTION_LOST,
    /** The transaction is chosen to make way for others. */
    CONFLICT,
    /** COMMIT is sent and its answer lost; it happens at once. */
    ANSWER_LOST_DONE,
    /** COMMIT is sent and lost on the way. */
    ANSWER_LOST_UNDONE,
    /** COMMIT is sent, the connection breaks, and the store has not decided yet. */
    ANSWER_LOST_PENDING
}
