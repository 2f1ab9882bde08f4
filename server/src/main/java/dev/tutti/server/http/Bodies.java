package dev.tutti.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bodies that are in memory at once. All of them together have a share of it, and one caller's a share of that: so who
 * sends many large ones slowly keeps nobody else from being heard.
 */
final class Bodies {
    static final Bodies OF_THIS_PROCESS = new Bodies(Runtime.getRuntime().maxMemory() / 8);
    /** A body that takes longer is not meant to arrive. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int AT_ONCE = 16 << 10;

    private final long most;
    private final AtomicLong held = new AtomicLong();
    /** By the caller's key. */
    private final Map<Integer, Long> heldOf = new ConcurrentHashMap<>();

    Bodies(long most) {
        this.most = most;
    }

    /** @throws NotDone if there is no room for it */
    void hold(int key, long bytes) {
        long own = heldOf.merge(key, bytes, Long::sum);
        if (held.addAndGet(bytes) > most || own > most / 4) {
            letGo(key, bytes);
            throw new NotDone(Problem.of(503, "unavailable", "too many large bodies at once; try again soon"));
        }
    }

    void letGo(int key, long bytes) {
        held.addAndGet(-bytes);
        heldOf.computeIfPresent(key, (k, own) -> own == bytes ? null : own - bytes);
    }

    long held() {
        return held.get();
    }

    /**
     * Reads until there is nothing more or the array is full.
     *
     * @param from how much is in there already
     * @return how much is in there now
     */
    static int read(InputStream in, byte[] into, int from, long deadline) throws IOException {
        int size = from;
        while (size < into.length) {
            int count = in.read(into, size, Math.min(AT_ONCE, into.length - size));
            if (count < 0) {
                return size;
            }
            size += count;
            mustNotBeOver(deadline);
        }
        return size;
    }

    /** Of {@link System#nanoTime}: when a body that begins now must be there. */
    static long deadline() {
        return System.nanoTime() + LONGEST.toNanos();
    }

    static void mustNotBeOver(long deadline) {
        if (System.nanoTime() - deadline > 0) {
            throw new NotDone(Problem.of(
                    400, "bad-request", "the body took longer than " + LONGEST.toSeconds() + " s to arrive"));
        }
    }
}
