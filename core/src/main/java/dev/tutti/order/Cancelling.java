package dev.tutti.order;

import dev.tutti.decision.RefusalCode;
import dev.tutti.decision.Spelling;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.inventory.StockMove;
import dev.tutti.order.OrderCommand.CancelUnits;
import dev.tutti.order.OrderEvent.UnitsCancelled;
import dev.tutti.order.OrderEvent.UnitsFrom;
import java.util.ArrayList;
import java.util.List;

/** Calls units off: those that nobody has touched yet first, those nearest the door last, never those that left. */
final class Cancelling {
    private Cancelling() {}

    static void decide(Change change, CancelUnits command) {
        Order order = change.order();
        Refused.when(
                order.live() == 0,
                RefusalCode.UNITS_NOT_IN_STATE,
                "nothing of this order can still be called off: it is " + Spelling.of(order.status()));
        List<UnitsFrom> units = command.lines().isEmpty() ? everything(order) : chosen(order, command.lines());
        cancel(change, units, command.reason());
        FlowRun.unitsChanged(change);
    }

    static void cancel(Change change, List<UnitsFrom> units, String reason) {
        change.giveBack(units, StockMove.RELEASE);
        change.happens(new UnitsCancelled(units, reason));
    }

    static List<UnitsFrom> everything(Order order) {
        List<UnitsFrom> units = new ArrayList<>();
        Holdings holdings = Holdings.of(order);
        for (OrderLine line : order.lines()) {
            holdings.take(line, line.units().cancellable(), units);
        }
        return units;
    }

    static List<UnitsFrom> everythingOf(FulfilmentOrder work) {
        List<UnitsFrom> units = new ArrayList<>();
        for (FulfilmentLine line : work.lines()) {
            for (UnitState state : UnitState.values()) {
                if (state.isCancellable() && line.units().in(state) > 0) {
                    units.add(new UnitsFrom(
                            work.number(), line.line(), state, line.units().in(state)));
                }
            }
        }
        return units;
    }

    private static List<UnitsFrom> chosen(Order order, List<LineQuantity> wanted) {
        List<UnitsFrom> units = new ArrayList<>();
        Holdings holdings = Holdings.of(order);
        LineSums sums = new LineSums();
        for (int i = 0; i < wanted.size(); i++) {
            LineQuantity part = wanted.get(i);
            String path = "lines[" + i + "]";
            OrderLine line = NodeWork.checkedLine(path, order, part);
            long sum = sums.add(part.line(), part.quantity());
            Refused.at(
                    path + ".quantity",
                    sum > line.units().cancellable(),
                    RefusalCode.UNITS_NOT_IN_STATE,
                    "only " + line.units().cancellable() + " units of line " + part.line()
                            + " can still be called off, not " + sum);
        }
        for (OrderLine line : order.lines()) {
            holdings.take(line, sums.of(line.number()), units);
        }
        return units;
    }

    /** Which fulfilment orders hold units of which line. */
    private static final class Holdings {
        private final List<List<Held>> byLine;

        private record Held(int fulfilmentOrder, FulfilmentLine line) {}

        private Holdings(List<List<Held>> byLine) {
            this.byLine = byLine;
        }

        static Holdings of(Order order) {
            List<List<Held>> byLine = new ArrayList<>();
            for (int i = 0; i < order.lines().size(); i++) {
                byLine.add(new ArrayList<>());
            }
            for (FulfilmentOrder work : order.fulfilmentOrders()) {
                for (FulfilmentLine line : work.lines()) {
                    byLine.get(line.line() - 1).add(new Held(work.number(), line));
                }
            }
            return new Holdings(byLine);
        }

        void take(OrderLine line, int quantity, List<UnitsFrom> into) {
            int left = quantity;
            for (UnitState state : UnitState.values()) {
                if (left == 0 || !state.isCancellable()) {
                    continue;
                }
                if (!state.holdsStock()) {
                    left -= part(
                            0, line.number(), state, Math.min(left, line.units().in(state)), into);
                } else {
                    for (Held held : byLine.get(line.number() - 1)) {
                        int units = Math.min(left, held.line().units().in(state));
                        left -= part(held.fulfilmentOrder(), line.number(), state, units, into);
                    }
                }
            }
        }

        private static int part(int work, int line, UnitState state, int units, List<UnitsFrom> into) {
            if (units > 0) {
                into.add(new UnitsFrom(work, line, state, units));
            }
            return units;
        }
    }
}
