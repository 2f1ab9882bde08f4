package dev.tutti.server.engine;

import dev.tutti.conveyor.StoreFailure;
import dev.tutti.postgres.OrderSearch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes orders findable, a moment after they were placed; of several servers one does it at a time. */
final class Searchable implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Searchable.class);
    private static final int AT_ONCE = 1_000;
    private static final long PAUSE_MILLIS = 300;

    private final OrderSearch search;
    private final Thread thread = Thread.ofPlatform().name("searchable").unstarted(this::run);
    private volatile boolean closed;

    Searchable(OrderSearch search) {
        this.search = search;
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            int taken = 0;
            try {
                taken = search.follow(AT_ONCE);
            } catch (StoreFailure e) {
                LOG.warn("orders cannot be made findable now: {}", e.getMessage());
            } catch (RuntimeException unforeseen) {
                LOG.error("ALARM: orders are not made findable", unforeseen);
            }
            if (taken < AT_ONCE) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        Engine.join(thread);
    }
}
