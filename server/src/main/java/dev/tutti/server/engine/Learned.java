package dev.tutti.server.engine;

import dev.tutti.conveyor.StoreFailure;
import dev.tutti.postgres.ArrivalReads;
import dev.tutti.promise.Reliability;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been learned of carriers and nodes from what arrived in the last days; read anew once a minute, or less often, while somebody asks. */
public final class Learned {
    /** Far enough back to have seen something, and not so far that what is better now does not count. */
    public static final int DAYS = 90;

    private static final Logger LOG = LoggerFactory.getLogger(Learned.class);
    private static final int TIMES_LONGER = 50;
    private static final long READ_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ArrivalReads arrivals;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile Reliability newest = Reliability.UNKNOWN;
    private volatile long next = System.nanoTime();

    Learned(ArrivalReads arrivals) {
        this.arrivals = arrivals;
    }

    /** As it was read last; nobody waits for it to be read again. */
    public Reliability reliability() {
        if (System.nanoTime() - next >= 0 && underWay.compareAndSet(false, true)) {
            // Inherits nothing: connections opened on the way keep threads, which must not hold on to the web server.
            Thread.ofVirtual()
                    .name("learned")
                    .inheritInheritableThreadLocals(false)
                    .start(this::read);
        }
        return newest;
    }

    /** What takes long is read less often. */
    private void read() {
        long began = System.nanoTime();
        try {
            LocalDate today = LocalDate.ofInstant(Engine.now(), ZoneOffset.UTC);
            newest = new Reliability(arrivals.between(today.minusDays(DAYS), today.plusDays(1)));
        } catch (StoreFailure e) {
            LOG.warn("what arrived cannot be read: {}", e.getMessage());
        } catch (RuntimeException unforeseen) {
            LOG.error("ALARM: nothing is learned from what arrived", unforeseen);
        } finally {
            long now = System.nanoTime();
            next = now + Math.max(READ_EVERY_NANOS, TIMES_LONGER * (now - began));
            underWay.set(false);
        }
    }
}
