package dev.tutti.order;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.decision.RefusalCode;
import dev.tutti.decision.Spelling;
import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowFacts;
import dev.tutti.flow.FlowKind;
import dev.tutti.flow.Journey;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import dev.tutti.flow.verify.Verifier;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.order.OrderEvent.EffectAnswered;
import dev.tutti.order.OrderEvent.FlowAdvanced;
import dev.tutti.order.OrderEvent.FlowResumed;
import dev.tutti.order.OrderEvent.Signalled;
import dev.tutti.payment.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets an order and its parts travel along their flows: from where they stand to the next wait, in one decision.
 *
 * <p>A flow says which action comes next; {@link FlowActions} knows how to do each. It may take a bounded number of steps,
 * so a flow that goes in circles is an error of that flow and not a server that hangs. What one flow does to units, the
 * others hear of: the order's of whatever its parts do, a part's of what is done to its own units.
 */
final class FlowRun {
    private static final Trigger SUPPLY_ARRIVED = new Trigger.Event("supply-arrived");
    private static final int MOST_STEPS = Verifier.MOST_STEPS_AT_ONCE;

    private FlowRun() {}

    static void start(Change change) {
        run(change, Journey.ORDER, change.flow(Journey.ORDER).start());
    }

    /** Begins the flows of fulfilment orders that were given to their nodes just now, if their channel has one. */
    static void startWork(Change change, List<Integer> numbers) {
        Flow flow = change.flowOf(FlowKind.FULFILMENT_ORDER);
        for (int number : numbers) {
            Journey journey = Journey.ofFulfilmentOrder(number);
            if (flow != null && !isUnderWay(change, journey)) {
                change.begins(journey, flow);
                run(change, journey, flow.start());
            }
        }
    }

    static void startReturn(Change change, int number) {
        Journey journey = Journey.ofReturn(number);
        if (isUnderWay(change, journey)) {
            run(change, journey, change.flow(journey).start());
        }
    }

    static void unitsChanged(Change change) {
        advance(change, Journey.ORDER, Trigger.UNITS_CHANGED);
        partsChanged(change);
    }

    /** Tells an order's flow that where it goes is another. */
    static void addressChanged(Change change) {
        advance(change, Journey.ORDER, Trigger.ADDRESS_CHANGED);
    }

    /** Tells fulfilment orders and returns what has been done to their units. */
    static void partsChanged(Change change) {
        for (Journey journey : others(change.order())) {
            if (isUnderWay(change, journey) && change.isNews(journey)) {
                change.heard(journey);
                advance(change, journey, Trigger.UNITS_CHANGED);
            }
        }
    }

    static void signal(Change change, OrderCommand.Signal command) {
        Journey journey = command.journey();
        Trigger.Event event = new Trigger.Event(command.name());
        Refused.when(isPaused(change.order()), RefusalCode.NOT_EXPECTED_NOW, "the order is paused");
        Refused.when(
                !isUnderWay(change, journey), RefusalCode.NOT_EXPECTED_NOW, "no flow of " + journey + " is under way");
        String step = position(change, journey).step();
        Refused.when(
                !change.flow(journey).expects(step, event, facts(change, journey)),
                RefusalCode.NOT_EXPECTED_NOW,
                journey + " is at " + step + ", where " + command.name() + " leads nowhere");
        change.happens(new Signalled(journey, command.name()));
        advance(change, journey, event);
    }

    /** Does what is due; nothing if nothing is, for a wake-up may come late or twice. */
    static void wake(Change change) {
        Holding.lookAtThem(change);
        Instant paused = change.order().flow().pausedUntil();
        if (paused != null) {
            if (!paused.isAfter(change.facts().now())) {
                resume(change);
            }
            return;
        }
        for (Journey journey : all(change.order())) {
            if (isUnderWay(change, journey)) {
                wake(change, journey);
            }
        }
    }

    private static void wake(Change change, Journey journey) {
        FlowPosition position = position(change, journey);
        Flow flow = change.flow(journey);
        Instant now = change.facts().now();
        Trigger timer = flow.dueTimer(position.step(), position.entered(), now, facts(change, journey));
        if (timer != null) {
            advance(change, journey, timer);
        } else if (flow.hasLapsed(position.step(), position.entered(), now)) {
            // What was waited for is no longer wanted: noted, for the next time to be planned.
            change.happens(new FlowAdvanced(journey, position.step(), position.entered()));
        }
    }

    /** The whole order is paused, or nothing of it is. */
    private static boolean isPaused(Order order) {
        return order.flow().pausedUntil() != null;
    }

    /** Goes on, and makes up for what has happened meanwhile. */
    static void resume(Change change) {
        change.happens(new FlowResumed());
        for (Journey journey : all(change.order())) {
            lookAround(change, journey);
        }
    }

    /** Whatever should have been heard while it waited: of units, of stock, of time. */
    static void lookAround(Change change, Journey journey) {
        if (!isUnderWay(change, journey)) {
            return;
        }
        String waited = position(change, journey).step();
        // Units first: whatever else may have come, what has none left is over.
        advance(change, journey, Trigger.UNITS_CHANGED);
        if (waitsStill(change, journey, waited)
                && change.flow(journey).step(waited).action() == Action.WAIT) {
            advance(change, journey, Trigger.DONE);
        }
        if (waitsStill(change, journey, waited)) {
            hearAnswer(change, journey, null);
        }
        if (waitsStill(change, journey, waited) && change.order().in(UnitState.BACKORDERED) > 0) {
            advance(change, journey, SUPPLY_ARRIVED);
        }
        if (waitsStill(change, journey, waited)) {
            wake(change, journey);
        }
    }

    private static boolean waitsStill(Change change, Journey journey, String step) {
        return isUnderWay(change, journey) && position(change, journey).step().equals(step);
    }

    /** Goes on from another step, paused or not. */
    static void enter(Change change, Journey journey, Step step) {
        if (isPaused(change.order())) {
            change.happens(new FlowResumed());
        }
        run(change, journey, step);
    }

    /** When an order must be looked at again, or null. */
    static @Nullable Instant nextDue(Order order, OrderFacts facts) {
        if (order.flow().pausedUntil() != null) {
            return earlier(order.flow().pausedUntil(), order.holds().nextLook(facts.now()));
        }
        Instant due = order.holds().nextLook(facts.now());
        for (Journey journey : all(order)) {
            FlowPosition at = order.journeys().position(journey);
            if (at != null && !(journey.isOfOrder() && order.closed())) {
                Flow flow = facts.flows().of(at.flow(), at.version());
                due = earlier(
                        due,
                        flow.nextTimer(
                                at.step(), at.entered(), OrderFact.of(order, journey, facts.network(), facts.now())));
            }
        }
        return due;
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }

    private static void advance(Change change, Journey journey, Trigger trigger) {
        if (isPaused(change.order()) || !isUnderWay(change, journey)) {
            return;
        }
        Step next = change.flow(journey).next(position(change, journey).step(), trigger, facts(change, journey));
        if (next != null) {
            run(change, journey, next);
        }
    }

    /** From the beginning of a step to the next wait; then the others hear what it has done. */
    private static void run(Change change, Journey journey, Step first) {
        List<OrderLine> before = change.order().lines();
        runAlone(change, journey, first);
        change.heard(journey);
        if (change.order().lines().equals(before)) {
            return;
        }
        if (journey.isOfOrder()) {
            partsChanged(change);
        } else {
            unitsChanged(change);
        }
    }

    private static void runAlone(Change change, Journey journey, Step first) {
        Step step = first;
        for (int i = 0; i < MOST_STEPS; i++) {
            Trigger outcome = FlowActions.act(change, journey, step);
            if (!journey.isOfOrder() && !isUnderWay(change, journey)) {
                return;
            }
            Step next =
                    outcome == null ? null : change.flow(journey).next(step.name(), outcome, facts(change, journey));
            if (next == null) {
                change.happens(
                        new FlowAdvanced(journey, step.name(), change.facts().now()));
                return;
            }
            step = next;
        }
        throw new BrokenInvariant(
                "flow " + change.flow(journey).name() + " takes more than " + MOST_STEPS + " steps without a wait");
    }

    /**
     * Notes what was answered, and goes on where this is what is waited for. The first answer stands; one that says
     * another thing about money is looked at by a person, for the money may have moved as well.
     */
    static void answered(Change change, OrderCommand.AnswerEffect answer) {
        Outside.Effect effect = change.order().outside().effect(answer.number());
        Refused.when(
                effect == null,
                RefusalCode.NOT_EXPECTED_NOW,
                "the order has asked for nothing numbered " + answer.number());
        if (effect == null || effect.done() != null) {
            contradicted(change, effect, answer);
            return;
        }
        change.happens(new EffectAnswered(answer.number(), answer.done(), answer.answers(), answer.detail()));
        Transaction money = effect.money();
        if (money != null) {
            answeredOfMoney(change, effect, money, answer);
        }
        for (Journey journey : all(change.order())) {
            if (money != null || journey.equals(effect.journey())) {
                hearAnswer(change, journey, effect);
            }
        }
    }

    private static void contradicted(Change change, Outside.@Nullable Effect effect, OrderCommand.AnswerEffect answer) {
        Transaction money = effect == null ? null : effect.money();
        if (effect == null || money == null || Objects.equals(effect.done(), answer.done())) {
            return;
        }
        change.opensException(
                ExceptionKind.CONTRADICTED,
                effect.journey(),
                "effect " + effect.number() + ", to " + Spelling.of(money.kind()) + " " + money.amount()
                        + ", was answered " + (answer.done() ? "no, and now yes" : "yes, and now no"));
    }

    private static void answeredOfMoney(
            Change change, Outside.Effect effect, Transaction money, OrderCommand.AnswerEffect answer) {
        if (money.kind() == Transaction.Kind.CAPTURE && answer.done()) {
            Money.refundOwed(change, Journey.ORDER, "");
        }
        if (!isUnderWay(change, effect.journey()) && !answer.done()) {
            change.opensException(
                    ExceptionKind.REFUSED,
                    effect.journey(),
                    "effect " + answer.number() + ", to " + Spelling.of(money.kind()) + " " + money.amount()
                            + ", was refused: " + answer.detail());
        }
    }

    static void holdReleased(Change change) {
        advance(change, Journey.ORDER, Trigger.HOLD_RELEASED);
        partsChanged(change);
    }

    static void paymentChanged(Change change) {
        for (Journey journey : all(change.order())) {
            advance(change, journey, Trigger.PAYMENT_CHANGED);
        }
    }

    /**
     * If a journey waits where something was asked that has been answered, its flow hears of it.
     *
     * @param answered just now, or null if it is not known whether there was one
     */
    private static void hearAnswer(Change change, Journey journey, Outside.@Nullable Effect answered) {
        Order order = change.order();
        if (isPaused(order) || !isUnderWay(change, journey)) {
            return;
        }
        Step step = change.flow(journey).step(position(change, journey).step());
        boolean money = answered == null ? order.payments().any() : answered.money() != null;
        boolean settles = step.action() == Action.SETTLE || step.action() == Action.REFUND;
        Trigger outcome = switch (step.action()) {
            case SETTLE -> Money.settleFurther(change, step.name());
            case REFUND -> Money.refundFurther(change, journey, step.name());
            case AUTHORISE -> money ? Money.authorised(order) : null;
            case CALL -> said(order.outside().newestOf(journey, step.name()), answered);
            default -> null;
        };
        if (outcome != null) {
            advance(change, journey, outcome);
        } else if (money && !settles) {
            advance(change, journey, Trigger.PAYMENT_CHANGED);
        }
    }

    /** What was said to the one that is waited for, or null: nothing, or to another one. */
    private static @Nullable Trigger said(Outside.@Nullable Effect waitedFor, Outside.@Nullable Effect answered) {
        if (waitedFor == null || (answered != null && answered.number() != waitedFor.number())) {
            return null;
        }
        return waitedFor.done() == null ? null : waitedFor.done() ? Trigger.DONE : Trigger.FAILED;
    }

    static boolean isUnderWay(Change change, Journey journey) {
        return journey.isOfOrder()
                ? !change.order().closed()
                : change.order().journeys().position(journey) != null;
    }

    private static FlowPosition position(Change change, Journey journey) {
        FlowPosition position = change.order().journeys().position(journey);
        if (position == null) {
            throw new BrokenInvariant(journey + " is not under way");
        }
        return position;
    }

    private static List<Journey> others(Order order) {
        return order.journeys().others().stream().map(Journeys.Other::journey).toList();
    }

    private static List<Journey> all(Order order) {
        return order.journeys().all();
    }

    static FlowFacts facts(Change change, Journey journey) {
        return OrderFact.of(
                change.order(),
                journey,
                change.facts().network(),
                change.facts().now());
    }
}
