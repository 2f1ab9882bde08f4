package dev.tutti.inventory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Claims that are planned but not yet in the books, laid over the index so that decisions made close together see each
 * other. Shared by all workers of one server.
 *
 * <p>Only claims lower what others see. What a planned command would give back is not shown before it is committed:
 * nobody should plan on units that may never come.
 */
public final class Overlay implements Stock {
    private final Stock below;
    private final Map<Integer, Map<Integer, Integer>> pending = new HashMap<>();
    /** Units, by item, that are about to be kept for those who wait. */
    private final Map<Integer, Integer> keeping = new HashMap<>();

    public Overlay(Stock below) {
        this.below = below;
    }

    @Override
    public void read(int item, Fences fences, Candidates into) {
        below.read(item, fences, into);
        synchronized (pending) {
            Map<Integer, Integer> places = pending.get(item);
            if (places != null) {
                into.keepOnly((node, units) -> left(item, node, units, fences, places));
            }
        }
    }

    /** What is planned of the node's own units does not lessen what fences keep there, nor the other way round. */
    private int left(int item, int node, int units, Fences fences, Map<Integer, Integer> places) {
        if (fences.isNone() && fences.threshold() == 0) {
            return units - places.getOrDefault(node, 0);
        }
        long left = Math.max(0, left(item, node, places) - fences.threshold());
        for (int pool : fences.own()) {
            left += Math.max(0, left(item, new Place(pool, node).number(), places));
        }
        for (int pool : fences.lent()) {
            left += Math.max(0, left(item, new Place(pool, node).number(), places));
        }
        return (int) Math.min(Position.MOST, left);
    }

    private long left(int item, int place, Map<Integer, Integer> places) {
        return (long) below.balance(new PositionKey(item, place)).available() - places.getOrDefault(place, 0);
    }

    @Override
    public int kept(int item, int pool) {
        int units = below.kept(item, pool);
        synchronized (pending) {
            for (Map.Entry<Integer, Integer> place :
                    pending.getOrDefault(item, Map.of()).entrySet()) {
                units -= place.getKey() >>> 16 == pool ? place.getValue() : 0;
            }
            units += pool == Place.Pool.WAKING ? keeping.getOrDefault(item, 0) : 0;
        }
        return Math.max(0, units);
    }

    @Override
    public List<Due> due(int item) {
        return below.due(item);
    }

    @Override
    public Position balance(PositionKey key) {
        Position known = below.balance(key);
        Integer units = pendingAt(key);
        return units == null ? known : known.withReserved(known.reserved() + units);
    }

    public void plan(List<StockChange> changes) {
        change(changes, 1);
    }

    /** The command was admitted and the index knows it, or it lost: either way it is no longer pending. */
    public void settle(List<StockChange> changes) {
        change(changes, -1);
    }

    public @Nullable Integer pendingAt(PositionKey key) {
        synchronized (pending) {
            Map<Integer, Integer> places = pending.get(key.item());
            return places == null ? null : places.get(key.place());
        }
    }

    private void change(List<StockChange> changes, int sign) {
        synchronized (pending) {
            for (StockChange change : changes) {
                if (change.move() == StockMove.DEPOSIT
                        && Place.of(change.position().place()).pool() == Place.Pool.WAKING) {
                    keeping.merge(change.position().item(), sign * change.quantity(), Overlay::sumOrNothing);
                }
                if (change.move() == StockMove.RESERVE || change.move() == StockMove.WITHDRAW) {
                    Map<Integer, Integer> places =
                            pending.computeIfAbsent(change.position().item(), i -> new HashMap<>());
                    places.merge(change.position().place(), sign * change.quantity(), Overlay::sumOrNothing);
                    if (places.isEmpty()) {
                        pending.remove(change.position().item());
                    }
                }
            }
        }
    }

    private static @Nullable Integer sumOrNothing(int a, int b) {
        int sum = a + b;
        return sum == 0 ? null : sum;
    }
}
