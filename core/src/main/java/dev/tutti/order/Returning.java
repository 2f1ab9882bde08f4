package dev.tutti.order;

import dev.tutti.decision.RefusalCode;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.inventory.StockMove;
import dev.tutti.order.OrderCommand.ReturnUnits;
import dev.tutti.order.OrderEvent.UnitsFrom;
import dev.tutti.order.OrderEvent.UnitsReturned;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes back what the customer has, at any node. The flow is not asked: it is about units on their way out, and often
 * over.
 */
final class Returning {
    private Returning() {}

    static void decide(Change change, ReturnUnits command) {
        Order order = change.order();
        Refused.when(
                change.facts().network().node(command.node().value()) == null,
                RefusalCode.UNKNOWN_NODE,
                "there is no such node to return to");
        List<UnitsFrom> units = command.lines().isEmpty() ? everything(order) : chosen(order, command.lines());
        Refused.when(units.isEmpty(), RefusalCode.UNITS_NOT_IN_STATE, "the customer has nothing of this order");
        if (command.restock()) {
            for (UnitsFrom part : units) {
                change.claim(part.line(), command.node(), StockMove.RETURN, part.quantity());
            }
        }
        change.happens(new UnitsReturned(units, command.node(), command.restock(), command.reason()));
        Money.refundOwed(change, "");
    }

    private static List<UnitsFrom> everything(Order order) {
        List<UnitsFrom> units = new ArrayList<>();
        for (OrderLine line : order.lines()) {
            take(order, line.number(), line.units().total(), units);
        }
        return units;
    }

    private static List<UnitsFrom> chosen(Order order, List<LineQuantity> wanted) {
        LineSums sums = new LineSums();
        for (int i = 0; i < wanted.size(); i++) {
            LineQuantity part = wanted.get(i);
            String path = "lines[" + i + "]";
            OrderLine line = NodeWork.checkedLine(path, order, part);
            int there = line.units().in(UnitState.SHIPPED) + line.units().in(UnitState.COLLECTED);
            long sum = sums.add(part.line(), part.quantity());
            Refused.at(
                    path + ".quantity",
                    sum > there,
                    RefusalCode.UNITS_NOT_IN_STATE,
                    "the customer has " + there + " units of line " + part.line() + ", not " + sum);
        }
        List<UnitsFrom> units = new ArrayList<>();
        for (OrderLine line : order.lines()) {
            take(order, line.number(), sums.of(line.number()), units);
        }
        return units;
    }

    /** What came last goes back first. */
    private static void take(Order order, int line, int quantity, List<UnitsFrom> into) {
        int left = quantity;
        for (FulfilmentOrder work : order.fulfilmentOrders().reversed()) {
            FulfilmentLine held = work.line(line);
            for (UnitState state : UnitState.values()) {
                int units = held == null || !state.isWithTheCustomer()
                        ? 0
                        : Math.min(left, held.units().in(state));
                if (units > 0) {
                    into.add(new UnitsFrom(work.number(), line, state, units));
                    left -= units;
                }
            }
        }
    }
}
