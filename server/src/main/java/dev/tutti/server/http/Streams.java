package dev.tutti.server.http;

import dev.tutti.server.backoff.Stop;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers that go on until whoever listens has gone, or the server stops. There are only so many at once. */
public final class Streams implements AutoCloseable {
    private static final int MOST = 200;
    private static final int MOST_OF_ONE = 20;

    private final AtomicInteger open = new AtomicInteger();
    /** By the caller's key. */
    private final Map<Integer, Integer> callers = new ConcurrentHashMap<>();

    private final Stop stop = new Stop();

    /** Writes a stream from its beginning to its end. */
    @FunctionalInterface
    public interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /**
     * Writes one until it ends.
     *
     * @throws NotDone if too many are open
     */
    public void open(Call call, String contentType, Writer writer) throws IOException {
        int key = call.caller().key();
        int own = callers.merge(key, 1, Integer::sum);
        try {
            if (open.incrementAndGet() > MOST || own > MOST_OF_ONE) {
                throw new NotDone(Problem.of(
                        503, "overloaded", "too many are looking already, you " + own + " times; try again soon"));
            }
            try (OutputStream out = call.replyStream(contentType)) {
                writer.write(out);
            }
        } catch (IOException e) {
            // Whoever listened has gone, which is how a stream ends.
        } finally {
            open.decrementAndGet();
            callers.computeIfPresent(key, (k, n) -> n == 1 ? null : n - 1);
        }
    }

    /** Waits; true as soon as the server stops. */
    public boolean areOverWithin(long millis) {
        return stop.isAskedWithin(millis);
    }

    /** Ends all of them, which would otherwise hold up the web server's stop. */
    @Override
    public void close() {
        stop.ask();
    }
}
