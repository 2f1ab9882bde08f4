package dev.tutti.order;

import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.FlowFacts;
import dev.tutti.flow.Journey;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.order.OrderEvent.FulfilmentOrdersReleased;
import dev.tutti.order.OrderEvent.HoldPlaced;
import dev.tutti.order.OrderEvent.HoldReleased;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Keeps units of an order from going on, and lets them. What is held is sourced and claimed like anything else; it is not
 * given to its nodes, and where they have it already they cannot work on it. What is not held goes on.
 */
final class Holding {
    private static final int MOST = 50;

    /** What a flow holds, a person looks at a day later if it still stands. */
    private static final Duration LOOKED_AT_AFTER = Duration.ofDays(1);

    private Holding() {}

    static void place(Change change, OrderCommand.PlaceHold command) {
        Order order = change.order();
        Refused.when(order.live() == 0, RefusalCode.NOT_EXPECTED_NOW, "nothing of this order can still be held");
        Refused.when(
                order.holds().placed() >= MOST,
                RefusalCode.NOT_EXPECTED_NOW,
                "an order has at most " + MOST + " holds");
        Refused.at(
                "until",
                !command.until().isAfter(change.facts().now()),
                RefusalCode.INVALID_FIELD,
                "somebody looks at it later than now");
        for (int i = 0; i < command.lines().size(); i++) {
            int line = command.lines().get(i);
            Refused.at(
                    "lines[" + i + "]",
                    order.line(line) == null,
                    RefusalCode.UNKNOWN_LINE,
                    "the order has no line " + line);
        }
        change.happens(new HoldPlaced(new Hold(
                order.holds().placed() + 1,
                command.type(),
                command.reason(),
                command.lines(),
                change.facts().now(),
                command.until())));
    }

    static void release(Change change, OrderCommand.ReleaseHold command) {
        Refused.when(
                change.order().holds().hold(command.number()) == null,
                RefusalCode.NOT_EXPECTED_NOW,
                "the order has no hold " + command.number() + ", or not any more");
        change.happens(new HoldReleased(command.number(), command.reason()));
        giveToNodes(change, change.order().holds().heldBack());
        FlowRun.holdReleased(change);
    }

    /** Keeps the whole order from going on, as its flow asks; once. */
    static Trigger hold(Change change, String type, String reason) {
        Order order = change.order();
        boolean holds = order.holds().open().stream()
                .anyMatch(hold -> hold.type().equals(type) && hold.lines().isEmpty());
        if (!holds) {
            placeOnAll(change, type, reason);
        }
        return Trigger.DONE;
    }

    /** An order that cannot be held any more, for it was held too often, is looked at by a person instead. */
    private static void placeOnAll(Change change, String type, String reason) {
        Order order = change.order();
        if (order.live() == 0) {
            return;
        }
        if (order.holds().placed() >= MOST) {
            change.opensException(
                    ExceptionKind.HOLD, Journey.ORDER, "it was held too often to be held again: " + reason);
            return;
        }
        Instant now = change.facts().now();
        change.happens(new HoldPlaced(
                new Hold(order.holds().placed() + 1, type, reason, List.of(), now, now.plus(LOOKED_AT_AFTER))));
    }

    /** Holds the whole order for each rule whose condition holds. */
    static Trigger screen(Change change, List<Step.Rule> rules, FlowFacts facts) {
        boolean found = false;
        for (Step.Rule rule : rules) {
            if (rule.when().holds(facts)) {
                found = true;
                boolean holds = change.order().holds().open().stream()
                        .anyMatch(hold ->
                                hold.type().equals(rule.hold()) && hold.reason().equals(rule.reason()));
                if (!holds) {
                    placeOnAll(change, rule.hold(), rule.reason());
                }
            }
        }
        return found ? Trigger.FAILED : Trigger.DONE;
    }

    /** Lets go on what is held for a reason of this type, as the flow asks. */
    static Trigger releaseAll(Change change, String type, String reason) {
        for (Hold hold : change.order().holds().open()) {
            if (hold.type().equals(type)) {
                change.happens(new HoldReleased(hold.number(), reason));
            }
        }
        giveToNodes(change, change.order().holds().heldBack());
        return Trigger.DONE;
    }

    /** Gives the nodes their work, as far as nothing holds it. */
    static void giveToNodes(Change change, List<Integer> works) {
        Order order = change.order();
        List<Integer> given = new ArrayList<>();
        TreeSet<Integer> heldBack = new TreeSet<>();
        for (int number : order.holds().heldBack()) {
            if (order.fulfilmentOrders().get(number - 1).in(UnitState.ALLOCATED) > 0) {
                heldBack.add(number);
            }
        }
        for (int number : works) {
            List<FulfilmentLine> waiting = order.fulfilmentOrders().get(number - 1).lines().stream()
                    .filter(line -> line.units().in(UnitState.ALLOCATED) > 0)
                    .toList();
            long held = waiting.stream()
                    .filter(line -> order.holds().of(line.line()) != null)
                    .count();
            if (held < waiting.size()) {
                given.add(number);
            }
            if (held > 0) {
                heldBack.add(number);
            } else {
                heldBack.remove(number);
            }
        }
        List<Integer> back = List.copyOf(heldBack);
        if (!given.isEmpty() || !back.equals(order.holds().heldBack())) {
            change.happens(new FulfilmentOrdersReleased(given, back));
            FlowRun.startWork(change, given);
        }
    }

    /** Lets a person look at holds that stand for too long. */
    static void lookAtThem(Change change) {
        for (Hold hold : change.order().holds().open()) {
            if (!hold.until().isAfter(change.facts().now())) {
                change.opensException(
                        ExceptionKind.HOLD,
                        Journey.ORDER,
                        "hold " + hold.number() + " (" + hold.type() + ") still stands: " + hold.reason());
            }
        }
    }

    /** Refuses work on what is held. */
    static void mustNotHold(Order order, int line) {
        Hold hold = order.holds().of(line);
        Refused.when(
                hold != null,
                RefusalCode.UNITS_NOT_IN_STATE,
                "line " + line + " is held" + (hold == null ? "" : " (" + hold.type() + "): " + hold.reason()));
    }
}
