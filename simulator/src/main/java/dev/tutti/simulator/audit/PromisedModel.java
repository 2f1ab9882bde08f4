package dev.tutti.simulator.audit;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockMove;
import dev.tutti.order.OrderEvent.NewFulfilmentOrder;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What nodes keep for an order's open units, unit by unit. */
final class PromisedModel {
    /** One unit. */
    private record Unit(int line, int node, @Nullable LocalDate day) {}

    private final List<Unit> units = new ArrayList<>();

    void add(NewFulfilmentOrder parcel) {
        for (LineQuantity part : parcel.lines()) {
            for (int i = 0; i < part.quantity(); i++) {
                units.add(new Unit(part.line(), parcel.node().value(), parcel.capacityDay()));
            }
        }
    }

    /** Units that are not there, which no node keeps. */
    void addWaiting(LineQuantity part) {
        for (int i = 0; i < part.quantity(); i++) {
            units.add(new Unit(part.line(), 0, null));
        }
    }

    /** Units of a line that are not there. */
    int waiting(int line) {
        int sum = 0;
        for (Unit unit : units) {
            sum += unit.line() == line && unit.node() == 0 ? 1 : 0;
        }
        return sum;
    }

    /** So many units of a line wait like any others from now on. */
    void parked(int line, int quantity) {
        int left = quantity;
        for (int i = units.size() - 1; i >= 0 && left > 0; i--) {
            if (units.get(i).line() == line && units.get(i).node() == 0) {
                units.remove(i);
                left--;
            }
        }
    }

    void clear() {
        units.clear();
    }

    boolean isNothing() {
        return units.isEmpty();
    }

    /** The last go first. */
    void atMost(int line, int item, int open, List<Expected> moves) {
        int count = 0;
        for (Unit unit : units) {
            count += unit.line() == line ? 1 : 0;
        }
        for (int i = units.size() - 1; i >= 0 && count > open; i--) {
            Unit unit = units.get(i);
            if (unit.line() == line) {
                units.remove(i);
                count--;
                if (unit.node() != 0) {
                    moves.add(new Expected(new PositionKey(item, unit.node()), StockMove.RELEASE, 1));
                }
                if (unit.day() != null) {
                    moves.add(new Expected(
                            new PositionKey(Math.toIntExact(-unit.day().toEpochDay()), unit.node()),
                            StockMove.RELEASE,
                            1));
                }
            }
        }
    }
}
