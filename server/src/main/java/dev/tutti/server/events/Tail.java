package dev.tutti.server.events;

import dev.tutti.postgres.Reads;
import dev.tutti.postgres.Reads.FeedCursor;
import dev.tutti.postgres.Reads.FeedEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The newest part of the journal, read and written as events once for all who are told of it. Whoever is far behind reads
 * for themselves.
 */
public final class Tail {
    private static final int MOST = 5_000;
    private static final long MOST_BYTES = 32 << 20;

    private final Reads reads;
    private final Function<FeedEntry, List<CloudEvent>> events;
    /** Contiguous: between the cursor before the first and the last there is nothing else. */
    private final List<Told> told = new ArrayList<>();

    private long bytes;

    private FeedCursor before = FeedCursor.START;

    /** A command, and the events it led to. */
    public record Told(FeedCursor cursor, List<CloudEvent> events) {
        int bytes() {
            return events.stream().mapToInt(event -> event.body().length).sum();
        }
    }

    /** @param events that a command led to */
    public Tail(Reads reads, Function<FeedEntry, List<CloudEvent>> events) {
        this.reads = reads;
        this.events = events;
    }

    /** What comes after a place, as far as the limit. */
    public List<Told> after(FeedCursor cursor, int limit) {
        synchronized (this) {
            if (cursor.compareTo(last()) > 0) {
                told.clear();
                bytes = 0;
                before = cursor;
            }
            if (cursor.compareTo(before) >= 0) {
                int from = placeAfter(cursor);
                if (from == told.size()) {
                    List<Told> news = read(last(), limit);
                    told.addAll(news);
                    bytes += news.stream().mapToLong(Told::bytes).sum();
                    forgetOldest();
                    return news;
                }
                return List.copyOf(told.subList(from, Math.min(told.size(), from + limit)));
            }
        }
        return read(cursor, limit);
    }

    private FeedCursor last() {
        return told.isEmpty() ? before : told.getLast().cursor();
    }

    private int placeAfter(FeedCursor cursor) {
        int low = 0;
        int high = told.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (told.get(middle).cursor().compareTo(cursor) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void forgetOldest() {
        if (told.size() <= MOST && bytes <= MOST_BYTES) {
            return;
        }
        int count = 0;
        while (told.size() - count > MOST / 2 || bytes > MOST_BYTES / 2) {
            bytes -= told.get(count++).bytes();
        }
        List<Told> old = told.subList(0, count);
        before = old.getLast().cursor();
        old.clear();
    }

    private List<Told> read(FeedCursor cursor, int limit) {
        return reads.feed(cursor, limit).stream()
                .map(entry -> new Told(entry.cursor(), events.apply(entry)))
                .toList();
    }
}
