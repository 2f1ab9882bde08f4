package dev.tutti.returns;

/** Where the units of a return are: computed, never set. */
public enum ReturnStatus {
    EXPECTED,
    PARTLY_RECEIVED,
    RECEIVED,
    /** Nothing came, and nothing is waited for. */
    CANCELLED
}
