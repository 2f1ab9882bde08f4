package dev.tutti.server.engine;

import dev.tutti.postgres.StockReads.Offer;
import java.time.Duration;
import java.time.Instant;
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

    private final Offer offer;
    private final Instant over;
    private final AtomicInteger unanswered;
    private final Set<Long> served = ConcurrentHashMap.newKeySet();
    private volatile boolean isOfUse;
    private volatile boolean isLast;

    /** @param orders that are asked */
    Wave(Offer offer, int orders, Instant now) {
        this.offer = offer;
        this.served.addAll(offer.but());
        this.unanswered = new AtomicInteger(orders);
        this.over = now.plus(LONGEST);
    }

    Offer offer() {
        return offer;
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

    /**
     * How often what is left is offered to those behind: twice as often, if these had no use for it, for whoever has may be far
     * behind.
     */
    int timesThen() {
        return isOfUse || isLast ? 1 : 2 * offer.times();
    }

    /** Those behind are asked another day: not at once, and not in vain those who were asked. */
    void endsHere() {
        isLast = true;
    }

    /** True for the last of all. */
    boolean answered() {
        return unanswered.decrementAndGet() == 0;
    }
}
