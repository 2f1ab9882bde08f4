package dev.tutti.server.engine;

import dev.tutti.inventory.Position;
import dev.tutti.postgres.StockReads.Came;
import dev.tutti.postgres.StockReads.Offer;
import dev.tutti.postgres.StockReads.Waiting;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whose turn it is, when units of one item have come to some nodes. In their order each has what is left for it: what is sent
 * is had from any node that sends, what is collected at a store from there alone. Nobody is passed over for one that comes
 * later, and no more are chosen than there are units for.
 */
final class Turns {
    /** By node, units that are not had there by somebody who can have them there alone. */
    private final TreeMap<Integer, Integer> at = new TreeMap<>();

    private final TreeMap<Integer, Boolean> sends = new TreeMap<>();
    /** By node that sends nothing, units of what is sent there and is there already. */
    private final TreeMap<Integer, Integer> sentButHadThere = new TreeMap<>();

    /** Units that are left at all nodes that send, together: which of them gives what is sent is open. */
    private long fromAny;

    private Turns(Offer offer) {
        for (Came came : offer.came()) {
            int offered = (int) Math.min(Position.MOST, (long) came.units() * offer.times());
            at.put(came.node(), offered);
            sends.put(came.node(), came.sends() || came.node() == 0);
            fromAny += sends.get(came.node()) ? offered : 0;
        }
    }

    /**
     * Those who are chosen.
     *
     * @param waiting for what is offered, in their order
     */
    static Set<Long> of(Offer offer, List<Waiting> waiting) {
        Turns turns = new Turns(offer);
        Set<Long> chosen = new LinkedHashSet<>();
        for (Waiting order : waiting) {
            if (turns.takes(order)) {
                chosen.add(order.order());
            }
        }
        return chosen;
    }

    private boolean takes(Waiting order) {
        int left = order.units();
        if (order.sent()) {
            left -= takeOwn(order.pickUpNode(), left);
            left -= takeFromAny(left);
        } else {
            left -= takeCollected(order.pickUpNode(), left);
            left -= makeRoom(order.pickUpNode(), left);
            left -= takeCollected(0, left);
        }
        return left < order.units();
    }

    /** What is sent to a store that sends nothing itself takes first what only those have who come there. */
    private int takeOwn(int store, int wanted) {
        if (sends.getOrDefault(store, true)) {
            return 0;
        }
        int taken = Math.min(wanted, at.getOrDefault(store, 0));
        at.merge(store, -taken, Integer::sum);
        sentButHadThere.merge(store, taken, Integer::sum);
        return taken;
    }

    private int takeFromAny(int wanted) {
        int taken = (int) Math.min(fromAny, wanted);
        fromAny -= taken;
        return taken;
    }

    private int takeCollected(int store, int wanted) {
        int taken = Math.min(wanted, at.getOrDefault(store, 0));
        if (sends.getOrDefault(store, false)) {
            taken = takeFromAny(taken);
        }
        at.merge(store, -taken, Integer::sum);
        return taken;
    }

    /** What is sent, and is had at the store itself, may be had from elsewhere. */
    private int makeRoom(int store, int wanted) {
        int sent = takeFromAny(Math.min(wanted, sentButHadThere.getOrDefault(store, 0)));
        sentButHadThere.merge(store, -sent, Integer::sum);
        return sent;
    }
}
