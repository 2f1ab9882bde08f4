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
 * What nodes keep for units of an order that are still open: taken over from a reservation, and given to the nodes when the
 * order's flow comes to sourcing. Its claims are the order's, so nobody else gets the units meanwhile.
 *
 * @param parcels as the fulfilment orders will be that they become; their numbers mean nothing yet
 */
public record Promised(List<NewFulfilmentOrder> parcels) {
    public static final Promised NOTHING = new Promised(List.of());

    public Promised {
        parcels = List.copyOf(parcels);
    }

    public boolean isNothing() {
        return parcels.isEmpty();
    }

    /** Units of a line. */
    int of(int line) {
        int sum = 0;
        for (NewFulfilmentOrder parcel : parcels) {
            for (LineQuantity part : parcel.lines()) {
                sum += part.line() == line ? part.quantity() : 0;
            }
        }
        return sum;
    }

    /** No more of each line than waits for a node; the parcels that come last lose first. */
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
        List<NewFulfilmentOrder> kept = new ArrayList<>();
        for (NewFulfilmentOrder parcel : parcels.reversed()) {
            List<LineQuantity> parts = new ArrayList<>();
            for (LineQuantity part : parcel.lines()) {
                int lost = Math.min(over[part.line()], part.quantity());
                over[part.line()] -= lost;
                if (part.quantity() > lost) {
                    parts.add(new LineQuantity(part.line(), part.quantity() - lost));
                }
            }
            if (!parts.isEmpty()) {
                kept.addFirst(parcel.with(parts));
            }
        }
        return new Promised(kept);
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
