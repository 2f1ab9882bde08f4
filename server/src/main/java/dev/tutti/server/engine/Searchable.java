package dev.tutti.server.engine;

import dev.tutti.conveyor.StoreFailure;
import dev.tutti.postgres.SearchFollower;
import dev.tutti.server.backoff.Stop;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes orders findable, a moment after they were placed; of several servers one does it at a time.
 *
 * <p>It gives way: while commands wait, it takes a tenth of the time, for an order that is placed late is worse than one
 * that is found late. It catches up when the rush is over.
 */
final class Searchable implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Searchable.class);
    private static final int AT_ONCE = 1_000;
    private static final long PAUSE_MILLIS = 300;
    private static final int A_RUSH = 16;
    private static final int GIVES_WAY = 9;

    private final SearchFollower follower;
    private final IntSupplier waiting;
    private final Thread thread = Thread.ofPlatform().name("searchable").unstarted(this::run);
    private final Stop stop = new Stop();

    /** @param waiting how many commands wait on this server */
    Searchable(SearchFollower follower, IntSupplier waiting) {
        this.follower = follower;
        this.waiting = waiting;
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!stop.isAsked()) {
            long begun = System.nanoTime();
            int taken = 0;
            try {
                taken = follower.follow(AT_ONCE);
            } catch (StoreFailure e) {
                LOG.warn("orders cannot be made findable now: {}", e.getMessage());
            } catch (RuntimeException unforeseen) {
                LOG.error("ALARM: orders are not made findable", unforeseen);
            }
            long took = (System.nanoTime() - begun) / 1_000_000;
            if (waiting.getAsInt() > A_RUSH) {
                stop.isAskedWithin(Math.max(PAUSE_MILLIS, GIVES_WAY * took));
            } else if (taken < AT_ONCE) {
                stop.isAskedWithin(PAUSE_MILLIS);
            }
        }
    }

    @Override
    public void close() {
        stop.ask();
        Stop.join(thread);
    }
}
