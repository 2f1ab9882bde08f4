package dev.tutti.reservation;

/**
 * How much somebody may hold at a time without an order.
 *
 * @param caller a number of theirs
 * @param most units, of all items together
 */
public record Allowance(int caller, int most) {}
