package dev.tutti.sourcing;

import dev.tutti.fulfilment.Method;
import dev.tutti.network.ItemTerms;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a cart is asked of the nodes: its kits opened, each part on a line of its own, and the ways in which all of it may be
 * had.
 *
 * @param demands with numbers of their own
 * @param asked for each of them, the number of the line it comes from
 * @param ships whether all of it can be sent
 * @param handsOut whether all of it can be collected
 */
public record Offered(List<SourcingRequest.Demand> demands, List<Integer> asked, boolean ships, boolean handsOut) {
    public Offered {
        demands = List.copyOf(demands);
        asked = List.copyOf(asked);
    }

    public static Offered of(Network network, List<SourcingRequest.Demand> cart) {
        List<SourcingRequest.Demand> opened = new ArrayList<>(cart.size());
        List<Integer> asked = new ArrayList<>(cart.size());
        boolean ships = true;
        boolean handsOut = true;
        for (SourcingRequest.Demand demand : cart) {
            ships &= ships(network, demand.item());
            handsOut &= handsOut(network, demand.item());
            ItemTerms terms = network.terms(demand.item());
            if (!terms.isKit()) {
                opened.add(numbered(demand, opened.size() + 1, demand.item(), demand.quantity()));
                asked.add(demand.line());
            }
            for (ItemTerms.Part part : terms.parts()) {
                opened.add(numbered(
                        demand,
                        opened.size() + 1,
                        part.item(),
                        Math.multiplyExact(demand.quantity(), part.quantity())));
                asked.add(demand.line());
            }
        }
        return new Offered(opened, asked, ships, handsOut);
    }

    private static SourcingRequest.Demand numbered(SourcingRequest.Demand demand, int line, int item, int quantity) {
        return new SourcingRequest.Demand(line, item, quantity, demand.group(), demand.splittable(), demand.blocked());
    }

    /** Why a channel's customers cannot have an item at all; null if they can. */
    public static @Nullable String notSold(Network network, int item, String channel) {
        return network.terms(item).isSoldBy(channel) ? null : "channel " + channel + " does not sell it";
    }

    /** Why a channel's customers cannot have an item in a way; null if they can. */
    public static @Nullable String not(Network network, int item, String channel, Method method) {
        String notSold = notSold(network, item, channel);
        if (notSold != null) {
            return notSold;
        }
        if (method.isSent() && !ships(network, item)) {
            return "it cannot be sent";
        }
        return method.isCollected() && !handsOut(network, item) ? "it cannot be collected" : null;
    }

    /** Why customers cannot collect at a node; null if they can. */
    public static @Nullable String notAt(Node node) {
        if (!node.handsOut()) {
            return "customers cannot collect at " + node.code();
        }
        return node.active() ? null : node.code() + " is closed for the time being";
    }

    /** Whether an item can be sent, and if it is a kit, all its parts. */
    public static boolean ships(Network network, int item) {
        ItemTerms terms = network.terms(item);
        return terms.ships()
                && terms.parts().stream()
                        .allMatch(part -> network.terms(part.item()).ships());
    }

    /** Whether an item can be collected, and if it is a kit, all its parts. */
    public static boolean handsOut(Network network, int item) {
        ItemTerms terms = network.terms(item);
        return terms.handsOut()
                && terms.parts().stream()
                        .allMatch(part -> network.terms(part.item()).handsOut());
    }
}
