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
    private final Map<PositionKey, Books> books = new HashMap<>();
    private final Map<PositionKey, Position> locked;
    private final List<LedgerEntry> entries = new ArrayList<>();

    private final long now;
    private final Map<PositionKey, Timeline> timelines;

    /** What a position's books say after a change, and by how many units more that found to have left than they knew of. */
    private record Books(Position position, @Nullable Timeline known, int found) {
        Timeline timeline() {
            return known == null ? Timeline.of(position.onHand(), 0, List.of()) : known;
        }
    }

    /** For changes that do not say when they happened. */
    public Guard(Map<PositionKey, Position> locked) {
        this(locked, 0, Map.of());
    }

    /**
     * @param locked the locked rows; a position that is not there yet counts as empty
     * @param now when everything happens that does not say so itself, in microseconds since 1970
     * @param timelines of positions of which something is told late, as {@link #isLate} finds it, since that moment
     */
    public Guard(Map<PositionKey, Position> locked, long now, Map<PositionKey, Timeline> timelines) {
        this.locked = locked;
        this.now = now;
        this.timelines = timelines;
    }

    /**
     * Whether a change is of a moment at or after which units came or went, as far as the locked rows say, so that it must
     * be known when.
     */
    public static boolean isLate(StockChange change, Map<PositionKey, Position> locked) {
        Position known = locked.getOrDefault(change.position(), Position.EMPTY);
        return change.isTimed()
                && (change.move() == StockMove.COUNT
                        ? change.at() < known.movedAt() && change.at() >= known.countedAt()
                        : change.at() <= known.movedAt() && !isSeenByCount(known, change));
    }

    /**
     * Admits all changes of one command, or none.
     *
     * @return null if admitted, else the position that stood in the way
     */
    public @Nullable PositionKey admit(List<StockChange> changes) {
        Map<PositionKey, Books> tried = new HashMap<>();
        List<LedgerEntry> made = new ArrayList<>(changes.size());
        for (StockChange change : changes) {
            PositionKey key = change.position();
            Books before = tried.getOrDefault(key, books(key));
            Books after = apply(before, change);
            if (after == null) {
                return key;
            }
            BrokenInvariant.unless(after.position().holds(), () -> change + " would leave " + after.position());
            tried.put(key, after);
            made.add(entry(change, before.position(), after));
        }
        books.putAll(tried);
        entries.addAll(made);
        return null;
    }

    /** What all admitted commands did, in order. */
    public List<LedgerEntry> entries() {
        return entries;
    }

    /** The balances as they stand now. */
    public Position balance(PositionKey key) {
        return books(key).position();
    }

    private Books books(PositionKey key) {
        Books known = books.get(key);
        if (known != null) {
            return known;
        }
        return new Books(locked.getOrDefault(key, Position.unseen(key)), timelines.get(key), 0);
    }

    private LedgerEntry entry(StockChange change, Position before, Books books) {
        Position after = books.position();
        return new LedgerEntry(
                change.position(),
                change.move(),
                after.onHand() - before.onHand(),
                after.reserved() - before.reserved(),
                books.found(),
                when(before, change),
                after);
    }

    /** What does not say when it was comes after all that is known, even if clocks differ. */
    private long when(Position before, StockChange change) {
        if (change.isTimed()) {
            return change.at();
        }
        long last = Math.max(before.movedAt(), before.countedAt());
        return switch (change.move()) {
            case ISSUE, LOSE, CONVERT, SELL, ADJUST, RETURN -> Math.max(now, last + 1);
            case COUNT -> Math.max(now, last);
            case RESERVE, RELEASE, YIELD, WITHDRAW, DEPOSIT, CAP, SAFETY -> now;
        };
    }

    /** Whether a count that was booked before speaks of the moment of this change, or of a later one. */
    private static boolean isSeenByCount(Position position, StockChange change) {
        return change.isTimed() && change.at() <= position.countedAt();
    }

    /** The books after one change, or null if it is not admitted. */
    private @Nullable Books apply(Books books, StockChange change) {
        Position p = books.position();
        int q = change.quantity();
        return switch (change.move()) {
            case RESERVE ->
                (long) p.reserved() + q <= (long) p.onHand() + p.backorderCap()
                        ? claimed(books, p.onHand(), p.reserved() + q)
                        : null;
            case YIELD -> q <= p.shortage() ? claimed(books, p.onHand(), p.reserved() - q) : null;
            case WITHDRAW ->
                (long) p.reserved() + q <= p.onHand() ? claimed(books, p.onHand() - q, p.reserved()) : null;
            case RELEASE -> claimed(books, p.onHand(), p.reserved() - q);
            case CONVERT -> {
                // What was counted since may be another unit: whether this one was there, nobody knows.
                Books after = isSeenByCount(p, change) ? null : moved(books, change, -q, p.reserved());
                yield after == null || after.found() > 0 ? null : after;
            }
            case ISSUE, LOSE -> moved(books, change, -q, p.reserved() - q);
            case SELL -> moved(books, change, -q, p.reserved());
            case ADJUST, RETURN -> isLost(books, change) ? null : moved(books, change, q, p.reserved());
            case DEPOSIT -> claimed(books, bounded((long) p.onHand() + q), p.reserved());
            case COUNT -> counted(books, change);
            case CAP -> with(books, settled(p, p.onHand(), p.reserved(), q, p.safetyStock()));
            case SAFETY -> with(books, settled(p, p.onHand(), p.reserved(), p.backorderCap(), q));
        };
    }

    /** What is only expected is added and taken back exactly, or not at all: nobody counts it who could put it right. */
    private static boolean isLost(Books books, StockChange change) {
        long units = (long) books.position().onHand() + change.quantity();
        return change.position().isExpected() && (units < 0 || units > Position.MOST);
    }

    /** Nothing came or went: a claim, or what a ring-fence keeps. */
    private static Books claimed(Books books, int onHand, int reserved) {
        Position p = books.position();
        return with(books, settled(p, onHand, reserved, p.backorderCap(), p.safetyStock()));
    }

    private static Books with(Books books, Position after) {
        return new Books(after, books.known(), 0);
    }

    /** Units came or went; what a later count has seen already is on the books. */
    private Books moved(Books books, StockChange change, int units, int reserved) {
        Position p = books.position();
        if (isSeenByCount(p, change)) {
            return claimed(books, p.onHand(), reserved);
        }
        long at = when(p, change);
        Timeline timeline = books.timeline().and(at, units);
        Position after = settled(p, timeline.onHand(), reserved, p.backorderCap(), p.safetyStock())
                .countedOrMoved(p.countedAt(), Math.max(p.movedAt(), at));
        return new Books(after, timeline, after.onHand() - p.onHand() - units);
    }

    /** Somebody counted, now or then: what came and went since then is added. A later count is not undone. */
    private Books counted(Books books, StockChange change) {
        Position p = books.position();
        long at = when(p, change);
        if (at < p.countedAt()) {
            return claimed(books, p.onHand(), p.reserved());
        }
        Timeline timeline = books.timeline().counted(at, change.quantity());
        Position after = settled(p, timeline.onHand(), p.reserved(), p.backorderCap(), p.safetyStock())
                .countedOrMoved(at, p.movedAt());
        return new Books(after, timeline, timeline.foundByCount());
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
