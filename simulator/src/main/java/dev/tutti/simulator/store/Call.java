package dev.tutti.simulator.store;

/** Where a fault can strike. */
public enum Call {
    LOAD,
    OWNERS,
    BEGIN,
    CLAIM,
    LOCK,
    BEGINNINGS,
    POSITIONS,
    MOVEMENTS,
    WRITE,
    COMMIT,
    COMMITTED
}
