package dev.tutti.order;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.order.OrderCommand.AnnounceReturn;
import dev.tutti.order.OrderCommand.AnswerEffect;
import dev.tutti.order.OrderCommand.Arrive;
import dev.tutti.order.OrderCommand.AssignException;
import dev.tutti.order.OrderCommand.CancelReturn;
import dev.tutti.order.OrderCommand.CancelUnits;
import dev.tutti.order.OrderCommand.Collect;
import dev.tutti.order.OrderCommand.CorrectAddress;
import dev.tutti.order.OrderCommand.EnterStep;
import dev.tutti.order.OrderCommand.HandOver;
import dev.tutti.order.OrderCommand.IfUnchanged;
import dev.tutti.order.OrderCommand.MigrateFlow;
import dev.tutti.order.OrderCommand.OpenException;
import dev.tutti.order.OrderCommand.PackUnits;
import dev.tutti.order.OrderCommand.PauseFlow;
import dev.tutti.order.OrderCommand.PickUnits;
import dev.tutti.order.OrderCommand.PlaceHold;
import dev.tutti.order.OrderCommand.PlaceOrder;
import dev.tutti.order.OrderCommand.ReceiveReturn;
import dev.tutti.order.OrderCommand.RejectUnits;
import dev.tutti.order.OrderCommand.ReleaseHold;
import dev.tutti.order.OrderCommand.ResolveException;
import dev.tutti.order.OrderCommand.ResumeFlow;
import dev.tutti.order.OrderCommand.ReturnUnits;
import dev.tutti.order.OrderCommand.SettlePayment;
import dev.tutti.order.OrderCommand.Signal;
import dev.tutti.order.OrderCommand.Wake;
import dev.tutti.order.OrderCommand.WriteOff;
import dev.tutti.order.OrderCommand.YieldUnits;
import org.jspecify.annotations.Nullable;

/** The order's decisions: one function from what is and what is asked to what happens. */
public final class Orders {
    private Orders() {}

    /**
     * Decides one command. Changes nothing; the same arguments give the same decision.
     *
     * @param order null if there is none yet
     */
    public static OrderDecision decide(@Nullable Order order, OrderCommand command, OrderFacts facts) {
        try {
            return decided(order, command, facts);
        } catch (Refused refused) {
            return new OrderDecision.Refused(refused.refusal());
        }
    }

    private static OrderDecision decided(@Nullable Order order, OrderCommand command, OrderFacts facts) {
        if (command instanceof PlaceOrder place) {
            Refused.when(order != null, RefusalCode.NOT_EXPECTED_NOW, "this order was placed before");
            return Placing.decide(place.draft(), facts);
        }
        if (order == null) {
            throw new Refused(Refusal.of(RefusalCode.UNKNOWN_ORDER, "there is no such order"));
        }
        Change change = new Change(order, facts);
        switch (command) {
            case PlaceOrder c -> throw new AssertionError("handled above");
            case CancelUnits c -> Cancelling.decide(change, c);
            case PickUnits c -> NodeWork.pick(change, c);
            case PackUnits c -> NodeWork.pack(change, c);
            case HandOver c -> NodeWork.handOver(change, c);
            case Arrive c -> Arriving.arrive(change, c);
            case Collect c -> NodeWork.collect(change, c);
            case RejectUnits c -> NodeWork.reject(change, c);
            case AnnounceReturn c -> Returning.announce(change, c);
            case ReceiveReturn c -> Returning.receive(change, c);
            case CancelReturn c -> Returning.cancel(change, c);
            case ReturnUnits c -> Returning.decide(change, c);
            case YieldUnits c -> NodeWork.yield(change, c);
            case Signal c -> FlowRun.signal(change, c);
            case CorrectAddress c -> Addresses.correct(change, c);
            case OpenException c -> FlowControl.openException(change, c);
            case PlaceHold c -> Holding.place(change, c);
            case ReleaseHold c -> Holding.release(change, c);
            case AssignException c -> FlowControl.assignException(change, c);
            case ResolveException c -> FlowControl.resolveException(change, c);
            case SettlePayment c -> Money.settleAgain(change);
            case WriteOff c -> Money.writeOff(change, c);
            case AnswerEffect c -> FlowRun.answered(change, c);
            case PauseFlow c -> FlowControl.pause(change, c);
            case ResumeFlow c -> FlowControl.resume(change);
            case EnterStep c -> FlowControl.enter(change, c);
            case MigrateFlow c -> FlowControl.migrate(change, c);
            case Wake c -> FlowRun.wake(change);
            case IfUnchanged c -> {
                Refused.when(
                        order.version() != c.version(),
                        RefusalCode.STALE_VERSION,
                        "the order is at version " + order.version() + ", not at " + c.version());
                return decided(order, c.command(), facts);
            }
        }
        return change.accepted();
    }
}
