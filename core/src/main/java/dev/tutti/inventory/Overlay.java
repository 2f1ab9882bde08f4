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
public final class Overlay implements Supply {
    private final Supply below;
    private final Map<Integer, Map<Integer, Integer>> pending = new HashMap<>();

    public Overlay(Supply below) {
        this.below = below;
    }

    @Override
    public void read(int item, Candidates into) {
        below.read(item, into);
        synchronized (pending) {
            Map<Integer, Integer> places = pending.get(item);
            if (places != null) {
                into.keepOnly((place, units) -> units - places.getOrDefault(place, 0));
            }
        }
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
                if (change.move() == StockMove.RESERVE) {
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
