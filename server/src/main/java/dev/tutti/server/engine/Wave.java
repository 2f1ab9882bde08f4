package dev.tutti.server.engine;

import dev.tutti.postgres.StockReads.Came;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Orders that are asked at the same time whether they can have what came of an item. The next are asked when all have answered,
 * for only then it is seen what is left.
 */
final class Wave {
    /** None that is carried takes so long. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final List<Came> came;
    private final Instant over;
    private final AtomicInteger unanswered;
    private final Set<Long> served = ConcurrentHashMap.newKeySet();
    private final int barrenBefore;
    private volatile boolean isOfUse;

    /**
     * @param came of one item
     * @param served orders of the waves before it
     * @param orders that are asked
     * @param barren how many waves before it, one after the other, were of no use to anybody
     */
    Wave(List<Came> came, Set<Long> served, int orders, int barren, Instant now) {
        this.came = List.copyOf(came);
        this.served.addAll(served);
        this.unanswered = new AtomicInteger(orders);
        this.barrenBefore = barren;
        this.over = now.plus(LONGEST);
    }

    int item() {
        return came.getFirst().item();
    }

    List<Came> came() {
        return came;
    }

    boolean isUnderWay(Instant now) {
        return unanswered.get() > 0 && now.isBefore(over);
    }

    /** Orders that still wait, though they were asked, and are not asked again before more comes. */
    Set<Long> served() {
        return served;
    }

    void serve(long order) {
        served.add(order);
    }

    /** Somebody waits no longer. */
    void hasAll() {
        isOfUse = true;
    }

    /** How many waves up to this one were of no use to anybody, one after the other. */
    int barren() {
        return isOfUse ? 0 : barrenBefore + 1;
    }

    /** True for the last of all. */
    boolean answered() {
        return unanswered.decrementAndGet() == 0;
    }
}
