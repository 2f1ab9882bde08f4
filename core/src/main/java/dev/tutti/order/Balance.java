package dev.tutti.order;

import dev.tutti.fulfilment.UnitState;
import dev.tutti.payment.Payments;
import dev.tutti.payment.Transaction.Kind;

/**
 * How the money stands to the units, in minor units of the order's currency; all zero for an order that never asked a
 * payment provider for anything.
 *
 * @param due what the customer has and nobody has asked to be paid for
 * @param owedBack what was paid for units that the customer does not have any more, and nobody has asked to give back
 * @param held what a provider holds, and nobody has asked to take or let go
 */
record Balance(long due, long owedBack, long held, boolean busy) {
    private static final Balance NOTHING = new Balance(0, 0, 0, false);

    static Balance of(Order order) {
        Payments payments = order.payments();
        if (!payments.any()) {
            return NOTHING;
        }
        long missing = payments.missing(order.earned());
        return new Balance(Math.max(0, missing), Math.max(0, -missing), payments.held(), payments.busy());
    }

    /** What may still have to be paid and is not held: for units that have gone, and for those that may yet go. */
    static long toAuthorise(Order order) {
        long expected = 0;
        for (OrderLine line : order.lines()) {
            int units = line.units().total();
            int gone = line.units().in(UnitState.CANCELLED) + line.units().in(UnitState.RETURNED);
            expected = Math.addExact(expected, line.money().ofUnits(units, 0, units - gone));
        }
        Payments payments = order.payments();
        return payments.missing(expected) - payments.held() - payments.underWay(Kind.AUTHORISE);
    }

    boolean isSettled() {
        return due == 0 && owedBack == 0 && held == 0 && !busy;
    }
}
