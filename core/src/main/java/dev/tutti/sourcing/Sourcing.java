package dev.tutti.sourcing;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.inventory.Fences;
import dev.tutti.inventory.Overlay;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Stock;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import dev.tutti.inventory.Supply;
import dev.tutti.network.Distances;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Network;
import dev.tutti.sourcing.search.ExactSearch;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sources a whole order at once.
 *
 * <p>Rules narrow: a node must be active, must ship (or be the one the customer comes to), must not be blocked for the
 * line. Then the exact search decides: fewest unfilled units first, then the least cost of parcels, units, miles and
 * days late. Ties fall to fewer parcels, then to the node with the lower number.
 *
 * <p>Where nodes have the units and not the capacity, what is left is sourced again from what they can do on other days,
 * until nothing more is found.
 *
 * <p>An instance reuses its memory and belongs to one thread.
 */
public final class Sourcing {
    private final ExactSearch search = new ExactSearch();
    private final RunMemory memory = new RunMemory();
    /** Of those that look again: what the first run saw is still asked for. */
    private final RunMemory again = new RunMemory();

    private @Nullable NodeTable table;

    private static final Supply NONE = new Supply() {
        @Override
        public void read(int item, Candidates into) {
            into.clear();
        }

        @Override
        public Position balance(PositionKey position) {
            return Position.unseen(position);
        }
    };

    /** How far nodes are from a place, as plans see it; to be used before the next is asked for. */
    public Distances distances(Network network, @Nullable GeoPoint place) {
        return table(network).from(place);
    }

    /** How far nodes are from where a group goes, as plans see it; to be used before the next is asked for. */
    public Distances distances(Network network, SourcingRequest.Group group) {
        return table(network).from(group, true);
    }

    private NodeTable table(Network network) {
        NodeTable nodes = table;
        if (nodes == null || nodes.network != network) {
            nodes = new NodeTable(network);
            table = nodes;
        }
        return nodes;
    }

    /** Whether any node could send or hand out what goes with a group, if it had it. */
    public boolean hasWay(SourcingRequest.Group group, Network network, Instant now) {
        NodeTable nodes = table(network);
        SourcingRequest nothing = new SourcingRequest(now, List.of(group), List.of(), 0);
        return new SourcingRun(nothing, nodes, new Departures(now, nodes), NONE, memory).hasWay();
    }

    public SourcingPlan plan(SourcingRequest request, Network network, Supply supply) {
        NodeTable nodes = table(network);
        Departures departures = new Departures(request.now(), nodes);
        SourcingRun first = new SourcingRun(request, nodes, departures, supply, memory);
        SourcingPlan plan = first.plan(search);
        if (!plan.mayGoOn()) {
            return plan;
        }
        Overlay left = new Overlay(asSeen(first.record().asSupply(), departures, supply));
        SourcingPlan last = plan;
        while (last.mayGoOn() && request.mayHaveMoreThan(plan.parcels().size())) {
            left.plan(taken(request, last));
            SourcingRequest rest =
                    request.only(last.lackingCapacity(), plan.parcels().size());
            last = new SourcingRun(rest, nodes, departures, left, again).plan(search);
            plan = plan.and(last);
        }
        return plan.madeFrom(first.record());
    }

    /** What the first run saw, whatever has happened since; of days that nobody has looked at yet, how they stand now. */
    private static Stock asSeen(Supply seen, Departures departures, Supply now) {
        return new Stock() {
            @Override
            public void read(int item, Fences fences, Candidates into) {
                seen.read(item, into);
            }

            @Override
            public Position balance(PositionKey day) {
                Integer left = departures.capacityLeft().get(day);
                return left == null ? now.balance(day) : SourcingRecord.capacityLeft(left);
            }
        };
    }

    private static List<StockChange> taken(SourcingRequest request, SourcingPlan plan) {
        List<StockChange> claims = new ArrayList<>();
        for (SourcingPlan.Parcel parcel : plan.parcels()) {
            int units = 0;
            for (LineQuantity part : parcel.lines()) {
                int item = request.demand(part.line()).item();
                claims.add(StockChange.of(item, parcel.node().value(), StockMove.RESERVE, part.quantity()));
                units += part.quantity();
            }
            LocalDate day = parcel.capacityDay();
            if (day != null) {
                claims.add(new StockChange(PositionKey.ofDay(parcel.node(), day), StockMove.RESERVE, units));
            }
        }
        return claims;
    }

    /** The plan that the recorded inputs lead to. */
    public SourcingPlan replay(SourcingRecord record, Network network) {
        if (network.version() != record.networkVersion()) {
            throw new IllegalArgumentException("decided with version " + record.networkVersion()
                    + " of the network, not with " + network.version());
        }
        return plan(record.request(), network, record.asSupply());
    }
}
