package dev.tutti.simulator;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.RejectReason;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Those who pick, pack, hand over, and now and then find nothing on the shelf. */
final class NodeStaff {
    private static final List<RejectReason> REASONS = List.of(RejectReason.values());

    private final World world;
    private final Chance chance;
    /** Orders of which something was sent to a store. */
    private final List<Long> sentToStores = new ArrayList<>();

    NodeStaff(World world) {
        this.world = world;
        this.chance = world.chance;
    }

    void work() {
        if (chance.oneIn(10)) {
            carry();
            return;
        }
        if (!sentToStores.isEmpty() && chance.oneIn(15)) {
            Order sent = world.order(chance.of(sentToStores));
            if (sent != null) {
                handOut(sent);
            }
            return;
        }
        Order order = world.someOrder();
        if (order == null || order.fulfilmentOrders().isEmpty()) {
            return;
        }
        FulfilmentOrder work = chance.of(order.fulfilmentOrders());
        OrderCommand command = chance.oneIn(40) ? mistake(work) : next(work);
        if (command != null) {
            if (chance.oneIn(8)) {
                command = new OrderCommand.IfUnchanged(order.version() - (chance.percent(80) ? 0 : 1), command);
            }
            send(order, command);
        }
    }

    /** A carrier says that something is there, sometimes again, and sometimes of what has not left. */
    private void carry() {
        Order order = chance.percent(80) ? world.someClosedOrder() : world.someOrder();
        if (order != null && !order.fulfilmentOrders().isEmpty()) {
            arrive(order, chance.of(order.fulfilmentOrders()));
        }
    }

    private void arrive(Order order, FulfilmentOrder work) {
        LocalDate day =
                LocalDate.ofInstant(world.now(), ZoneOffset.UTC).plusDays(chance.oneIn(10) ? 2 : chance.between(-1, 1));
        send(order, new OrderCommand.Arrive(work.number(), day));
    }

    /** At a store: what others have sent arrives, and is handed out, now and then too early or twice. */
    void handOut(Order order) {
        for (FulfilmentOrder work : order.fulfilmentOrders()) {
            if (work.method() == Method.SHIP_TO_STORE && work.arrived() == null && chance.percent(60)) {
                arrive(order, work);
            } else if (work.method() == Method.SHIP_TO_STORE) {
                send(order, new OrderCommand.Collect(work.number(), some(work, UnitState.SHIPPED)));
            }
        }
    }

    /** All that is left to do here, without a slip. */
    boolean finish(Order order) {
        boolean busy = false;
        for (FulfilmentOrder work : order.fulfilmentOrders()) {
            OrderCommand command = straight(work);
            if (command != null) {
                send(order, command);
                busy = true;
            }
        }
        return busy;
    }

    private static @Nullable OrderCommand straight(FulfilmentOrder work) {
        if (work.in(UnitState.RELEASED) > 0) {
            return new OrderCommand.PickUnits(work.number(), List.of());
        }
        if (work.in(UnitState.PICKED) > 0) {
            return new OrderCommand.PackUnits(work.number(), List.of());
        }
        return work.in(UnitState.PACKED) > 0 ? leave(work, List.of()) : null;
    }

    private @Nullable OrderCommand next(FulfilmentOrder work) {
        if (work.in(UnitState.RELEASED) > 0 && chance.percent(15)) {
            return new OrderCommand.RejectUnits(work.number(), some(work, UnitState.RELEASED), chance.of(REASONS));
        }
        if (work.in(UnitState.PICKED) > 0 && chance.percent(8)) {
            return new OrderCommand.RejectUnits(work.number(), some(work, UnitState.PICKED), chance.of(REASONS));
        }
        if (work.in(UnitState.PACKED) > 0 && chance.percent(70)) {
            return leave(work, some(work, UnitState.PACKED));
        }
        if (work.in(UnitState.PICKED) > 0 && chance.percent(70)) {
            return new OrderCommand.PackUnits(work.number(), some(work, UnitState.PICKED));
        }
        return work.in(UnitState.RELEASED) > 0
                ? new OrderCommand.PickUnits(work.number(), some(work, UnitState.RELEASED))
                : null;
    }

    private OrderCommand mistake(FulfilmentOrder work) {
        return switch (chance.below(4)) {
            case 0 -> new OrderCommand.Collect(work.number(), List.of());
            case 1 -> new OrderCommand.HandOver(work.number(), List.of(), "carrier", "none");
            case 2 -> new OrderCommand.PickUnits(work.number() + 7, List.of());
            default ->
                new OrderCommand.RejectUnits(
                        work.number(),
                        List.of(new LineQuantity(1, 1), new LineQuantity(1, 1_000_000)),
                        RejectReason.OTHER);
        };
    }

    private static OrderCommand leave(FulfilmentOrder work, List<LineQuantity> lines) {
        return work.method().isSent()
                ? new OrderCommand.HandOver(work.number(), lines, "carrier", "track " + work.number())
                : new OrderCommand.Collect(work.number(), lines);
    }

    /** Everything in the state, or a part named line by line. */
    private List<LineQuantity> some(FulfilmentOrder work, UnitState state) {
        if (chance.percent(60)) {
            return List.of();
        }
        List<LineQuantity> lines = new ArrayList<>();
        for (FulfilmentLine line : work.lines()) {
            int there = line.units().in(state);
            if (there > 0 && chance.percent(70)) {
                lines.add(new LineQuantity(line.line(), chance.between(1, there)));
            }
        }
        return lines;
    }

    private void send(Order order, OrderCommand command) {
        if (command instanceof OrderCommand.HandOver(int work, var lines, var carrier, var tracking)
                && order.fulfilmentOrders().stream()
                        .anyMatch(one -> one.number() == work && one.method() == Method.SHIP_TO_STORE)) {
            sentToStores.add(order.id().value());
        }
        long number = world.nextRequest();
        HubCommand forOrder = new HubCommand.ForOrder(command);
        world.send(new Request(
                number,
                "node",
                Lane.INTERACTIVE,
                order.id().value(),
                List.of(new Key(KeyKind.REQUEST, "work " + number)),
                number,
                false,
                any -> forOrder));
    }
}
