package dev.tutti.conveyor;

/** Who was first with a key. */
public record KeyOwner(long owner, long fingerprint) {}
