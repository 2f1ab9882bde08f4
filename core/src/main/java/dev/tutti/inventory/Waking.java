package dev.tutti.inventory;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Keeps what comes for those who wait for it, in the transaction in which it comes: so that a new order cannot overtake
 * them, and only as many are woken as units came.
 *
 * <p>Kept units are claimed at their node and in {@link Place.Pool#WAKING}, as a ring-fence would keep them. Whoever waits
 * may have them; those that none of them takes are {@linkplain Fencing#unallocate given back} after a while.
 */
public final class Waking {
    private Waking() {}

    /**
     * What keeps units that have come, to be booked after their coming.
     *
     * @param coming what is about to be booked
     * @param stock as it is before, which does not say when anything happened
     * @param since nothing is kept where anything is told of an earlier moment, for it may be gone already
     */
    public static List<StockChange> keeping(List<StockChange> coming, Stock stock, Instant since) {
        TreeMap<PositionKey, Position> seen = new TreeMap<>();
        if (!stock.isShown()) {
            return List.of();
        }
        for (StockChange change : coming) {
            if (brings(change)
                    && stock.balance(PositionKey.ofWaiting(change.position().item()))
                                    .reserved()
                            > 0) {
                seen.put(change.position(), stock.balance(change.position()));
            }
        }
        coming.stream()
                .filter(change -> change.isTimed() && isBefore(change, since))
                .forEach(late -> seen.remove(late.position()));
        if (seen.isEmpty()) {
            return List.of();
        }
        List<StockChange> concerned = coming.stream()
                .filter(change -> seen.containsKey(change.position()))
                .toList();
        Guard after = new Guard(seen);
        if (after.admit(concerned) != null) {
            return List.of();
        }
        List<StockChange> kept = new ArrayList<>();
        TreeMap<Integer, Integer> wanted = new TreeMap<>();
        seen.forEach((key, before) -> {
            int missing = wanted.computeIfAbsent(key.item(), item -> Expectation.waiting(stock, item));
            Position then = after.balance(key);
            long free = (long) then.onHand() - then.reserved() - then.safetyStock();
            int units = (int) Math.min(Math.min(missing, then.onHand() - before.onHand()), free);
            if (units > 0) {
                wanted.put(key.item(), missing - units);
                Place node = Place.of(key.place());
                kept.add(new StockChange(key, StockMove.RESERVE, units));
                kept.add(new StockChange(
                        PositionKey.of(key.item(), new Place(Place.Pool.WAKING, node.node())),
                        StockMove.DEPOSIT,
                        units));
            }
        });
        return kept;
    }

    private static boolean isBefore(StockChange change, Instant moment) {
        return Instant.EPOCH.plus(change.at(), ChronoUnit.MICROS).isBefore(moment);
    }

    private static boolean brings(StockChange change) {
        boolean comes = switch (change.move()) {
            case COUNT, RETURN -> true;
            case ADJUST -> change.quantity() > 0;
            default -> false;
        };
        return comes && Place.of(change.position().place()).isNode();
    }
}
