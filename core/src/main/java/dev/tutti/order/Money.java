package dev.tutti.order;

import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Journey;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import dev.tutti.order.OrderEvent.EffectIntended;
import dev.tutti.order.OrderEvent.PaymentWrittenOff;
import dev.tutti.order.OrderEvent.ReturnDecided;
import dev.tutti.payment.Payment;
import dev.tutti.payment.Transaction;
import dev.tutti.payment.Transaction.Kind;
import dev.tutti.returns.Return;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes an order's money follow its units: what the customer has is paid for, what came back is given back, what is held
 * for nothing is let go.
 *
 * <p>An order touches its own payments alone, and nothing that it has already asked for counts as still to be had: so
 * nothing is taken twice, and no order lets go what another one holds (invariants 7 and 11).
 */
final class Money {
    private Money() {}

    /** Null if the provider is asked and its answer awaited. */
    static @Nullable Trigger authorise(Change change, Step step) {
        if (change.order().payments().underWay(Kind.AUTHORISE) > 0) {
            return null;
        }
        long amount = Balance.toAuthorise(change.order());
        if (amount <= 0) {
            return Trigger.DONE;
        }
        int number = change.nextEffect();
        Transaction money = new Transaction(Kind.AUTHORISE, number, amount);
        change.happens(new EffectIntended(number, Journey.ORDER, step.name(), String.valueOf(step.target()), money));
        return null;
    }

    /** How it goes on where it authorises, after an answer about money; null if that answer is still to come. */
    static @Nullable Trigger authorised(Order order) {
        if (order.payments().underWay(Kind.AUTHORISE) > 0) {
            return null;
        }
        return Balance.toAuthorise(order) <= 0 ? Trigger.DONE : Trigger.FAILED;
    }

    static Trigger capture(Change change, Step step) {
        captureDue(change, step.name());
        return Trigger.DONE;
    }

    /** One thing after the other, so that a provider never hears of the end before the beginning. */
    static @Nullable Trigger settle(Change change, String step) {
        if (change.order().payments().busy()) {
            return null;
        }
        captureDue(change, step);
        refundOwed(change, Journey.ORDER, step);
        if (change.order().payments().busy()) {
            return null;
        }
        Balance left = Balance.of(change.order());
        if (left.due() > 0 || left.owedBack() > 0) {
            return Trigger.FAILED;
        }
        if (change.order().live() == 0) {
            ask(change, Journey.ORDER, step, Kind.VOID, left.held(), Payment::held);
        }
        return change.order().payments().busy() ? null : Trigger.DONE;
    }

    /** How it goes on where it settles, after an answer. */
    static @Nullable Trigger settleFurther(Change change, String step) {
        if (!change.order().payments().busy() && change.order().payments().failed()) {
            return Trigger.FAILED;
        }
        return settle(change, step);
    }

    /** Decides that what has come under a return is paid back, and asks for it. */
    static @Nullable Trigger refund(Change change, Journey journey, String step) {
        decided(change, journey, true);
        refundOwed(change, journey, step);
        return refunded(change.order());
    }

    /** How it goes on where it refunds, after an answer. */
    static @Nullable Trigger refundFurther(Change change, Journey journey, String step) {
        boolean busy = refunded(change.order()) == null;
        return !busy && change.order().payments().failed() ? Trigger.FAILED : refund(change, journey, step);
    }

    private static @Nullable Trigger refunded(Order order) {
        if (order.payments().underWay(Kind.REFUND) > 0 || order.payments().underWay(Kind.CAPTURE) > 0) {
            return null;
        }
        return Balance.of(order).owedBack() > 0 ? Trigger.FAILED : Trigger.DONE;
    }

    private static void decided(Change change, Journey journey, boolean paidBack) {
        Return one = change.order().returns().find(journey.number());
        if (one != null && one.undecided() > 0) {
            change.happens(new ReturnDecided(one.number(), paidBack));
        }
    }

    /** Refunds what the customer has brought back; what is just being captured, once that is done. */
    static void refundOwed(Change change, Journey journey, String step) {
        ask(change, journey, step, Kind.REFUND, Balance.of(change.order()).owedBack(), Payment::refundable);
    }

    private static void captureDue(Change change, String step) {
        ask(
                change,
                Journey.ORDER,
                step,
                Kind.CAPTURE,
                Balance.of(change.order()).due(),
                Payment::held);
    }

    /** What a person asks for once more. */
    static void settleAgain(Change change) {
        Refused.when(
                change.order().payments().busy(),
                RefusalCode.NOT_EXPECTED_NOW,
                "a payment provider has not answered yet");
        captureDue(change, "");
        refundOwed(change, Journey.ORDER, "");
        Order order = change.order();
        if (!order.payments().busy() && order.live() == 0) {
            ask(change, Journey.ORDER, "", Kind.VOID, order.payments().held(), Payment::held);
        }
        Refused.when(
                !change.order().payments().busy(),
                RefusalCode.NOT_EXPECTED_NOW,
                "there is nothing to take, to give back or to let go");
    }

    static void writeOff(Change change, OrderCommand.WriteOff command) {
        Balance balance = Balance.of(change.order());
        Refused.when(
                balance.due() == 0 && balance.owedBack() == 0,
                RefusalCode.NOT_EXPECTED_NOW,
                "nothing is owed that nobody has asked for");
        writeOff(change, Journey.ORDER, command.reason());
        FlowRun.paymentChanged(change);
    }

    /** What is owed, or what is owed back: there is only ever one of the two. Of a return, nothing but the second. */
    static Trigger writeOff(Change change, Journey journey, String reason) {
        decided(change, journey, false);
        Balance balance = Balance.of(change.order());
        long amount = (journey.isOfOrder() ? balance.due() : 0) - balance.owedBack();
        if (amount != 0) {
            change.happens(new PaymentWrittenOff(amount, reason));
        }
        return Trigger.DONE;
    }

    /** Asks for so much, of the oldest payments that can give it, as far as they can. */
    private static void ask(
            Change change, Journey journey, String step, Kind kind, long amount, ToLongFunction<Payment> most) {
        long left = amount;
        for (Payment payment : List.copyOf(change.order().payments().payments())) {
            long part = Math.min(left, most.applyAsLong(payment));
            if (part > 0) {
                Transaction money = new Transaction(kind, payment.number(), part);
                change.happens(new EffectIntended(change.nextEffect(), journey, step, payment.destination(), money));
                left -= part;
            }
        }
    }
}
