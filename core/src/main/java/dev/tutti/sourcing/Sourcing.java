package dev.tutti.sourcing;

import dev.tutti.inventory.Supply;
import dev.tutti.network.Network;
import dev.tutti.sourcing.search.ExactSearch;
import org.jspecify.annotations.Nullable;

/**
 * Sources a whole order at once.
 *
 * <p>Rules narrow: a node must be active, must ship (or be the one the customer comes to), must not be blocked for the
 * line. Then the exact search decides: fewest unfilled units first, then the least cost of parcels, units, miles and
 * days late. Ties fall to fewer parcels, then to the node with the lower number.
 *
 * <p>An instance reuses its memory and belongs to one thread.
 */
public final class Sourcing {
    private final ExactSearch search = new ExactSearch();
    private final Supply.Candidates candidates = new Supply.Candidates();
    private @Nullable NodeTable table;

    public SourcingPlan plan(SourcingRequest request, Network network, Supply supply) {
        NodeTable nodes = table;
        if (nodes == null || nodes.network != network) {
            nodes = new NodeTable(network);
            table = nodes;
        }
        return new SourcingRun(request, nodes, supply, candidates).plan(search);
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
