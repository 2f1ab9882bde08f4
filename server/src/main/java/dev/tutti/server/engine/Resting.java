package dev.tutti.server.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Orders that have refused something, for a minute: asked again and again, they would keep the others from their turn. */
final class Resting {
    private static final Duration REST = Duration.ofMinutes(1);

    private final Map<Long, Instant> until = new ConcurrentHashMap<>();

    void add(long order) {
        until.put(order, Engine.now().plus(REST));
    }

    /** Those that still rest. */
    Set<Long> at(Instant now) {
        until.values().removeIf(moment -> moment.isBefore(now));
        return Set.copyOf(until.keySet());
    }
}
