package dev.tutti.server.demo;

import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All the people of the demo, each on a virtual thread, and how they stop: nobody is interrupted in what they do, so every
 * request that was sent gets its answer; whoever pauses goes home at once.
 */
final class Run implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Thrown where somebody wants to go on and the run is over. */
    static final class Over extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Over() {
            super("the run is over", null, false, false);
        }
    }

    private final double pace;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Set<Thread> people = ConcurrentHashMap.newKeySet();

    Run(double pace) {
        this.pace = pace;
    }

    boolean goesOn() {
        return end.getCount() > 0;
    }

    void start(Runnable life) {
        Thread person = Thread.ofVirtual().unstarted(() -> {
            try {
                life.run();
            } catch (Over e) {
                // and so home
            } catch (RuntimeException e) {
                LOG.error("somebody in the demo is lost", e);
            } finally {
                people.remove(Thread.currentThread());
            }
        });
        people.add(person);
        person.start();
    }

    /** Waits in real time. */
    void sleep(long millis) {
        try {
            if (end.await(millis, TimeUnit.MILLISECONDS)) {
                throw new Over();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Over();
        }
    }

    /** Takes the time people take: never less than the least, on average as much more as said, now and then far more. */
    void take(SplittableRandom random, double leastSeconds, double moreSeconds) {
        sleep((long) (1000 * (leastSeconds + exponential(random, moreSeconds)) / pace));
    }

    /** How long until the next of things that happen by chance, so long apart on average. */
    static double exponential(SplittableRandom random, double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    @Override
    public void close() {
        end.countDown();
        long until = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (Thread person : people) {
                if (!person.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())))) {
                    LOG.warn("not everybody in the demo has finished in time");
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
