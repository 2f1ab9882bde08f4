package dev.tutti.simulator.audit;

import static dev.tutti.simulator.audit.Invariant.RESERVED_IS_OWNED;
import static dev.tutti.simulator.audit.Invariant.VERSIONS_CONTIGUOUS;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockMove;
import dev.tutti.order.OrderEvent;
import dev.tutti.reservation.Reservation;
import dev.tutti.reservation.ReservationState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A reservation as the auditor counts it: what it claims at nodes, and of their days. */
final class ReservationModel {
    final String name;
    int version;
    ReservationState state = ReservationState.HELD;
    /** What it claims while it is held. */
    final TreeMap<PositionKey, Integer> units = new TreeMap<>();

    ReservationModel(long aggregate) {
        this.name = "reservation " + -aggregate;
    }

    /**
     * Takes in what became of it.
     *
     * @param taken what an order says it has taken over; null if none has
     * @param moves what must have happened to the stock
     */
    void apply(Reservation after, OrderEvent.@Nullable ReservationTaken taken, OrderModel order, List<Expected> moves) {
        version++;
        if (after.version() != version) {
            throw new Violation(VERSIONS_CONTIGUOUS, name, "is at " + version + " and calls itself " + after.version());
        }
        if (state != ReservationState.HELD) {
            throw new Violation(RESERVED_IS_OWNED, name, "was over, and becomes " + after);
        }
        state = after.state();
        if (version == 1) {
            units.putAll(claims(after));
            units.forEach((position, quantity) -> moves.add(new Expected(position, StockMove.RESERVE, quantity)));
            return;
        }
        if (state == ReservationState.HELD) {
            if (!units.equals(claims(after))) {
                throw new Violation(RESERVED_IS_OWNED, name, "claims other units than before: " + after);
            }
            return;
        }
        if (!after.parcels().isEmpty()
                || !after.waiting().isEmpty()
                || !after.slots().isEmpty()) {
            throw new Violation(RESERVED_IS_OWNED, name, "is over and holds something: " + after);
        }
        TreeMap<PositionKey, Integer> left = new TreeMap<>(units);
        if (taken != null) {
            takenOver(taken, order, left);
        }
        left.forEach((position, quantity) -> {
            if (quantity < 0 && position.isDay() && !position.isSlot()) {
                // Its customer comes on another day than the cart's.
                moves.add(new Expected(position, StockMove.RESERVE, -quantity));
            } else if (quantity < 0) {
                throw new Violation(RESERVED_IS_OWNED, name, "gives an order more than it has at " + position);
            }
            if (quantity > 0) {
                moves.add(new Expected(position, StockMove.RELEASE, quantity));
            }
        });
    }

    private static void takenOver(OrderEvent.ReservationTaken taken, OrderModel order, Map<PositionKey, Integer> left) {
        for (LineQuantity part : taken.waiting()) {
            left.merge(new PositionKey(order.lines.get(part.line() - 1).item, 0), -part.quantity(), Integer::sum);
        }
        for (OrderEvent.NewFulfilmentOrder work : taken.promised()) {
            work.lines().forEach(part -> {
                PositionKey position = new PositionKey(
                        order.lines.get(part.line() - 1).item, work.node().value());
                left.merge(position, -part.quantity(), Integer::sum);
                if (work.capacityDay() != null) {
                    left.merge(PositionKey.ofDay(work.node(), work.capacityDay()), -part.quantity(), Integer::sum);
                }
            });
        }
    }

    private static TreeMap<PositionKey, Integer> claims(Reservation reservation) {
        TreeMap<PositionKey, Integer> claims = new TreeMap<>();
        for (Reservation.Parcel parcel : reservation.parcels()) {
            for (Reservation.HeldUnits held : parcel.units()) {
                claims.merge(new PositionKey(held.item(), parcel.node().value()), held.quantity(), Integer::sum);
                if (parcel.capacityDay() != null) {
                    claims.merge(PositionKey.ofDay(parcel.node(), parcel.capacityDay()), held.quantity(), Integer::sum);
                }
            }
        }
        for (Reservation.Waiting wait : reservation.waiting()) {
            claims.merge(new PositionKey(wait.item(), 0), wait.quantity(), Integer::sum);
        }
        if (reservation.caller() != 0) {
            claims.put(PositionKey.ofCaller(reservation.caller()), reservation.quantity());
        }
        reservation.slots().forEach(slot -> claims.merge(PositionKey.ofSlot(slot), 1, Integer::sum));
        return claims;
    }
}
