package dev.tutti.inbound;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.inbound.InboundCommand.Announce;
import dev.tutti.inbound.InboundCommand.Arrival;
import dev.tutti.inbound.InboundCommand.Receive;
import dev.tutti.inbound.InboundDecision.Accepted;
import dev.tutti.inbound.InboundDecision.Refused;
import dev.tutti.inbound.InboundShipment.Kind;
import dev.tutti.inbound.InboundShipment.Line;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The decisions about what is on its way. */
public final class Inbounds {
    private Inbounds() {}

    /**
     * Decides one command. Changes nothing; the same arguments give the same decision.
     *
     * @param shipment null if it was not announced yet
     */
    public static InboundDecision decide(@Nullable InboundShipment shipment, InboundCommand command, Instant now) {
        if (command instanceof Announce announced) {
            return shipment == null ? first(announced, now) : again(shipment, announced);
        }
        if (shipment == null) {
            return refused(RefusalCode.UNKNOWN_SHIPMENT, "there is no such shipment");
        }
        return switch (command) {
            case Announce c -> throw new AssertionError("handled above");
            case Receive received -> receive(shipment, received);
            case InboundCommand.Cancel c ->
                accepted(
                        shipment,
                        shipment.with(shipment.lines().stream().map(Line::ended).toList()),
                        new ArrayList<>());
        };
    }

    private static InboundDecision first(Announce announced, Instant now) {
        InboundShipment made = new InboundShipment(
                announced.id(), 1, announced.reference(), announced.kind(), announced.from(), now, announced.lines());
        List<StockChange> changes = new ArrayList<>();
        if (announced.from() != null) {
            for (Line line : announced.lines()) {
                if (line.quantity() > 0) {
                    changes.add(
                            StockChange.of(line.item(), announced.from().value(), StockMove.ADJUST, -line.quantity()));
                }
            }
        }
        return accepted(null, made, changes);
    }

    private static InboundDecision again(InboundShipment shipment, Announce announced) {
        if (shipment.kind() != announced.kind() || !Objects.equals(shipment.from(), announced.from())) {
            return refused(RefusalCode.NOT_EXPECTED_NOW, "it was announced as something else, or from elsewhere");
        }
        TreeMap<Integer, Line> lines = new TreeMap<>();
        shipment.lines().forEach(line -> lines.put(line.number(), line.ended()));
        for (Line line : announced.lines()) {
            Line before = shipment.line(line.number());
            boolean isAnother = before != null && before.received() > 0 && before.item() != line.item();
            boolean hasLeft = shipment.kind() == Kind.TRANSFER
                    && (before == null || before.item() != line.item() || before.quantity() != line.quantity());
            if (isAnother || hasLeft) {
                return refused(
                        RefusalCode.NOT_EXPECTED_NOW,
                        "line " + line.number()
                                + (isAnother ? ", of which units have come, was another item" : " has left otherwise"));
            }
            lines.put(line.number(), before == null ? line : line.after(before));
        }
        InboundShipment next = shipment.with(List.copyOf(lines.values()));
        return next.lines().equals(shipment.lines())
                ? new Accepted(shipment, List.of())
                : accepted(shipment, next, new ArrayList<>());
    }

    private static InboundDecision receive(InboundShipment shipment, Receive received) {
        TreeMap<Integer, Line> lines = new TreeMap<>();
        shipment.lines().forEach(line -> lines.put(line.number(), line));
        List<StockChange> changes = new ArrayList<>();
        for (Arrival arrival : received.arrivals()) {
            Line line = lines.get(arrival.line());
            if (line == null) {
                return refused(RefusalCode.INVALID_FIELD, "it has no line " + arrival.line());
            }
            if ((long) line.received() + arrival.quantity() > Position.MOST) {
                return refused(RefusalCode.INVALID_FIELD, "no line has more than " + Position.MOST + " units");
            }
            int node = (arrival.node() == null ? line.node() : arrival.node()).value();
            changes.add(new StockChange(
                    PositionKey.of(line.item(), new Place(arrival.pool(), node)),
                    StockMove.ADJUST,
                    arrival.quantity()));
            lines.put(line.number(), line.withReceived(arrival.quantity()));
        }
        if (received.last()) {
            lines.replaceAll((number, line) -> line.ended());
        }
        return accepted(shipment, shipment.with(List.copyOf(lines.values())), changes);
    }

    /** What is expected is what the shipments are counted on for, on each day and altogether. */
    private static InboundDecision accepted(
            @Nullable InboundShipment before, InboundShipment after, List<StockChange> changes) {
        TreeMap<PositionKey, Integer> more = new TreeMap<>();
        count(after, 1, more);
        if (before != null) {
            count(before, -1, more);
        }
        more.forEach((key, units) -> {
            if (units != 0) {
                changes.add(new StockChange(key, StockMove.ADJUST, units));
            }
        });
        return new Accepted(after, changes);
    }

    private static void count(InboundShipment shipment, int sign, TreeMap<PositionKey, Integer> into) {
        for (Line line : shipment.lines()) {
            int units = sign * line.countedOn();
            into.merge(PositionKey.of(line.item(), Place.ofDue(line.due(), line.node())), units, Integer::sum);
            into.merge(PositionKey.ofWaiting(line.item()), units, Integer::sum);
        }
    }

    private static InboundDecision refused(RefusalCode code, String detail) {
        return new Refused(Refusal.of(code, detail));
    }
}
