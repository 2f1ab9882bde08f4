package dev.tutti.order;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.inventory.PositionKey;
import dev.tutti.order.OrderEvent.NewFulfilmentOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is kept for units of an order that are still open: taken over from a reservation, until the order's flow comes to
 * sourcing. Then nodes get what they keep as work, and what is not there is looked for, and waits if it must. Its claims are
 * the order's, so nobody else gets the units meanwhile.
 *
 * @param parcels as the fulfilment orders will be that they become; their numbers mean nothing yet
 * @param waiting units that no node had, which are counted among those that are waited for
 */
public record Promised(List<NewFulfilmentOrder> parcels, List<LineQuantity> waiting) {
    public static final Promised NOTHING = new Promised(List.of(), List.of());

    public Promised {
        parcels = List.copyOf(parcels);
        waiting = List.copyOf(waiting);
    }

    public boolean isNothing() {
        return parcels.isEmpty() && waiting.isEmpty();
    }

    /** Units of a line that no node had. */
    int waiting(int line) {
        int sum = 0;
        for (LineQuantity part : waiting) {
            sum += part.line() == line ? part.quantity() : 0;
        }
        return sum;
    }

    /** Less the units that wait like any others from now on. */
    Promised parked(List<LineQuantity> lines) {
        if (waiting.isEmpty()) {
            return this;
        }
        int[] over =
                new int[1 + waiting.stream().mapToInt(LineQuantity::line).max().orElse(0)];
        for (LineQuantity part : lines) {
            if (part.line() < over.length) {
                over[part.line()] += part.quantity();
            }
        }
        return new Promised(parcels, less(waiting, over));
    }

    /** Units of a line. */
    int of(int line) {
        int sum = waiting(line);
        for (NewFulfilmentOrder parcel : parcels) {
            for (LineQuantity part : parcel.lines()) {
                sum += part.line() == line ? part.quantity() : 0;
            }
        }
        return sum;
    }

    /** No more of each line than waits for a node; what is not there is lost first, then the parcels that come last. */
    Promised atMostOpen(List<OrderLine> lines) {
        int[] over = new int[lines.size() + 1];
        boolean any = false;
        for (OrderLine line : lines) {
            int open = line.units().in(UnitState.OPEN) + line.units().in(UnitState.BACKORDERED);
            over[line.number()] = Math.max(0, of(line.number()) - open);
            any |= over[line.number()] > 0;
        }
        if (!any) {
            return this;
        }
        List<LineQuantity> stillWaiting = less(waiting, over);
        List<NewFulfilmentOrder> kept = new ArrayList<>();
        for (NewFulfilmentOrder parcel : parcels.reversed()) {
            List<LineQuantity> parts = less(parcel.lines(), over);
            if (!parts.isEmpty()) {
                kept.addFirst(parcel.with(parts));
            }
        }
        return new Promised(kept, stillWaiting);
    }

    /** @param over by line, how many units are too many; less those that are taken off here */
    private static List<LineQuantity> less(List<LineQuantity> parts, int[] over) {
        List<LineQuantity> kept = new ArrayList<>();
        for (LineQuantity part : parts) {
            int lost = Math.min(over[part.line()], part.quantity());
            over[part.line()] -= lost;
            if (part.quantity() > lost) {
                kept.add(new LineQuantity(part.line(), part.quantity() - lost));
            }
        }
        return kept;
    }

    /** What it claims, at nodes and of their days. */
    SortedMap<PositionKey, Integer> claims(List<OrderLine> lines) {
        TreeMap<PositionKey, Integer> claims = new TreeMap<>();
        for (NewFulfilmentOrder parcel : parcels) {
            for (LineQuantity part : parcel.lines()) {
                int item = lines.get(part.line() - 1).item();
                claims.merge(new PositionKey(item, parcel.node().value()), part.quantity(), Integer::sum);
                if (parcel.capacityDay() != null) {
                    claims.merge(PositionKey.ofDay(parcel.node(), parcel.capacityDay()), part.quantity(), Integer::sum);
                }
            }
        }
        return claims;
    }
}
