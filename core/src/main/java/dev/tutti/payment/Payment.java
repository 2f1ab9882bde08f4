package dev.tutti.payment;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.payment.Transaction.Kind;

/**
 * What has become of one authorisation. All amounts are minor units of one currency.
 *
 * <p>Invariant 7: what was refunded, or is being, is no more than what was captured; what was captured or let go, or is
 * being, no more than what was authorised.
 *
 * @param number that of the effect which authorises it
 * @param destination the provider that has it
 * @param done what the provider has agreed to
 * @param underWay what it was asked and has not answered
 * @param failed whether the last that was asked of it, once it was authorised, was refused
 */
public record Payment(int number, String destination, Amounts done, Amounts underWay, boolean failed) {
    public Payment {
        boolean holds = done.refund() + underWay.refund() <= done.capture()
                && heldOf(done, underWay) >= 0
                && underWay.least() >= 0;
        BrokenInvariant.unless(
                holds,
                "more is captured than authorised, or refunded than captured: payment " + number + ", done " + done
                        + ", under way " + underWay);
    }

    /** A sum for each kind of transaction. */
    public record Amounts(long authorise, long capture, long refund, long letGo) {
        static final Amounts NONE = new Amounts(0, 0, 0, 0);

        public long of(Kind kind) {
            return switch (kind) {
                case AUTHORISE -> authorise;
                case CAPTURE -> capture;
                case REFUND -> refund;
                case VOID -> letGo;
            };
        }

        Amounts plus(Kind kind, long amount) {
            return new Amounts(
                    authorise + (kind == Kind.AUTHORISE ? amount : 0),
                    capture + (kind == Kind.CAPTURE ? amount : 0),
                    refund + (kind == Kind.REFUND ? amount : 0),
                    letGo + (kind == Kind.VOID ? amount : 0));
        }

        long least() {
            return Math.min(Math.min(authorise, capture), Math.min(refund, letGo));
        }

        boolean isNothing() {
            return equals(NONE);
        }
    }

    /** One that nothing was asked of yet, not even to be authorised. */
    public static Payment begin(int number, String destination) {
        return new Payment(number, destination, Amounts.NONE, Amounts.NONE, false);
    }

    private static long heldOf(Amounts done, Amounts underWay) {
        return done.authorise() - done.capture() - underWay.capture() - done.letGo() - underWay.letGo();
    }

    /** What is held, and nobody has asked to take or let go. */
    public long held() {
        return heldOf(done, underWay);
    }

    /** What was taken, and nobody has asked to give back. */
    public long refundable() {
        return done.capture() - done.refund() - underWay.refund();
    }

    /** Whether an answer is awaited. */
    public boolean busy() {
        return !underWay.isNothing();
    }

    /** After the provider was asked. */
    public Payment asked(Transaction money) {
        return new Payment(number, destination, done, underWay.plus(money.kind(), money.amount()), failed);
    }

    /** After the provider has answered. What it will not let go lapses by itself: nothing is held for us any more. */
    public Payment answered(Transaction money, boolean said) {
        boolean agreed = said || money.kind() == Kind.VOID;
        return new Payment(
                number,
                destination,
                agreed ? done.plus(money.kind(), money.amount()) : done,
                underWay.plus(money.kind(), -money.amount()),
                !agreed && money.kind() != Kind.AUTHORISE);
    }
}
