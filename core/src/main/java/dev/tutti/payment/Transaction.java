package dev.tutti.payment;

/**
 * One thing a payment provider is asked to do.
 *
 * @param payment the number of the payment it is about: that of the effect which authorised it
 * @param amount minor units of the order's currency, more than 0
 */
public record Transaction(Kind kind, int payment, long amount) {
    public Transaction {
        if (amount <= 0) {
            throw new IllegalArgumentException("an amount is more than 0, not " + amount);
        }
    }

    /** What can be done with money. */
    public enum Kind {
        /** Hold so much for us. */
        AUTHORISE,
        /** Take it, of what is held. */
        CAPTURE,
        /** Give back what was taken. */
        REFUND,
        /** Let go what is held. */
        VOID
    }
}
