package dev.tutti.conveyor;

/** What kind of traffic a command is, so that one kind cannot keep the others waiting for ever. */
public enum Lane {
    /** Somebody waits for the answer. */
    INTERACTIVE,
    /** Its time has come. */
    DUE,
    /** One of many. */
    BULK
}
