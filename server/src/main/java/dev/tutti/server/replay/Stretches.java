package dev.tutti.server.replay;

import dev.tutti.postgres.ReplayStore;
import dev.tutti.postgres.ReplayStore.PreparedStretch;
import dev.tutti.postgres.ReplayStore.Stretch;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * Writes stretches one after the other while those that follow are decided and prepared, on a thread for each: the
 * database is what takes longest and should not have to wait.
 */
final class Stretches implements AutoCloseable {
    private static final int AHEAD = 3;

    private final ReplayStore store;
    private final Runnable written;
    private final ExecutorService preparing = Executors.newSingleThreadExecutor(named("replay-preparer"));
    private final ExecutorService writing = Executors.newSingleThreadExecutor(named("replay-writer"));
    private final ArrayDeque<CompletableFuture<?>> underWay = new ArrayDeque<>();
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    /** @param written is run by the writing thread after each */
    Stretches(ReplayStore store, Runnable written) {
        this.store = store;
        this.written = written;
    }

    private static ThreadFactory named(String name) {
        return Thread.ofPlatform().name(name).daemon().factory();
    }

    /** Waits while too many are on their way. */
    void add(Stretch stretch) {
        settle(AHEAD - 1);
        CompletableFuture<PreparedStretch> prepared =
                CompletableFuture.supplyAsync(() -> store.prepare(stretch), preparing);
        // Of what comes after one that could not be written nothing is: it builds on that.
        last = last.thenCombineAsync(prepared, (before, now) -> write(now), writing);
        underWay.add(last);
    }

    private PreparedStretch write(PreparedStretch stretch) {
        store.write(stretch);
        written.run();
        return stretch;
    }

    /** Waits until all that was added is in the database. */
    void settle() {
        settle(0);
    }

    private void settle(int atMost) {
        while (underWay.size() > atMost) {
            try {
                underWay.remove().join();
            } catch (CompletionException e) {
                throw new IllegalStateException(
                        "the database could not be written: "
                                + Objects.requireNonNullElse(e.getCause(), e).getMessage(),
                        e);
            }
        }
    }

    @Override
    public void close() {
        preparing.close();
        writing.close();
    }
}
