package dev.tutti.order;

import static dev.tutti.decision.RefusalCode.INVALID_FIELD;
import static dev.tutti.decision.RefusalCode.UNITS_NOT_IN_STATE;
import static dev.tutti.decision.RefusalCode.UNKNOWN_FULFILMENT_ORDER;
import static dev.tutti.decision.RefusalCode.UNKNOWN_LINE;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.Spelling;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.inventory.StockMove;
import dev.tutti.order.OrderEvent.UnitsCollected;
import dev.tutti.order.OrderEvent.UnitsFrom;
import dev.tutti.order.OrderEvent.UnitsHandedOver;
import dev.tutti.order.OrderEvent.UnitsPacked;
import dev.tutti.order.OrderEvent.UnitsPicked;
import dev.tutti.order.OrderEvent.UnitsRejected;
import dev.tutti.order.OrderEvent.UnitsYielded;
import java.util.ArrayList;
import java.util.List;

/** What the people at a node do with its work, each a move of units from one state to the next. */
final class NodeWork {
    /** The states a node can give units back from, the least worked on first. */
    private static final List<UnitState> RETURNABLE = List.of(UnitState.RELEASED, UnitState.PICKED);

    private static final List<UnitState> UNTOUCHED = List.of(UnitState.ALLOCATED, UnitState.RELEASED);

    private NodeWork() {}

    static void pick(Change change, OrderCommand.PickUnits command) {
        FulfilmentOrder work = work(change.order(), command.fulfilmentOrder());
        List<LineQuantity> lines = moved(change.order(), work, command.lines(), UnitState.RELEASED);
        change.happens(new UnitsPicked(work.number(), lines));
        FlowRun.unitsChanged(change);
    }

    static void pack(Change change, OrderCommand.PackUnits command) {
        FulfilmentOrder work = work(change.order(), command.fulfilmentOrder());
        List<LineQuantity> lines = moved(change.order(), work, command.lines(), UnitState.PICKED);
        change.happens(new UnitsPacked(work.number(), lines));
        FlowRun.unitsChanged(change);
    }

    static void handOver(Change change, OrderCommand.HandOver command) {
        FulfilmentOrder work = work(change.order(), command.fulfilmentOrder());
        Refused.when(!work.method().isSent(), UNITS_NOT_IN_STATE, "this is to be collected, not handed to a carrier");
        List<LineQuantity> lines = moved(change.order(), work, command.lines(), UnitState.PACKED);
        issue(change, work, lines);
        change.happens(new UnitsHandedOver(work.number(), lines, command.carrier(), command.tracking()));
        FlowRun.unitsChanged(change);
    }

    static void collect(Change change, OrderCommand.Collect command) {
        FulfilmentOrder work = work(change.order(), command.fulfilmentOrder());
        Refused.when(!work.method().isCollected(), UNITS_NOT_IN_STATE, "this is to be shipped, not collected");
        UnitState from = work.handedOutFrom();
        Refused.when(
                from == UnitState.SHIPPED && work.arrived() == null,
                UNITS_NOT_IN_STATE,
                "nobody has said that it has arrived at the store");
        List<LineQuantity> lines = moved(change.order(), work, command.lines(), from);
        if (from == UnitState.SHIPPED) {
            // They left the node long ago, and to flows they were with the customer then.
            change.happens(new UnitsCollected(work.number(), lines));
            return;
        }
        issue(change, work, lines);
        change.happens(new UnitsCollected(work.number(), lines));
        FlowRun.unitsChanged(change);
    }

    static void reject(Change change, OrderCommand.RejectUnits command) {
        FulfilmentOrder work = work(change.order(), command.fulfilmentOrder());
        List<UnitsFrom> units = givenBack(change.order(), work, command.lines(), RETURNABLE);
        change.giveBack(units, command.reason().move());
        change.happens(new UnitsRejected(work.number(), units, command.reason()));
        FlowRun.unitsChanged(change);
    }

    /** Takes back what the node has not begun to work on: it is sourced elsewhere. */
    static void giveBackUntouched(Change change, FulfilmentOrder work) {
        if (!allIn(work, UNTOUCHED).isEmpty()) {
            List<UnitsFrom> units = givenBack(change.order(), work, List.of(), UNTOUCHED);
            change.giveBack(units, StockMove.RELEASE);
            change.happens(new UnitsRejected(work.number(), units, RejectReason.NOT_IN_TIME));
        }
    }

    static void yield(Change change, OrderCommand.YieldUnits command) {
        FulfilmentOrder work = work(change.order(), command.fulfilmentOrder());
        List<UnitsFrom> units = givenBack(
                change.order(), work, List.of(new LineQuantity(command.line(), command.quantity())), UNTOUCHED);
        change.giveBack(units, StockMove.YIELD);
        change.happens(new UnitsYielded(work.number(), units));
        FlowRun.unitsChanged(change);
    }

    static FulfilmentOrder work(Order order, int number) {
        FulfilmentOrder work = order.fulfilmentOrder(number);
        if (work == null) {
            throw new Refused(Refusal.of(UNKNOWN_FULFILMENT_ORDER, "the order has no fulfilment order " + number));
        }
        return work;
    }

    private static void issue(Change change, FulfilmentOrder work, List<LineQuantity> lines) {
        for (LineQuantity part : lines) {
            change.claim(part.line(), work.node(), StockMove.ISSUE, part.quantity());
        }
    }

    /** What moves: the lines named, or all units in the state; each is checked against all that are named before it. */
    private static List<LineQuantity> moved(
            Order order, FulfilmentOrder work, List<LineQuantity> named, UnitState from) {
        if (named.isEmpty()) {
            List<LineQuantity> all = new ArrayList<>();
            for (FulfilmentLine line : work.lines()) {
                if (line.units().in(from) > 0 && order.holds().of(line.line()) == null) {
                    all.add(new LineQuantity(line.line(), line.units().in(from)));
                }
            }
            Refused.when(
                    all.isEmpty(),
                    UNITS_NOT_IN_STATE,
                    "fulfilment order " + work.number() + " has no unit that is " + Spelling.of(from) + "; it is "
                            + Spelling.of(work.status()));
            return all;
        }
        LineSums sums = new LineSums();
        for (int i = 0; i < named.size(); i++) {
            String path = "lines[" + i + "]";
            FulfilmentLine line = heldLine(path, order, work, named.get(i));
            Holding.mustNotHold(order, line.line());
            long sum = sums.add(line.line(), named.get(i).quantity());
            Refused.at(
                    path + ".quantity",
                    sum > line.units().in(from),
                    UNITS_NOT_IN_STATE,
                    line.units().in(from) + " units of line " + line.line() + " are " + from + " here, not " + sum);
        }
        return named;
    }

    private static List<UnitsFrom> givenBack(
            Order order, FulfilmentOrder work, List<LineQuantity> named, List<UnitState> states) {
        List<UnitsFrom> units = new ArrayList<>();
        List<LineQuantity> wanted = named.isEmpty() ? allIn(work, states) : named;
        LineSums sums = new LineSums();
        for (int i = 0; i < wanted.size(); i++) {
            String path = "lines[" + i + "]";
            FulfilmentLine line = heldLine(path, order, work, wanted.get(i));
            sums.add(line.line(), wanted.get(i).quantity());
        }
        for (FulfilmentLine line : work.lines()) {
            int left = sums.of(line.line());
            for (UnitState state : states) {
                int part = Math.min(left, line.units().in(state));
                if (part > 0) {
                    units.add(new UnitsFrom(work.number(), line.line(), state, part));
                    left -= part;
                }
            }
            Refused.when(
                    left > 0,
                    UNITS_NOT_IN_STATE,
                    left + " of the units of line " + line.line() + " cannot be given back any more");
        }
        Refused.when(
                units.isEmpty(),
                UNITS_NOT_IN_STATE,
                "fulfilment order " + work.number() + " is " + Spelling.of(work.status())
                        + ": there is nothing to give back");
        return units;
    }

    private static List<LineQuantity> allIn(FulfilmentOrder work, List<UnitState> states) {
        List<LineQuantity> all = new ArrayList<>();
        for (FulfilmentLine line : work.lines()) {
            int units = states.stream().mapToInt(line.units()::in).sum();
            if (units > 0) {
                all.add(new LineQuantity(line.line(), units));
            }
        }
        return all;
    }

    private static FulfilmentLine heldLine(String path, Order order, FulfilmentOrder work, LineQuantity part) {
        checkedLine(path, order, part);
        FulfilmentLine line = work.line(part.line());
        if (line == null) {
            throw new Refused(Refusal.at(
                    path + ".line",
                    UNKNOWN_LINE,
                    "fulfilment order " + work.number() + " holds nothing of line " + part.line()));
        }
        return line;
    }

    static OrderLine checkedLine(String path, Order order, LineQuantity part) {
        Refused.at(
                path + ".quantity",
                part.quantity() < 1 || part.quantity() > OrderDraft.MOST_UNITS,
                INVALID_FIELD,
                "a quantity is between 1 and " + OrderDraft.MOST_UNITS + ", not " + part.quantity());
        OrderLine line = order.line(part.line());
        if (line == null) {
            throw new Refused(Refusal.at(path + ".line", UNKNOWN_LINE, "the order has no line " + part.line()));
        }
        return line;
    }
}
