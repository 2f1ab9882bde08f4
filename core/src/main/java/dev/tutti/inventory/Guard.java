package dev.tutti.inventory;

import dev.tutti.decision.BrokenInvariant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides, against rows that are locked, which commands get what they ask for.
 *
 * <p>A guard lives as long as one transaction holds its locks. Commands come in the order they arrived, and each is
 * admitted whole or not at all: its changes are tried one after the other on the balances the earlier ones left, so two
 * lines of one order that want the same position see each other (invariant 4). What is not admitted leaves no mark. A
 * fact (a count, a sale over the counter, units leaving) is never refused; where it leaves more claimed than there is,
 * the difference becomes a declared shortage.
 */
public final class Guard {
    // Looked up by key only; everything handed out is ordered by the entries.
    private final Map<PositionKey, Position> balances = new HashMap<>();
    private final List<LedgerEntry> entries = new ArrayList<>();

    /**
     * @param locked the locked rows; a position that is not there yet counts as empty
     */
    public Guard(Map<PositionKey, Position> locked) {
        balances.putAll(locked);
    }

    /**
     * Admits all changes of one command, or none.
     *
     * @return null if admitted, else the position that stood in the way
     */
    public @Nullable PositionKey admit(List<StockChange> changes) {
        Map<PositionKey, Position> tried = new HashMap<>();
        List<LedgerEntry> made = new ArrayList<>(changes.size());
        for (StockChange change : changes) {
            PositionKey key = change.position();
            Position before = tried.getOrDefault(key, balance(key));
            Position after = apply(before, change);
            if (after == null) {
                return key;
            }
            BrokenInvariant.unless(after.holds(), () -> change + " would leave " + after);
            tried.put(key, after);
            made.add(entry(change, before, after));
        }
        balances.putAll(tried);
        entries.addAll(made);
        return null;
    }

    /** What all admitted commands did, in order. */
    public List<LedgerEntry> entries() {
        return entries;
    }

    /** The balances as they stand now. */
    public Position balance(PositionKey key) {
        return balances.getOrDefault(key, Position.EMPTY);
    }

    private static LedgerEntry entry(StockChange change, Position before, Position after) {
        int onHandDelta = after.onHand() - before.onHand();
        int gone = switch (change.move()) {
            case ISSUE, LOSE, SELL -> change.quantity();
            case ADJUST -> Math.max(0, -change.quantity());
            case RESERVE, RELEASE, YIELD, WITHDRAW, DEPOSIT, RETURN, COUNT, CAP, SAFETY -> 0;
        };
        int found = gone == 0 ? 0 : gone + onHandDelta;
        return new LedgerEntry(
                change.position(), change.move(), onHandDelta, after.reserved() - before.reserved(), found, after);
    }

    /** The balances after one change, or null if it is not admitted. */
    static @Nullable Position apply(Position p, StockChange change) {
        int q = change.quantity();
        return switch (change.move()) {
            case RESERVE ->
                (long) p.reserved() + q <= (long) p.onHand() + p.backorderCap()
                        ? settled(p, p.onHand(), p.reserved() + q, p.backorderCap(), p.safetyStock())
                        : null;
            case YIELD ->
                q <= p.shortage() ? settled(p, p.onHand(), p.reserved() - q, p.backorderCap(), p.safetyStock()) : null;
            case WITHDRAW ->
                (long) p.reserved() + q <= p.onHand()
                        ? settled(p, p.onHand() - q, p.reserved(), p.backorderCap(), p.safetyStock())
                        : null;
            case RELEASE -> settled(p, p.onHand(), p.reserved() - q, p.backorderCap(), p.safetyStock());
            case ISSUE, LOSE ->
                settled(p, Math.max(0, p.onHand() - q), p.reserved() - q, p.backorderCap(), p.safetyStock());
            case SELL -> settled(p, Math.max(0, p.onHand() - q), p.reserved(), p.backorderCap(), p.safetyStock());
            case ADJUST, RETURN, DEPOSIT ->
                settled(p, bounded((long) p.onHand() + q), p.reserved(), p.backorderCap(), p.safetyStock());
            case COUNT -> settled(p, q, p.reserved(), p.backorderCap(), p.safetyStock());
            case CAP -> settled(p, p.onHand(), p.reserved(), q, p.safetyStock());
            case SAFETY -> settled(p, p.onHand(), p.reserved(), p.backorderCap(), q);
        };
    }

    private static Position settled(Position before, int onHand, int reserved, int cap, int safetyStock) {
        int shortage = bounded((long) reserved - onHand - cap);
        return new Position(onHand, reserved, shortage, cap, safetyStock, before.version() + 1);
    }

    private static int bounded(long units) {
        return (int) Math.max(0, Math.min(Position.MOST, units));
    }
}
