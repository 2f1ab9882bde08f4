package dev.tutti.order;

import dev.tutti.quantity.Proration;

/**
 * What a line costs, in minor units of the order's currency. What the order as a whole was charged (shipping, a
 * discount) is already shared out over its lines.
 *
 * @param unitPrice for each unit, before discount
 * @param discount off the whole line, not negative
 * @param tax on the whole line
 * @param shipping the line's share
 */
public record LineMoney(long unitPrice, long discount, long tax, long shipping) {
    public long total(int units) {
        return Math.addExact(
                Math.addExact(Math.subtractExact(Math.multiplyExact(unitPrice, (long) units), discount), tax),
                shipping);
    }

    /**
     * What the units from {@code from} to {@code to} of {@code units} come to: parts taken one after the other sum
     * exactly to the line's total (invariant 9).
     */
    public long ofUnits(int units, int from, int to) {
        return unitPrice * (to - from)
                - Proration.ofUnits(discount, units, from, to)
                + Proration.ofUnits(tax, units, from, to)
                + Proration.ofUnits(shipping, units, from, to);
    }
}
