package dev.tutti.conveyor;

import java.time.Instant;

/**
 * Who asks, from where, when and why: written with every change (invariant 19).
 *
 * @param actor the caller's key or a part of Tutti itself
 * @param origin where from, such as an address or {@code timer}
 * @param at business time
 * @param reason what the caller gave; may be empty
 */
public record Audit(String actor, String origin, Instant at, String reason) {}
