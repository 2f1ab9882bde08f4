package dev.tutti.server.replay;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What will happen, and when; at one time in a fixed order, so that nothing depends on how it came to be known. */
final class Agenda {
    /** In the order in which they happen at one time. */
    enum What {
        DELIVERY,
        TIMER,
        WORK,
        REVIEW
    }

    /**
     * Something that will happen.
     *
     * @param subject an order, or the node of a delivery; 0 if neither
     * @param number of a fulfilment order; 0 if it is about none
     */
    record Due(Instant at, What what, long subject, int number) implements Comparable<Due> {
        private static final Comparator<Due> ORDER = Comparator.comparing(Due::at)
                .thenComparing(Due::what)
                .thenComparingLong(Due::subject)
                .thenComparingInt(Due::number);

        @Override
        public int compareTo(Due other) {
            return ORDER.compare(this, other);
        }
    }

    private final TreeSet<Due> all = new TreeSet<>();
    private final Map<Long, Due> timers = new HashMap<>();
    private int works;

    /** What is known already is not known twice. */
    void add(Due due) {
        if (all.add(due) && due.what() == What.WORK) {
            works++;
        }
    }

    /** An order's one timer: null if it has none any more. */
    void timer(long order, @Nullable Instant at) {
        Due known = timers.remove(order);
        if (known != null) {
            all.remove(known);
        }
        if (at != null) {
            Due timer = new Due(at, What.TIMER, order, 0);
            timers.put(order, timer);
            all.add(timer);
        }
    }

    /** Takes what is due first, if that is not after a time; null if nothing is. */
    @Nullable
    Due next(Instant until) {
        if (all.isEmpty() || all.getFirst().at().isAfter(until)) {
            return null;
        }
        Due next = all.removeFirst();
        if (next.what() == What.WORK) {
            works--;
        } else if (next.what() == What.TIMER) {
            timers.remove(next.subject());
        }
        return next;
    }

    /** Whether any node still has something to do. */
    boolean hasWork() {
        return works > 0;
    }
}
