package dev.tutti.order;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.decision.RefusalCode;
import dev.tutti.decision.Spelling;
import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowFacts;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import dev.tutti.flow.verify.Verifier;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.order.OrderEvent.EffectAnswered;
import dev.tutti.order.OrderEvent.EffectIntended;
import dev.tutti.order.OrderEvent.ExceptionOpened;
import dev.tutti.order.OrderEvent.FlowAdvanced;
import dev.tutti.order.OrderEvent.FlowResumed;
import dev.tutti.order.OrderEvent.NewFulfilmentOrder;
import dev.tutti.order.OrderEvent.OrderClosed;
import dev.tutti.order.OrderEvent.Signalled;
import dev.tutti.order.OrderEvent.UnitsAllocated;
import dev.tutti.order.OrderEvent.UnitsBackordered;
import dev.tutti.order.OrderEvent.UnitsCancelled;
import dev.tutti.order.OrderEvent.UnitsFrom;
import dev.tutti.payment.Transaction;
import dev.tutti.sourcing.SourcingPlan;
import dev.tutti.sourcing.SourcingRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets an order travel along its flow: from where it stands to the next wait, in one decision.
 *
 * <p>The flow says which action comes next; this class knows how to do each. It may take a bounded number of steps, so a
 * flow that goes in circles is an error of that flow and not a server that hangs.
 */
final class FlowRun {
    private static final Trigger SUPPLY_ARRIVED = new Trigger.Event("supply-arrived");
    private static final int MOST_STEPS = Verifier.MOST_STEPS_AT_ONCE;

    private FlowRun() {}

    static void start(Change change) {
        run(change, change.flow().start());
    }

    static void unitsChanged(Change change) {
        advance(change, Trigger.UNITS_CHANGED);
    }

    static void signal(Change change, String name) {
        Refused.when(isPaused(change.order()), RefusalCode.NOT_EXPECTED_NOW, "the order is paused");
        boolean expected = change.flow().expects(change.order().flow().step(), new Trigger.Event(name), facts(change));
        Refused.when(
                !expected || change.order().closed(),
                RefusalCode.NOT_EXPECTED_NOW,
                "the order is at " + change.order().flow().step() + ", where " + name + " leads nowhere");
        change.happens(new Signalled(name));
        advance(change, new Trigger.Event(name));
    }

    /** Does what is due; nothing if nothing is, for a wake-up may come late or twice. */
    static void wake(Change change) {
        Holding.lookAtThem(change);
        FlowPosition position = change.order().flow();
        if (position.pausedUntil() != null) {
            if (!position.pausedUntil().isAfter(change.facts().now())) {
                resume(change);
            }
            return;
        }
        Trigger timer = change.flow()
                .dueTimer(position.step(), position.entered(), change.facts().now(), facts(change));
        if (timer != null) {
            advance(change, timer);
        } else if (change.flow()
                .hasLapsed(position.step(), position.entered(), change.facts().now())) {
            // What was waited for is no longer wanted: noted, for the next time to be planned.
            change.happens(new FlowAdvanced(position.step(), position.entered()));
        }
    }

    private static boolean isPaused(Order order) {
        return order.flow().pausedUntil() != null;
    }

    /** Goes on, and makes up for what has happened meanwhile. */
    static void resume(Change change) {
        change.happens(new FlowResumed());
        lookAround(change);
    }

    /** Whatever an order that waits should have heard: of its units, of stock, of time. */
    static void lookAround(Change change) {
        String waited = change.order().flow().step();
        // Units first: whatever else may have come, an order that has none left is over.
        advance(change, Trigger.UNITS_CHANGED);
        if (waitsStill(change, waited) && change.flow().step(waited).action() == Action.WAIT) {
            advance(change, Trigger.DONE);
        }
        if (waitsStill(change, waited)) {
            hearAnswer(change, null);
        }
        if (waitsStill(change, waited) && change.order().in(UnitState.BACKORDERED) > 0) {
            advance(change, SUPPLY_ARRIVED);
        }
        if (waitsStill(change, waited)) {
            wake(change);
        }
    }

    private static boolean waitsStill(Change change, String step) {
        return !change.order().closed() && change.order().flow().step().equals(step);
    }

    /** Goes on from another step, paused or not. */
    static void enter(Change change, Step step) {
        if (isPaused(change.order())) {
            change.happens(new FlowResumed());
        }
        run(change, step);
    }

    /** When an order must be looked at again, or null. */
    static @Nullable Instant nextDue(Order order, OrderFacts facts) {
        if (order.closed()) {
            return null;
        }
        return earlier(nextOfFlow(order, facts), order.holds().nextLook(facts.now()));
    }

    private static @Nullable Instant nextOfFlow(Order order, OrderFacts facts) {
        if (order.flow().pausedUntil() != null) {
            return order.flow().pausedUntil();
        }
        Flow flow = facts.flows().of(order.flow().flow(), order.flow().version());
        return flow.nextTimer(order.flow().step(), order.flow().entered(), OrderFact.of(order, facts.now()));
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }

    private static void advance(Change change, Trigger trigger) {
        if (isPaused(change.order())) {
            return;
        }
        Step next = change.flow().next(change.order().flow().step(), trigger, facts(change));
        if (next != null) {
            run(change, next);
        }
    }

    private static void run(Change change, Step first) {
        Step step = first;
        for (int i = 0; i < MOST_STEPS; i++) {
            Trigger outcome = act(change, step);
            Step next = outcome == null ? null : change.flow().next(step.name(), outcome, facts(change));
            if (next == null) {
                change.happens(new FlowAdvanced(step.name(), change.facts().now()));
                return;
            }
            step = next;
        }
        throw new BrokenInvariant(
                "flow " + change.flow().name() + " takes more than " + MOST_STEPS + " steps without a wait");
    }

    /** How it ended, or null if that is not known yet. */
    private static @Nullable Trigger act(Change change, Step step) {
        return switch (step.action()) {
            case WAIT -> Trigger.DONE;
            case SOURCE -> source(change);
            case PARK -> park(change);
            case RELEASE -> release(change);
            case REFUSE -> refuse(change);
            case CANCEL_UNFILLED -> cancelUnfilled(change);
            case CANCEL -> cancel(change, step);
            case CALL -> call(change, step);
            case AUTHORISE -> Money.authorise(change, step);
            case CAPTURE -> Money.capture(change, step);
            case SETTLE -> Money.settle(change, step.name());
            case WRITE_OFF -> Money.writeOff(change, "the flow came to " + step.name());
            case OPEN_EXCEPTION -> openException(change, step);
            case CLOSE -> close(change);
        };
    }

    private static Trigger source(Change change) {
        Order order = change.order();
        List<SourcingRequest.Demand> demands = new ArrayList<>();
        for (OrderLine line : order.lines()) {
            int units = line.units().in(UnitState.OPEN) + line.units().in(UnitState.BACKORDERED);
            if (units > 0) {
                demands.add(new SourcingRequest.Demand(
                        line.number(),
                        line.item(),
                        units,
                        line.shipGroup(),
                        line.splittable(),
                        order.blocked().stream()
                                .filter(b -> b.line() == line.number())
                                .map(Blocked::node)
                                .toList()));
            }
        }
        if (demands.isEmpty()) {
            return Trigger.DONE;
        }
        List<SourcingRequest.Group> groups = order.header().shipGroups().stream()
                .map(g -> new SourcingRequest.Group(g.number(), g.method(), g.destination(), g.pickUpNode()))
                .toList();
        OrderFacts facts = change.facts();
        SourcingPlan plan = facts.sourcing()
                .plan(new SourcingRequest(facts.now(), groups, demands), facts.network(), facts.supply());
        change.sourced(plan);
        allocate(change, plan);
        return plan.unfilled().isEmpty() ? Trigger.DONE : Trigger.FAILED;
    }

    private static void allocate(Change change, SourcingPlan plan) {
        List<NewFulfilmentOrder> made = new ArrayList<>();
        int number = change.order().fulfilmentOrders().size();
        for (SourcingPlan.Parcel parcel : plan.parcels()) {
            made.add(new NewFulfilmentOrder(
                    ++number,
                    parcel.node(),
                    parcel.group(),
                    parcel.method(),
                    parcel.dispatchBy(),
                    parcel.capacityDay(),
                    parcel.lines()));
            change.claim(parcel);
        }
        // A run that found nothing leaves a record too: it says why the units wait.
        change.happens(new UnitsAllocated(change.order().sourcingRuns() + 1, made));
    }

    private static Trigger park(Change change) {
        List<LineQuantity> waiting = new ArrayList<>();
        List<Integer> forCapacity = new ArrayList<>();
        for (OrderLine line : change.order().lines()) {
            if (line.units().in(UnitState.OPEN) > 0) {
                waiting.add(new LineQuantity(line.number(), line.units().in(UnitState.OPEN)));
                if (change.lacksCapacity(line.number())) {
                    forCapacity.add(line.number());
                }
            }
        }
        if (!waiting.isEmpty()) {
            change.happens(new UnitsBackordered(waiting, forCapacity));
        }
        return Trigger.DONE;
    }

    private static Trigger release(Change change) {
        List<Integer> numbers = change.order().fulfilmentOrders().stream()
                .filter(work -> work.in(UnitState.ALLOCATED) > 0)
                .map(FulfilmentOrder::number)
                .toList();
        Holding.giveToNodes(change, numbers);
        return Trigger.DONE;
    }

    private static Trigger refuse(Change change) {
        BrokenInvariant.unless(change.isPlacing(), "only an order that is being placed can be refused");
        for (OrderLine line : change.order().lines()) {
            int open = line.units().in(UnitState.OPEN);
            boolean capacity = change.lacksCapacity(line.number());
            Refused.at(
                    "lines[" + (line.number() - 1) + "]",
                    open > 0,
                    capacity ? RefusalCode.INSUFFICIENT_CAPACITY : RefusalCode.INSUFFICIENT_SUPPLY,
                    open + " of " + line.units().total() + " units cannot be had now"
                            + (capacity ? ": the nodes that have them can take on no more in the days ahead" : ""));
        }
        return Trigger.DONE;
    }

    private static Trigger cancelUnfilled(Change change) {
        List<UnitsFrom> units = new ArrayList<>();
        for (OrderLine line : change.order().lines()) {
            for (UnitState state : List.of(UnitState.OPEN, UnitState.BACKORDERED)) {
                if (line.units().in(state) > 0) {
                    units.add(
                            new UnitsFrom(0, line.number(), state, line.units().in(state)));
                }
            }
        }
        if (!units.isEmpty()) {
            change.happens(new UnitsCancelled(units, "no stock"));
        }
        return Trigger.DONE;
    }

    private static Trigger cancel(Change change, Step step) {
        if (change.order().live() > 0) {
            Cancelling.cancel(change, Cancelling.everything(change.order()), "the flow came to " + step.name());
        }
        return Trigger.DONE;
    }

    private static @Nullable Trigger call(Change change, Step step) {
        String destination = step.target();
        BrokenInvariant.unless(destination != null, "a call has a destination");
        int number = change.order().outside().effects().size() + 1;
        change.happens(new EffectIntended(number, step.name(), String.valueOf(destination), null));
        return null;
    }

    /** Notes what was answered, and goes on if this is what the order waits for. */
    static void answered(Change change, OrderCommand.AnswerEffect answer) {
        Outside.Effect effect = change.order().outside().effect(answer.number());
        Refused.when(
                effect == null,
                RefusalCode.NOT_EXPECTED_NOW,
                "the order has asked for nothing numbered " + answer.number());
        if (effect == null || effect.done() != null) {
            return;
        }
        change.happens(new EffectAnswered(answer.number(), answer.done(), answer.answers(), answer.detail()));
        Transaction money = effect.money();
        if (money != null) {
            answeredOfMoney(change, money, answer);
        }
        hearAnswer(change, effect);
    }

    private static void answeredOfMoney(Change change, Transaction money, OrderCommand.AnswerEffect answer) {
        if (money.kind() == Transaction.Kind.CAPTURE && answer.done()) {
            Money.refundOwed(change, "");
        }
        if (change.order().closed() && !answer.done() && change.order().exception() == null) {
            change.happens(new ExceptionOpened("effect " + answer.number() + ", to " + Spelling.of(money.kind()) + " "
                    + money.amount() + ", was refused: " + answer.detail()));
        }
    }

    static void holdReleased(Change change) {
        if (!change.order().closed()) {
            advance(change, Trigger.HOLD_RELEASED);
        }
    }

    static void paymentChanged(Change change) {
        if (!change.order().closed()) {
            advance(change, Trigger.PAYMENT_CHANGED);
        }
    }

    /**
     * If the order waits where something was asked that has been answered, its flow hears of it.
     *
     * @param answered just now, or null if it is not known whether there was one
     */
    private static void hearAnswer(Change change, Outside.@Nullable Effect answered) {
        Order order = change.order();
        if (order.closed() || isPaused(order)) {
            return;
        }
        Step step = change.flow().step(order.flow().step());
        if (step.action() == Action.SETTLE) {
            Trigger outcome = Money.settleFurther(change, step.name());
            if (outcome != null) {
                advance(change, outcome);
            }
            return;
        }
        boolean money = answered == null ? order.payments().any() : answered.money() != null;
        Trigger outcome = step.action() == Action.AUTHORISE
                ? (money ? Money.authorised(order) : null)
                : step.action() == Action.CALL ? said(order.outside().newestOf(step.name()), answered) : null;
        if (outcome != null) {
            advance(change, outcome);
        } else if (money) {
            advance(change, Trigger.PAYMENT_CHANGED);
        }
    }

    /** What was said to the one that is waited for, or null: nothing, or to another one. */
    private static @Nullable Trigger said(Outside.@Nullable Effect waitedFor, Outside.@Nullable Effect answered) {
        if (waitedFor == null || (answered != null && answered.number() != waitedFor.number())) {
            return null;
        }
        return waitedFor.done() == null ? null : waitedFor.done() ? Trigger.DONE : Trigger.FAILED;
    }

    private static Trigger openException(Change change, Step step) {
        if (change.order().exception() == null) {
            change.happens(new ExceptionOpened("the flow came to " + step.name() + ": units stand still since "
                    + change.order().flow().entered()));
        }
        return Trigger.DONE;
    }

    private static Trigger close(Change change) {
        BrokenInvariant.unless(change.order().live() == 0, "an order with live units cannot be closed");
        BrokenInvariant.unless(change.order().isSettled(), "an order whose money is not settled cannot be closed");
        change.happens(new OrderClosed());
        return Trigger.DONE;
    }

    private static FlowFacts facts(Change change) {
        return OrderFact.of(change.order(), change.facts().now());
    }
}
