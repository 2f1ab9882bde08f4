package dev.tutti.server.live;

import dev.tutti.conveyor.StoreFailure;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something read from the database now and then, on a thread of its own: whoever shows it waits a moment and then takes
 * what was read last. What takes long is read less often, so that looking costs the database little, however slow it is.
 */
final class Reading<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);
    private static final long SOONEST_NANOS = TimeUnit.MILLISECONDS.toNanos(800);

    /** So many at a time, of all boards together: calls read from the same connections. */
    private static final Semaphore CONNECTIONS = new Semaphore(3);

    private final Supplier<T> source;
    private final int timesLonger;
    private @Nullable T latest;
    private boolean underWay;
    private boolean failing;
    private long next = System.nanoTime();

    Reading(Supplier<T> source) {
        this(source, 9);
    }

    /** @param timesLonger how much longer than it took it rests before it is read again */
    Reading(Supplier<T> source, int timesLonger) {
        this.source = source;
        this.timesLonger = timesLonger;
    }

    /** Begins to read, if it is time. */
    synchronized void begin() {
        if (!underWay && System.nanoTime() - next >= 0) {
            underWay = true;
            // Inherits nothing: connections opened on the way keep threads, which must not hold on to the web server.
            Thread.ofVirtual()
                    .name("live")
                    .inheritInheritableThreadLocals(false)
                    .start(this::read);
        }
    }

    private void read() {
        CONNECTIONS.acquireUninterruptibly();
        long began = System.nanoTime();
        T found = null;
        try {
            found = source.get();
        } catch (StoreFailure e) {
            LOG.warn("the live page cannot read: {}", e.getMessage());
        } catch (RuntimeException unforeseen) {
            LOG.error("the live page cannot read", unforeseen);
        } finally {
            CONNECTIONS.release();
        }
        finish(found, System.nanoTime() - began);
    }

    private synchronized void finish(@Nullable T found, long took) {
        if (found != null) {
            latest = found;
        }
        failing = found == null;
        underWay = false;
        // Waiting for a database that is not there costs it nothing: asked again soon, it is seen when it is back.
        next = System.nanoTime() + Math.max(SOONEST_NANOS, failing ? 0 : timesLonger * took);
        notifyAll();
    }

    /** What was read last, or null if nothing was yet; waits for what is being read, until then. */
    synchronized @Nullable T latest(long untilNanos) {
        long left = untilNanos - System.nanoTime();
        while (underWay && left > 0) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            left = untilNanos - System.nanoTime();
        }
        return latest;
    }

    synchronized boolean failing() {
        return failing;
    }
}
