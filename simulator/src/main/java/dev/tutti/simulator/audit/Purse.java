package dev.tutti.simulator.audit;

import dev.tutti.order.OrderEvent;
import dev.tutti.payment.Transaction;
import dev.tutti.payment.Transaction.Kind;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An order's money as the auditor counts it: what was asked and is not answered, and what was agreed to. */
final class Purse {
    private final Map<Integer, Transaction> open = new TreeMap<>();
    private final Map<Integer, Transaction> done = new TreeMap<>();
    private long writtenOff;
    private long notRefunded;
    private boolean used;

    void asked(OrderEvent.EffectIntended event) {
        Transaction money = event.money();
        if (money != null) {
            used = true;
            open.put(event.number(), money);
        }
    }

    void answered(OrderEvent.EffectAnswered event) {
        Transaction money = open.remove(event.number());
        if (money != null && (event.done() || money.kind() == Kind.VOID)) {
            done.put(event.number(), money);
        }
    }

    void writtenOff(long amount) {
        if (amount > 0) {
            writtenOff += amount;
        } else {
            notRefunded -= amount;
        }
    }

    private static long sum(Map<Integer, Transaction> some, int payment, Kind kind) {
        return some.values().stream()
                .filter(money -> money.payment() == payment && money.kind() == kind)
                .mapToLong(Transaction::amount)
                .sum();
    }

    /** What was taken or is being, without what was given back or is being. */
    long taken() {
        return all(done, Kind.CAPTURE) + all(open, Kind.CAPTURE) - all(done, Kind.REFUND) - all(open, Kind.REFUND);
    }

    private static long all(Map<Integer, Transaction> some, Kind kind) {
        return some.values().stream()
                .filter(money -> money.kind() == kind)
                .mapToLong(Transaction::amount)
                .sum();
    }

    /** What is wrong with one of its payments, or null. */
    @Nullable
    String wrong() {
        for (Transaction money : done.values()) {
            int payment = money.payment();
            long taken = sum(done, payment, Kind.CAPTURE);
            long gone = taken
                    + sum(open, payment, Kind.CAPTURE)
                    + sum(done, payment, Kind.VOID)
                    + sum(open, payment, Kind.VOID);
            long back = sum(done, payment, Kind.REFUND) + sum(open, payment, Kind.REFUND);
            if (back > taken || gone > sum(done, payment, Kind.AUTHORISE)) {
                return this.toString();
            }
        }
        return null;
    }

    /** Whether what was paid is the price of what the customer has and of what was not refunded, and nothing more is held. */
    boolean balances(long earned) {
        long paid = all(done, Kind.CAPTURE) - all(done, Kind.REFUND);
        long price = earned + notRefunded;
        return paid <= price
                && price <= paid + writtenOff
                && all(done, Kind.AUTHORISE) == all(done, Kind.CAPTURE) + all(done, Kind.VOID);
    }

    /** Whether a provider was ever asked for anything. */
    boolean isUsed() {
        return used;
    }

    /** Whether nothing is awaited from a provider. */
    boolean isQuiet() {
        return open.isEmpty();
    }

    @Override
    public String toString() {
        return "asked " + open + ", done " + done + ", written off " + writtenOff + ", not refunded " + notRefunded;
    }
}
