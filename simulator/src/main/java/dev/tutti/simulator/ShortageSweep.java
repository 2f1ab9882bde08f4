package dev.tutti.simulator;

import dev.tutti.conveyor.Lane;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.Fencing;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockDocument;
import dev.tutti.network.NodeId;
import dev.tutti.network.RingFence;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.reservation.Reservation;
import dev.tutti.reservation.ReservationCommand;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Where more is claimed than is there, asks the weakest claim to look elsewhere. */
final class ShortageSweep {
    private static final Comparator<Order> WEAKEST = Comparator.comparingInt(
                    (Order order) -> order.header().priority())
            .thenComparing(order -> order.header().placedAt(), Comparator.reverseOrder())
            .thenComparing(order -> order.id().value(), Comparator.reverseOrder());

    private final World world;

    ShortageSweep(World world) {
        this.world = world;
    }

    /** @return whether somebody was asked */
    boolean run() {
        boolean asked = false;
        for (var entry : world.database.positions().entrySet()) {
            int shortage = entry.getKey().isStock() ? entry.getValue().shortage() : 0;
            if (shortage > 0 && giveUpFences(entry.getKey(), shortage)) {
                asked = true;
                continue;
            }
            Reservation cart = shortage > 0 ? world.latestThatHolds(entry.getKey()) : null;
            if (cart != null) {
                asked = true;
                world.ask(
                        "shortage sweep",
                        Lane.DUE,
                        cart.id().aggregate(),
                        new HubCommand.ForReservation(new ReservationCommand.Yield()));
                continue;
            }
            Order weakest = shortage > 0 ? weakestAt(entry.getKey()) : null;
            if (weakest != null) {
                asked |= ask(weakest, entry.getKey(), shortage);
            }
        }
        return asked;
    }

    /** What is kept for nobody in particular is the weakest claim of all. */
    private boolean giveUpFences(PositionKey key, int shortage) {
        boolean any = giveUp(key, Place.Pool.WAKING, shortage);
        for (RingFence fence : world.scenario.network().ringFences()) {
            any = any || giveUp(key, Place.poolOfFence(fence.number()), shortage);
        }
        return any;
    }

    private boolean giveUp(PositionKey key, int pool, int shortage) {
        NodeId node = new NodeId(key.place());
        Position kept = world.database.position(PositionKey.of(key.item(), new Place(pool, node.value())));
        if (kept == null || kept.onHand() == 0) {
            return false;
        }
        int units = Math.min(shortage, kept.onHand());
        world.keepers.send(StockDocument.Kind.FENCE, Fencing.yield(key.item(), node, pool, units));
        return true;
    }

    private @Nullable Order weakestAt(PositionKey key) {
        Order weakest = null;
        for (long id : world.openOrders) {
            Order order = world.order(id);
            if (order != null && untouched(order, key) && (weakest == null || WEAKEST.compare(order, weakest) < 0)) {
                weakest = order;
            }
        }
        return weakest;
    }

    private static boolean untouched(Order order, PositionKey key) {
        for (FulfilmentOrder work : order.fulfilmentOrders()) {
            for (FulfilmentLine line : work.lines()) {
                if (work.node().value() == key.place() && line.item() == key.item() && untouched(line) > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int untouched(FulfilmentLine line) {
        return line.units().in(UnitState.ALLOCATED) + line.units().in(UnitState.RELEASED);
    }

    private boolean ask(Order order, PositionKey key, int shortage) {
        for (FulfilmentOrder work : order.fulfilmentOrders()) {
            for (FulfilmentLine line : work.lines()) {
                if (work.node().value() == key.place() && line.item() == key.item() && untouched(line) > 0) {
                    int units = Math.min(shortage, untouched(line));
                    world.ask(
                            "shortage sweep",
                            Lane.BULK,
                            order.id().value(),
                            new OrderCommand.YieldUnits(work.number(), line.line(), units));
                    return true;
                }
            }
        }
        return false;
    }
}
