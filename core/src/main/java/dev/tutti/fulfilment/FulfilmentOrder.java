package dev.tutti.fulfilment;

import dev.tutti.network.NodeId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One node's unit of work for one ship group of an order.
 *
 * @param number counts the order's fulfilment orders from 1
 * @param dispatchBy when it must have left the node, by the node's calendar, or its customer may come
 * @param capacityDay the day of the node on which its units take up capacity; null if the node's capacity has no limit
 * @param arrived the day on which what left was where it was to go, or what is collected was ready; null if it was not yet
 */
public record FulfilmentOrder(
        int number,
        NodeId node,
        int shipGroup,
        Method method,
        Instant dispatchBy,
        @Nullable LocalDate capacityDay,
        List<FulfilmentLine> lines,
        @Nullable LocalDate arrived) {
    public FulfilmentOrder {
        lines = List.copyOf(lines);
    }

    /** What this work holds of an order line, or null. Lines stand in the order of their numbers. */
    public @Nullable FulfilmentLine line(int lineNumber) {
        int low = 0;
        int high = lines.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            FulfilmentLine line = lines.get(middle);
            if (line.line() == lineNumber) {
                return line;
            }
            if (line.line() < lineNumber) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /** The same work with the units of its lines as the function makes them. */
    public FulfilmentOrder withUnits(Function<FulfilmentLine, Units> moved) {
        List<FulfilmentLine> next = new ArrayList<>(lines.size());
        for (FulfilmentLine line : lines) {
            next.add(line.with(moved.apply(line)));
        }
        return new FulfilmentOrder(number, node, shipGroup, method, dispatchBy, capacityDay, next, arrived);
    }

    /** The same work, there since a day. */
    public FulfilmentOrder arrivedOn(LocalDate day) {
        return new FulfilmentOrder(number, node, shipGroup, method, dispatchBy, capacityDay, lines, day);
    }

    /** In which state units are that the customer collects: at the node, or at the store that it has sent them to. */
    public UnitState handedOutFrom() {
        return method == Method.SHIP_TO_STORE ? UnitState.SHIPPED : UnitState.PACKED;
    }

    public int in(UnitState state) {
        int sum = 0;
        for (FulfilmentLine line : lines) {
            sum += line.units().in(state);
        }
        return sum;
    }

    /** Units that have neither gone nor been called off. */
    public int live() {
        int sum = 0;
        for (FulfilmentLine line : lines) {
            sum += line.units().cancellable();
        }
        return sum;
    }

    public FulfilmentStatus status() {
        int picked = in(UnitState.PICKED);
        int packed = in(UnitState.PACKED);
        int released = in(UnitState.RELEASED);
        if (picked > 0 || (packed > 0 && released > 0)) {
            return FulfilmentStatus.IN_PROGRESS;
        }
        if (released > 0) {
            return FulfilmentStatus.RELEASED;
        }
        if (packed > 0) {
            return FulfilmentStatus.READY;
        }
        if (in(UnitState.ALLOCATED) > 0) {
            return FulfilmentStatus.ALLOCATED;
        }
        if (in(UnitState.SHIPPED) > 0) {
            return FulfilmentStatus.HANDED_OVER;
        }
        if (in(UnitState.COLLECTED) > 0) {
            return FulfilmentStatus.COLLECTED;
        }
        return in(UnitState.RETURNED) > 0 ? FulfilmentStatus.RETURNED : FulfilmentStatus.CANCELLED;
    }
}
