package dev.tutti.payment;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.payment.Transaction.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * All payments of one order, and what was given up of either side's. All amounts are minor units of one currency.
 *
 * <p>The two sums are never set off against each other: a customer who was denied a refund has not paid for what comes
 * later, and one who never paid for a thing is owed nothing when it comes back.
 *
 * @param payments the oldest first
 * @param writtenOff what the customer owes and nobody waits for any more
 * @param notRefunded what was paid for units that came back, or never went, and stays paid: it was denied, or the customer
 *     got it in another way
 */
public record Payments(List<Payment> payments, long writtenOff, long notRefunded) {
    public static final Payments NONE = new Payments(List.of(), 0, 0);

    public Payments {
        payments = List.copyOf(payments);
        BrokenInvariant.unless(writtenOff >= 0 && notRefunded >= 0, "what was given up is never less than nothing");
    }

    /** What is missing of what the customer has; less than 0: what was paid beyond it. */
    public long missing(long earned) {
        return earned + notRefunded - taken() - writtenOff;
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
            return new Payments(next, writtenOff, notRefunded);
        }
        return with(transaction.payment(), payment -> payment.asked(transaction));
    }

    public Payments answered(Transaction transaction, boolean agreed) {
        return with(transaction.payment(), payment -> payment.answered(transaction, agreed));
    }

    /** @param amount what the customer owes; less than 0: what the customer is owed */
    public Payments givenUp(long amount) {
        return amount > 0
                ? new Payments(payments, Math.addExact(writtenOff, amount), notRefunded)
                : new Payments(payments, writtenOff, Math.subtractExact(notRefunded, amount));
    }

    /** After the customer has less: what was written off is no more than what is still missing. */
    public Payments writtenOffAtMost(long earned) {
        long most = Math.max(0, earned + notRefunded - taken());
        return writtenOff > most ? new Payments(payments, most, notRefunded) : this;
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
        return new Payments(next, writtenOff, notRefunded);
    }
}
