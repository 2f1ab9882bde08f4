package dev.tutti.inventory;

import dev.tutti.network.NodeId;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What moves units into ring-fences, out of them, and from one to another, as changes that are admitted whole. */
public final class Fencing {
    private Fencing() {}

    /** Which position does not have what is asked of it, as far as the stock is known here; null if all have. */
    public static @Nullable PositionKey lacking(List<StockChange> changes, Stock stock) {
        TreeMap<PositionKey, Position> seen = new TreeMap<>();
        for (StockChange change : changes) {
            Position balance = stock.balance(change.position());
            seen.put(change.position(), balance);
            // Kept is what is on the shelf and planning may have, not what may be claimed beyond it.
            long free = (long) balance.onHand() - balance.reserved() - balance.safetyStock();
            boolean asksTooMuch = change.move() == StockMove.RESERVE && free < change.quantity();
            // A server may have learnt what a fence keeps before it learns of the claim that belongs to it.
            boolean isNotKnown = change.move() == StockMove.RELEASE && balance.reserved() < change.quantity();
            boolean isNotKept = change.move() == StockMove.WITHDRAW && balance.onHand() < change.quantity();
            if (asksTooMuch || isNotKept || isNotKnown) {
                return change.position();
            }
        }
        return new Guard(seen).admit(changes);
    }

    public static String sentence(PositionKey lacking) {
        return Place.of(lacking.place()).isFence()
                ? "the ring-fence does not keep so many units there"
                : "there are not so many units that nobody keeps or has claimed";
    }

    /** A fence keeps more of what nobody keeps. */
    public static List<StockChange> allocate(int item, NodeId node, int fence, int quantity) {
        return List.of(
                new StockChange(PositionKey.of(item, Place.of(node)), StockMove.RESERVE, quantity),
                new StockChange(PositionKey.of(item, Place.ofFence(fence, node)), StockMove.DEPOSIT, quantity));
    }

    /** What a fence kept is everybody's again. */
    public static List<StockChange> unallocate(int item, NodeId node, int pool, int quantity) {
        return List.of(
                new StockChange(PositionKey.of(item, new Place(pool, node.value())), StockMove.WITHDRAW, quantity),
                new StockChange(PositionKey.of(item, Place.of(node)), StockMove.RELEASE, quantity));
    }

    /** What one fence kept another one keeps. */
    public static List<StockChange> reallocate(int item, NodeId node, int from, int to, int quantity) {
        return List.of(
                new StockChange(PositionKey.of(item, Place.ofFence(from, node)), StockMove.WITHDRAW, quantity),
                new StockChange(PositionKey.of(item, Place.ofFence(to, node)), StockMove.DEPOSIT, quantity));
    }

    /** A fence keeps less, since units it kept turned out not to be there. */
    public static List<StockChange> yield(int item, NodeId node, int pool, int quantity) {
        return List.of(
                new StockChange(PositionKey.of(item, new Place(pool, node.value())), StockMove.WITHDRAW, quantity),
                new StockChange(PositionKey.of(item, Place.of(node)), StockMove.YIELD, quantity));
    }
}
