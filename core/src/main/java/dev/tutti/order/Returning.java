package dev.tutti.order;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowKind;
import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.NodeId;
import dev.tutti.order.OrderCommand.AnnounceReturn;
import dev.tutti.order.OrderCommand.CancelReturn;
import dev.tutti.order.OrderCommand.ReceiveReturn;
import dev.tutti.order.OrderCommand.ReturnUnits;
import dev.tutti.order.OrderEvent.ReturnAnnounced;
import dev.tutti.order.OrderEvent.ReturnCancelled;
import dev.tutti.order.OrderEvent.UnitsFrom;
import dev.tutti.order.OrderEvent.UnitsReturned;
import dev.tutti.returns.Return;
import dev.tutti.returns.ReturnLine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes back what the customer has, at any node, announced or not. The order's own flow is not asked: it is about units on
 * their way out, and often over. A return has a flow of its own, if its channel says which.
 */
final class Returning {
    private static final int MOST = 100;

    private Returning() {}

    static void announce(Change change, AnnounceReturn command) {
        NodeId node = command.node();
        if (node != null) {
            checkNode(change, node);
        }
        Order order = change.order();
        List<LineQuantity> lines = chosen(
                order,
                command.lines(),
                line -> line.atCustomer() - order.returns().expected(line.number()),
                "the customer has and has not announced");
        int number = begin(change, lines, node, command.reason());
        FlowRun.startReturn(change, number);
    }

    static void receive(Change change, ReceiveReturn command) {
        checkNode(change, command.node());
        Return one = find(change.order(), command.number());
        List<LineQuantity> lines = chosen(
                change.order(),
                command.lines(),
                line -> expected(one, line.number()),
                "return " + one.number() + " expects");
        take(change, one.number(), lines, command.node(), command.restock());
        FlowRun.partsChanged(change);
    }

    static void cancel(Change change, CancelReturn command) {
        Return one = find(change.order(), command.number());
        Refused.when(
                one.expected() == 0, RefusalCode.NOT_EXPECTED_NOW, "return " + one.number() + " expects nothing more");
        change.happens(new ReturnCancelled(one.number(), command.reason()));
        FlowRun.partsChanged(change);
    }

    /** Announced and received at once. */
    static void decide(Change change, ReturnUnits command) {
        checkNode(change, command.node());
        List<LineQuantity> lines = chosen(change.order(), command.lines(), OrderLine::atCustomer, "the customer has");
        int number = begin(change, lines, command.node(), command.reason());
        take(change, number, lines, command.node(), command.restock());
        FlowRun.startReturn(change, number);
        FlowRun.partsChanged(change);
    }

    private static void checkNode(Change change, NodeId node) {
        Refused.when(
                change.facts().network().node(node.value()) == null,
                RefusalCode.UNKNOWN_NODE,
                "there is no such node to return to");
    }

    private static Return find(Order order, int number) {
        Return one = order.returns().find(number);
        if (one == null) {
            throw new Refused(Refusal.of(RefusalCode.UNKNOWN_RETURN, "the order has no return " + number));
        }
        return one;
    }

    private static int begin(Change change, List<LineQuantity> lines, @Nullable NodeId node, String reason) {
        int number = change.order().returns().all().size() + 1;
        Refused.when(number > MOST, RefusalCode.NOT_EXPECTED_NOW, "an order has at most " + MOST + " returns");
        change.happens(
                new ReturnAnnounced(number, lines, node, reason, change.facts().now()));
        Flow flow = change.flowOf(FlowKind.RETURN);
        if (flow != null) {
            change.begins(Journey.ofReturn(number), flow);
        }
        return number;
    }

    private static void take(Change change, int number, List<LineQuantity> lines, NodeId node, boolean restock) {
        List<UnitsFrom> units = new ArrayList<>();
        for (LineQuantity part : lines) {
            take(change.order(), part.line(), part.quantity(), units);
        }
        if (restock) {
            for (UnitsFrom part : units) {
                change.claim(part.line(), node, StockMove.RETURN, part.quantity());
            }
        }
        change.happens(new UnitsReturned(number, units, node, restock));
        if (change.order().journeys().position(Journey.ofReturn(number)) == null) {
            Money.refundOwed(change, Journey.ORDER, "");
        }
    }

    private static int expected(Return one, int line) {
        ReturnLine part = one.line(line);
        return part == null ? 0 : part.expected();
    }

    /** The units named, each line once, or all there are. */
    private static List<LineQuantity> chosen(
            Order order, List<LineQuantity> wanted, ToIntFunction<OrderLine> there, String words) {
        LineSums sums = new LineSums();
        for (int i = 0; i < wanted.size(); i++) {
            LineQuantity part = wanted.get(i);
            String path = "lines[" + i + "]";
            OrderLine line = NodeWork.checkedLine(path, order, part);
            long sum = sums.add(part.line(), part.quantity());
            int most = there.applyAsInt(line);
            Refused.at(
                    path + ".quantity",
                    sum > most,
                    RefusalCode.UNITS_NOT_IN_STATE,
                    words + " " + most + " units of line " + part.line() + ", not " + sum);
        }
        List<LineQuantity> chosen = new ArrayList<>();
        for (OrderLine line : order.lines()) {
            int units = wanted.isEmpty() ? there.applyAsInt(line) : sums.of(line.number());
            if (units > 0) {
                chosen.add(new LineQuantity(line.number(), units));
            }
        }
        Refused.when(chosen.isEmpty(), RefusalCode.UNITS_NOT_IN_STATE, words + " nothing of this order");
        return chosen;
    }

    /** What the customer has been handed goes back before what is still on its way, and of each what came last first. */
    private static void take(Order order, int line, int quantity, List<UnitsFrom> into) {
        int left = quantity;
        for (UnitState state : List.of(UnitState.COLLECTED, UnitState.SHIPPED)) {
            for (FulfilmentOrder work : order.fulfilmentOrders().reversed()) {
                FulfilmentLine held = work.line(line);
                int units = held == null ? 0 : Math.min(left, held.units().in(state));
                if (units > 0) {
                    into.add(new UnitsFrom(work.number(), line, state, units));
                    left -= units;
                }
            }
        }
    }
}
