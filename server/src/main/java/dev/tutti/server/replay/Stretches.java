package dev.tutti.server.replay;

import dev.tutti.postgres.ReplayStore;
import dev.tutti.postgres.ReplayStore.Stretch;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Writes stretches one after the other on a thread of its own, while the next is decided. */
final class Stretches implements AutoCloseable {
    private static final int AHEAD = 2;

    private final ReplayStore store;
    private final Runnable written;
    private final BlockingQueue<Stretch> waiting = new ArrayBlockingQueue<>(AHEAD);
    private final Thread thread = Thread.ofPlatform().name("replay-writer").unstarted(this::run);
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;
    private final AtomicLong added = new AtomicLong();
    private final AtomicLong done = new AtomicLong();

    /** @param written is run by the writing thread after each */
    Stretches(ReplayStore store, Runnable written) {
        this.store = store;
        this.written = written;
        thread.start();
    }

    void add(Stretch stretch) {
        try {
            added.incrementAndGet();
            while (!waiting.offer(stretch, 100, TimeUnit.MILLISECONDS)) {
                throwFailure();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Waits until all that was added is in the database. */
    void settle() {
        while (done.get() < added.get()) {
            throwFailure();
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        throwFailure();
    }

    private void throwFailure() {
        Throwable cause = failure;
        if (cause != null) {
            throw new IllegalStateException("the database could not be written: " + cause.getMessage(), cause);
        }
    }

    private void run() {
        try {
            while (!closed || !waiting.isEmpty()) {
                Stretch stretch = waiting.poll(20, TimeUnit.MILLISECONDS);
                if (stretch != null) {
                    store.write(stretch);
                    written.run();
                    done.incrementAndGet();
                }
            }
        } catch (RuntimeException | Error | InterruptedException e) {
            // The edge of this thread: whoever waits for it is told, and fails.
            failure = e;
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
