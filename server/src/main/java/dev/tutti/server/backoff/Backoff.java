package dev.tutti.server.backoff;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before something outside is tried once more: twice as long each time, and never the same for two. */
public final class Backoff {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 20;

    private Backoff() {}

    /**
     * @param failures how often in a row it has failed, from 1
     * @param longest no wait is longer
     */
    public static Duration after(int failures, Duration longest) {
        int doublings = Math.clamp(failures - 1L, 0, MOST_DOUBLINGS);
        long most = Math.min(longest.toMillis(), SHORTEST.toMillis() << doublings);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }
}
