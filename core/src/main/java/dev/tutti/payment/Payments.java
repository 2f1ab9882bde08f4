package dev.tutti.payment;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.payment.Transaction.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * All payments of one order, and what was written off.
 *
 * @param payments the oldest first
 * @param writtenOff minor units that nobody waits for any more; less than 0: that the customer got back in another way
 */
public record Payments(List<Payment> payments, long writtenOff) {
    public static final Payments NONE = new Payments(List.of(), 0);

    public Payments {
        payments = List.copyOf(payments);
    }

    /** Whether money was ever asked for: if not, whoever sold the order has it. */
    public boolean any() {
        return !payments.isEmpty();
    }

    public long held() {
        return sum(Payment::held);
    }

    /** What the customer has paid, with what is on its way to us and without what is on its way back. */
    public long taken() {
        return sum(payment -> payment.done().capture()
                + payment.underWay().capture()
                - payment.done().refund()
                - payment.underWay().refund());
    }

    public long underWay(Kind kind) {
        return sum(payment -> payment.underWay().of(kind));
    }

    public boolean busy() {
        return payments.stream().anyMatch(Payment::busy);
    }

    public boolean failed() {
        return payments.stream().anyMatch(Payment::failed);
    }

    private long sum(ToLongFunction<Payment> amount) {
        return payments.stream().mapToLong(amount).sum();
    }

    /** After a provider was asked for something by an effect of that number. */
    public Payments asked(Transaction transaction, int effect, String destination) {
        if (transaction.kind() == Kind.AUTHORISE) {
            BrokenInvariant.unless(transaction.payment() == effect, "a payment has the number of what authorises it");
            List<Payment> next = new ArrayList<>(payments);
            next.add(Payment.begin(effect, destination).asked(transaction));
            return new Payments(next, writtenOff);
        }
        return with(transaction.payment(), payment -> payment.asked(transaction));
    }

    public Payments answered(Transaction transaction, boolean agreed) {
        return with(transaction.payment(), payment -> payment.answered(transaction, agreed));
    }

    public Payments writtenOff(long amount) {
        return new Payments(payments, Math.addExact(writtenOff, amount));
    }

    /** After it has turned out that less than was written off is missing. */
    public Payments writtenOffAtMost(long missing) {
        return writtenOff > missing ? new Payments(payments, missing) : this;
    }

    private Payments with(int number, UnaryOperator<Payment> change) {
        List<Payment> next = new ArrayList<>(payments);
        boolean found = false;
        for (int i = 0; i < next.size(); i++) {
            if (next.get(i).number() == number) {
                next.set(i, change.apply(next.get(i)));
                found = true;
            }
        }
        BrokenInvariant.unless(found, "there is no payment " + number);
        return new Payments(next, writtenOff);
    }
}
