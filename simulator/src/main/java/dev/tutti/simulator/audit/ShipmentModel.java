package dev.tutti.simulator.audit;

import static dev.tutti.simulator.audit.Invariant.EXPECTED_IS_ANNOUNCED;
import static dev.tutti.simulator.audit.Invariant.VERSIONS_CONTIGUOUS;

import dev.tutti.hub.HubChange;
import dev.tutti.inbound.InboundCommand;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.inbound.InboundShipment.Line;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockMove;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** A shipment as the auditor counts it: from what was said of it, one thing after the other. */
final class ShipmentModel {
    private final String name;
    private int version;
    private final TreeMap<Integer, Line> announced = new TreeMap<>();
    /** Units of each line that have come. */
    private final TreeMap<Integer, Integer> came = new TreeMap<>();

    /** Lines of which no more comes, whatever is missing. */
    private final TreeSet<Integer> over = new TreeSet<>();

    ShipmentModel(long aggregate) {
        this.name = "shipment " + aggregate;
    }

    /**
     * Takes in what was said of it.
     *
     * @param moves what must have happened to the stock
     */
    void apply(HubChange.InboundChanged change, List<Expected> moves) {
        InboundShipment after = change.after();
        version++;
        if (after.version() != version) {
            throw new Violation(VERSIONS_CONTIGUOUS, name, "is at " + version + " and calls itself " + after.version());
        }
        expect(-1, moves);
        switch (change.command()) {
            case InboundCommand.Announce said -> announce(said, moves);
            case InboundCommand.Receive said -> {
                for (InboundCommand.Arrival arrival : said.arrivals()) {
                    Line line = Objects.requireNonNull(announced.get(arrival.line()));
                    int node = (arrival.node() == null ? line.node() : arrival.node()).value();
                    PositionKey shelf = PositionKey.of(line.item(), new Place(arrival.pool(), node));
                    moves.add(new Expected(shelf, StockMove.ADJUST, arrival.quantity()));
                    came.merge(arrival.line(), arrival.quantity(), Integer::sum);
                }
                if (said.last()) {
                    over.addAll(announced.keySet());
                }
            }
            case InboundCommand.Cancel said -> over.addAll(announced.keySet());
        }
        expect(1, moves);
        for (Line line : after.lines()) {
            if (line.outstanding() != open(line.number()) || line.received() != came.getOrDefault(line.number(), 0)) {
                throw new Violation(EXPECTED_IS_ANNOUNCED, name, line + " is not as counted");
            }
        }
    }

    private void announce(InboundCommand.Announce said, List<Expected> moves) {
        if (version == 1 && said.from() != null) {
            for (Line line : said.lines()) {
                PositionKey left = new PositionKey(line.item(), said.from().value());
                moves.add(new Expected(left, StockMove.ADJUST, -line.quantity()));
            }
        }
        TreeSet<Integer> overBefore = new TreeSet<>(over);
        over.addAll(announced.keySet());
        for (Line line : said.lines()) {
            Line before = announced.put(line.number(), line);
            if (!line.equals(before) || !overBefore.contains(line.number())) {
                over.remove(line.number());
            }
        }
    }

    private int open(int number) {
        Line line = announced.get(number);
        return line == null || over.contains(number) ? 0 : Math.max(0, line.quantity() - came.getOrDefault(number, 0));
    }

    private void expect(int sign, List<Expected> moves) {
        announced.forEach((number, line) -> {
            int units = sign * (open(number) * line.confidence() / 100);
            moves.add(new Expected(
                    PositionKey.of(line.item(), Place.ofDue(line.due(), line.node())), StockMove.ADJUST, units));
            moves.add(new Expected(new PositionKey(line.item(), 0), StockMove.ADJUST, units));
        });
    }
}
