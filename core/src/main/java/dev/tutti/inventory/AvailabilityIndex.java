package dev.tutti.inventory;

import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A picture of all positions in memory, in primitive arrays: what availability answers from and what planning reads.
 *
 * <p>It may be stale and it may learn things twice or in the wrong order: every picture of a position carries the
 * position's version, and the newer one wins. Each item has one array of positions sorted by place, {@value #STRIDE}
 * ints each ({@code 4 × STRIDE} = 28 bytes a position, and up to an eighth of room to grow). Items are spread over
 * {@value #STRIPES} stripes, each under its own lock, held for one item's read or one position's write. Days (see {@link PositionKey#isDay()}) have stripes of their
 * own.
 */
public final class AvailabilityIndex implements Stock {
    private static final int PLACE = 0;
    private static final int ON_HAND = 1;
    private static final int RESERVED = 2;
    private static final int SHORTAGE = 3;
    private static final int CAP = 4;
    private static final int SAFETY = 5;
    private static final int VERSION = 6;
    private static final int STRIDE = 7;
    private static final int STRIPES = 256;
    /** In place of a place: after all others. */
    private static final int UNUSED = Integer.MAX_VALUE;

    /** The positions of the items whose number is the stripe's modulo STRIPES. */
    private static final class Stripe {
        int[] @Nullable [] items = new int[4][];
        long positions;
    }

    private final Stripe[] stripes = new Stripe[STRIPES];
    private final Stripe[] days = new Stripe[STRIPES];

    private final IntConsumer onNews;

    public AvailabilityIndex() {
        this(item -> {});
    }

    /** @param onNews is told of each item of which something was learnt, by whoever brings it; must be quick */
    public AvailabilityIndex(IntConsumer onNews) {
        this.onNews = onNews;
        Arrays.setAll(stripes, i -> new Stripe());
        Arrays.setAll(days, i -> new Stripe());
    }

    @Override
    public void read(int item, Fences fences, Candidates into) {
        into.clear();
        Stripe stripe = stripeOf(item);
        synchronized (stripe) {
            int[] rows = rowsOf(stripe, item);
            if (rows == null) {
                return;
            }
            for (int at = 0; at < rows.length; at += STRIDE) {
                int available = Position.availableOf(
                        rows[at + ON_HAND], rows[at + RESERVED], rows[at + CAP], rows[at + SAFETY]);
                int place = rows[at + PLACE];
                if (place > Node.MOST && (fences.isNone() || place >>> 16 >= Place.Pool.FIRST_DAY)) {
                    return;
                }
                if (available > 0 && place > 0) {
                    if (place <= Node.MOST) {
                        if (available > fences.threshold()) {
                            into.add(place, available - fences.threshold());
                        }
                    } else if (fences.has(place >>> 16)) {
                        into.addMore(place & 0xFFFF, available);
                    }
                }
            }
        }
    }

    @Override
    public Position balance(PositionKey key) {
        Position known = position(key);
        return known == null ? Position.unseen(key) : known;
    }

    @Override
    public int kept(int item, int pool) {
        long units = 0;
        Stripe stripe = stripeOf(item);
        synchronized (stripe) {
            int[] rows = rowsOf(stripe, item);
            int from = rows == null ? 0 : find(rows, new Place(pool, 0).number());
            for (int at = from < 0 ? ~from : from;
                    rows != null && at < rows.length && rows[at + PLACE] >>> 16 == pool;
                    at += STRIDE) {
                units += rows[at + ON_HAND];
            }
        }
        return (int) Math.min(Position.MOST, units);
    }

    @Override
    public List<Due> due(int item) {
        List<Due> due = new ArrayList<>();
        Stripe stripe = stripeOf(item);
        synchronized (stripe) {
            int[] rows = rowsOf(stripe, item);
            int from = rows == null ? 0 : find(rows, new Place(Place.Pool.FIRST_DAY, 0).number());
            for (int at = from < 0 ? ~from : from; rows != null && at < rows.length; at += STRIDE) {
                if (rows[at + ON_HAND] > 0) {
                    Place place = Place.of(rows[at + PLACE]);
                    due.add(new Due(place.due(), new NodeId(place.node()), rows[at + ON_HAND]));
                }
            }
        }
        return due;
    }

    /** Whether anything is there of an item, claimed, waited for or expected, at any place. */
    public boolean isStocked(int item) {
        Stripe stripe = stripeOf(item);
        synchronized (stripe) {
            int[] rows = rowsOf(stripe, item);
            for (int at = 0; rows != null && at < rows.length; at += STRIDE) {
                if (rows[at + ON_HAND] > 0 || rows[at + RESERVED] > 0) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The last picture of a position, or null if it was never seen. */
    public @Nullable Position position(PositionKey key) {
        Stripe stripe = stripeOf(key.item());
        synchronized (stripe) {
            int[] rows = rowsOf(stripe, key.item());
            int at = rows == null ? -1 : find(rows, key.place());
            return rows == null || at < 0
                    ? null
                    : new Position(
                            rows[at + ON_HAND],
                            rows[at + RESERVED],
                            rows[at + SHORTAGE],
                            rows[at + CAP],
                            rows[at + SAFETY],
                            rows[at + VERSION]);
        }
    }

    /**
     * Takes in a picture of a position, unless a newer one is known.
     *
     * @return whether it was news
     */
    public boolean learn(PositionKey key, Position position) {
        boolean news = learnt(key, position);
        if (news && key.isStock()) {
            onNews.accept(key.item());
        }
        return news;
    }

    /**
     * Takes in what happened, in order. All that happened to an item is seen whole or not at all: units that go from one
     * place to another are not missing meanwhile.
     */
    public void learn(List<LedgerEntry> happened) {
        List<LedgerEntry> byItem = happened.stream()
                .sorted(Comparator.comparingInt(entry -> entry.position().item()))
                .toList();
        for (int from = 0, to = 0; from < byItem.size(); from = to) {
            int item = byItem.get(from).position().item();
            boolean news = false;
            synchronized (stripeOf(item)) {
                for (; to < byItem.size() && byItem.get(to).position().item() == item; to++) {
                    news |= learnt(byItem.get(to).position(), byItem.get(to).after());
                }
            }
            if (news && byItem.get(from).position().isStock()) {
                onNews.accept(item);
            }
        }
    }

    private boolean learnt(PositionKey key, Position position) {
        Stripe stripe = stripeOf(key.item());
        synchronized (stripe) {
            int slot = Math.abs(key.item()) / STRIPES;
            if (slot >= stripe.items.length) {
                stripe.items = Arrays.copyOf(stripe.items, Math.max(slot + 1, stripe.items.length * 2));
            }
            int[] rows = stripe.items[slot];
            int at = rows == null ? ~0 : find(rows, key.place());
            if (rows != null && at >= 0) {
                if (position.version() <= rows[at + VERSION]) {
                    return false;
                }
            } else {
                at = ~at;
                rows = withRoomAt(rows, at);
                stripe.items[slot] = rows;
                stripe.positions++;
            }
            rows[at + PLACE] = key.place();
            rows[at + ON_HAND] = position.onHand();
            rows[at + RESERVED] = position.reserved();
            rows[at + SHORTAGE] = position.shortage();
            rows[at + CAP] = position.backorderCap();
            rows[at + SAFETY] = position.safetyStock();
            rows[at + VERSION] = position.version();
            return true;
        }
    }

    /** How many positions are known, days included. */
    public long size() {
        long size = 0;
        for (int i = 0; i < STRIPES; i++) {
            size += sizeOf(stripes[i]) + sizeOf(days[i]);
        }
        return size;
    }

    private static long sizeOf(Stripe stripe) {
        synchronized (stripe) {
            return stripe.positions;
        }
    }

    private Stripe stripeOf(int item) {
        return item >= 0 ? stripes[item % STRIPES] : days[-item % STRIPES];
    }

    private static int @Nullable [] rowsOf(Stripe stripe, int item) {
        int slot = Math.abs(item) / STRIPES;
        return slot < stripe.items.length ? stripe.items[slot] : null;
    }

    /** Where the place's row starts, or the complement of where it would. */
    private static int find(int[] rows, int place) {
        int low = 0;
        // Places grow by one at least from row to row: an item that is everywhere is found at once.
        int high = Math.min(rows.length / STRIDE - 1, Math.max(-1, place - rows[PLACE]));
        int middle = high;
        while (low <= high) {
            int there = rows[middle * STRIDE + PLACE];
            if (there < place) {
                low = middle + 1;
            } else if (there > place) {
                high = middle - 1;
            } else {
                return middle * STRIDE;
            }
            middle = (low + high) >>> 1;
        }
        return ~(low * STRIDE);
    }

    /** Grows by an eighth, so that an item at many nodes is not copied for each of them. */
    private static int[] withRoomAt(int @Nullable [] rows, int at) {
        if (rows == null) {
            return new int[STRIDE];
        }
        int used = rows.length;
        while (used > at && rows[used - STRIDE + PLACE] == UNUSED) {
            used -= STRIDE;
        }
        int[] into = rows;
        if (used == rows.length) {
            int more = Math.max(1, rows.length / STRIDE / 8);
            into = Arrays.copyOf(rows, rows.length + more * STRIDE);
            for (int row = used; row < into.length; row += STRIDE) {
                into[row + PLACE] = UNUSED;
            }
        }
        System.arraycopy(into, at, into, at + STRIDE, used - at);
        return into;
    }
}
