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

    private final long now;
    private final Map<StockChange, Movements> movedSince;

    /** For changes that do not say when they happened. */
    public Guard(Map<PositionKey, Position> locked) {
        this(locked, 0, Map.of());
    }

    /**
     * @param locked the locked rows; a position that is not there yet counts as empty
     * @param now when everything happens that does not say so itself, in microseconds since 1970
     * @param movedSince for what is of an earlier moment, as {@link #needsMovements} finds it: what the ledger knows since
     *     then
     */
    public Guard(Map<PositionKey, Position> locked, long now, Map<StockChange, Movements> movedSince) {
        balances.putAll(locked);
        this.now = now;
        this.movedSince = movedSince;
    }

    /**
     * Whether a change is of a moment after which units came or went, as far as the locked rows say, and must know of them:
     * a count, or units that came.
     */
    public static boolean needsMovements(StockChange change, Map<PositionKey, Position> locked) {
        Position known = locked.getOrDefault(change.position(), Position.EMPTY);
        boolean isCount = change.move() == StockMove.COUNT;
        return change.isTimed()
                && known.movedAt() > change.at()
                && (isCount || (comes(change) && !isSeenByCount(known, change)));
    }

    private static boolean comes(StockChange change) {
        return change.move() == StockMove.RETURN || (change.move() == StockMove.ADJUST && change.quantity() > 0);
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
            Position after = apply(before, change, made);
            if (after == null) {
                return key;
            }
            BrokenInvariant.unless(after.holds(), () -> change + " would leave " + after);
            tried.put(key, after);
            made.add(entry(change, before, after, made));
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
        return balances.getOrDefault(key, Position.unseen(key));
    }

    private LedgerEntry entry(StockChange change, Position before, Position after, List<LedgerEntry> made) {
        int onHandDelta = after.onHand() - before.onHand();
        int gone = switch (change.move()) {
            case ISSUE, LOSE -> change.quantity();
            case SELL -> isSeenByCount(before, change) ? 0 : change.quantity();
            case ADJUST -> isSeenByCount(before, change) ? 0 : Math.max(0, -change.quantity());
            case RESERVE, RELEASE, YIELD, WITHDRAW, DEPOSIT, RETURN, COUNT, CAP, SAFETY -> 0;
        };
        int found = gone == 0 ? -gone(before, change, made) : gone + onHandDelta;
        return new LedgerEntry(
                change.position(),
                change.move(),
                onHandDelta,
                after.reserved() - before.reserved(),
                found,
                when(change),
                after);
    }

    private long when(StockChange change) {
        return change.isTimed() ? change.at() : now;
    }

    /** Whether a count that was booked before speaks of the moment of this change, or of a later one. */
    private static boolean isSeenByCount(Position position, StockChange change) {
        return change.isTimed() && change.at() <= position.countedAt();
    }

    /** The balances after one change, or null if it is not admitted. */
    private @Nullable Position apply(Position p, StockChange change, List<LedgerEntry> made) {
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
            case ISSUE, LOSE -> moved(p, change, -q, p.reserved() - q);
            case SELL -> moved(p, change, -q, p.reserved());
            case ADJUST, RETURN -> moved(p, change, q - gone(p, change, made), p.reserved());
            case DEPOSIT -> settled(p, bounded((long) p.onHand() + q), p.reserved(), p.backorderCap(), p.safetyStock());
            case COUNT -> counted(p, change, made);
            case CAP -> settled(p, p.onHand(), p.reserved(), q, p.safetyStock());
            case SAFETY -> settled(p, p.onHand(), p.reserved(), p.backorderCap(), q);
        };
    }

    /** Units came or went; what a later count has seen already is on the books. */
    private Position moved(Position p, StockChange change, int units, int reserved) {
        boolean isKnown = isSeenByCount(p, change);
        Position after = settled(
                p,
                isKnown ? p.onHand() : bounded((long) p.onHand() + units),
                reserved,
                p.backorderCap(),
                p.safetyStock());
        return after.countedOrMoved(p.countedAt(), isKnown ? p.movedAt() : Math.max(p.movedAt(), when(change)));
    }

    /** Somebody counted, now or then: what came and went since then is added. A later count is not undone. */
    private Position counted(Position p, StockChange change, List<LedgerEntry> made) {
        if (change.isTimed() && change.at() < p.countedAt()) {
            return settled(p, p.onHand(), p.reserved(), p.backorderCap(), p.safetyStock());
        }
        long units = change.quantity();
        if (change.isTimed()) {
            units += since(p, change, made).units();
        }
        return settled(p, bounded(units), p.reserved(), p.backorderCap(), p.safetyStock())
                .countedOrMoved(when(change), p.movedAt());
    }

    /**
     * Of units that came and are told of late, those that have left again as units that the books did not have: they were
     * these.
     */
    private int gone(Position p, StockChange change, List<LedgerEntry> made) {
        if (!comes(change) || !change.isTimed() || isSeenByCount(p, change)) {
            return 0;
        }
        Movements since = since(p, change, made);
        return Math.clamp(Math.min(since.found(), since.foundInAll()), 0, change.quantity());
    }

    /** What has happened to a change's position since its moment: by the ledger, and here. */
    private Movements since(Position p, StockChange change, List<LedgerEntry> made) {
        return here(p, change, made, here(p, change, entries, movedSince.getOrDefault(change, Movements.NONE)));
    }

    private static Movements here(Position p, StockChange change, List<LedgerEntry> entries, Movements before) {
        Movements all = before;
        for (LedgerEntry entry : entries) {
            if (entry.position().equals(change.position())) {
                all = all.and(entry, change.at(), p.countedAt());
            }
        }
        return all;
    }

    private static Position settled(Position before, int onHand, int reserved, int cap, int safetyStock) {
        int shortage = bounded((long) reserved - onHand - cap);
        return new Position(
                onHand,
                reserved,
                shortage,
                cap,
                safetyStock,
                before.version() + 1,
                before.countedAt(),
                before.movedAt());
    }

    private static int bounded(long units) {
        return (int) Math.max(0, Math.min(Position.MOST, units));
    }
}
