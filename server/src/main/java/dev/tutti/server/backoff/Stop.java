package dev.tutti.server.backoff;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How work that goes on is asked to stop, in its rests too. */
public final class Stop {
    private final CountDownLatch asked = new CountDownLatch(1);

    public void ask() {
        asked.countDown();
    }

    public boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Rests; true as soon as it is time to stop. */
    public boolean isAskedWithin(long millis) {
        try {
            return asked.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Waits until a thread has stopped. */
    public static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
