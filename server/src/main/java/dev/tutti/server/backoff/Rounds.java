package dev.tutti.server.backoff;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The rounds of work that goes on until it is ended, with rests in between that its end cuts short. */
public final class Rounds {
    private final CountDownLatch end = new CountDownLatch(1);

    public boolean areOver() {
        return end.getCount() == 0;
    }

    /** Rests; true as soon as there are no more rounds. */
    public boolean areOverWithin(long millis) {
        try {
            return end.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    public void end() {
        end.countDown();
    }

    /** Waits for a thread's last round. */
    public static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
