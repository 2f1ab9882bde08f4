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

    /**
     * @param came of one item
     * @param served orders of the waves before it
     * @param orders that are asked
     */
    Wave(List<Came> came, Set<Long> served, int orders, Instant now) {
        this.came = List.copyOf(came);
        this.served.addAll(served);
        this.unanswered = new AtomicInteger(orders);
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

    /** Orders that have had all they can have of what came, if anything, and are not asked again before more comes. */
    Set<Long> served() {
        return served;
    }

    void serve(long order) {
        served.add(order);
    }

    /** True for the last of all. */
    boolean answered() {
        return unanswered.decrementAndGet() == 0;
    }
}
