package dev.tutti.simulator;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.hub.HubCommand;
import dev.tutti.inbound.InboundCommand;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.inbound.InboundShipment.Kind;
import dev.tutti.inbound.InboundShipment.Line;
import dev.tutti.inbound.ShipmentId;
import dev.tutti.inventory.Place;
import dev.tutti.network.NodeId;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Those who announce what they send, change their minds, and deliver more or less of it. */
final class Suppliers {
    private final World world;
    private final Chance chance;

    Suppliers(World world) {
        this.world = world;
        this.chance = world.chance;
    }

    void send() {
        InboundShipment shipment = world.shipments.isEmpty() || chance.percent(35)
                ? null
                : world.database.shipment(chance.of(world.shipments));
        if (shipment == null) {
            @Nullable NodeId from = world.scenario.calm() || chance.percent(75) ? null : node();
            Kind kind = from != null ? Kind.TRANSFER : Kind.PURCHASE_ORDER;
            List<Line> lines = lines();
            say(
                    0,
                    id -> new HubCommand.ForInbound(
                            new InboundCommand.Announce(new ShipmentId(id), "paper " + id, kind, from, lines)));
            return;
        }
        InboundCommand command = switch (chance.between(1, 10)) {
            case 1 -> new InboundCommand.Cancel();
            case 2, 3, 4, 5 -> again(shipment);
            default -> new InboundCommand.Receive(arrivals(shipment), chance.oneIn(6));
        };
        say(shipment.id().aggregate(), any -> new HubCommand.ForInbound(command));
    }

    /** Another content, or the same once more. */
    private InboundCommand again(InboundShipment shipment) {
        List<Line> lines = new ArrayList<>();
        for (Line line : chance.percent(50) ? shipment.lines() : lines()) {
            lines.add(
                    new Line(line.number(), line.item(), line.node(), line.due(), line.quantity(), line.confidence()));
        }
        return new InboundCommand.Announce(
                shipment.id(), shipment.reference(), shipment.kind(), shipment.from(), lines);
    }

    private List<Line> lines() {
        LocalDate today = LocalDate.ofInstant(world.now(), ZoneOffset.UTC);
        List<Line> lines = new ArrayList<>();
        for (int number = 1; number <= chance.between(1, 3); number++) {
            lines.add(new Line(
                    number,
                    chance.percent(40) ? 1 : chance.between(1, world.scenario.items()),
                    node(),
                    today.plusDays(chance.between(0, 9)),
                    chance.between(0, 12),
                    chance.percent(70) ? 100 : chance.between(0, 99)));
        }
        return lines;
    }

    private List<InboundCommand.Arrival> arrivals(InboundShipment shipment) {
        List<InboundCommand.Arrival> arrivals = new ArrayList<>();
        for (Line line : shipment.lines()) {
            if (chance.percent(70)) {
                arrivals.add(new InboundCommand.Arrival(
                        line.number(),
                        chance.percent(85) ? null : node(),
                        chance.between(1, 6),
                        chance.percent(85) ? Place.Pool.STOCK : Place.Pool.QUALITY_CONTROL));
            }
        }
        return arrivals;
    }

    private NodeId node() {
        return chance.of(world.scenario.network().nodes()).id();
    }

    private void say(long aggregate, LongFunction<HubCommand> what) {
        long number = world.nextRequest();
        world.send(new Request(
                number,
                "supplier",
                Lane.BULK,
                aggregate,
                List.of(new Key(KeyKind.REQUEST, "supplier " + number)),
                number,
                false,
                what));
    }
}
