package dev.tutti.order;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where an order is in its flow, and since when. Not a status: that is read off the units.
 *
 * @param pausedUntil when it goes on at the latest, or null if nobody has paused it
 */
public record FlowPosition(
        String flow,
        int version,
        String step,
        Instant entered,
        @Nullable Instant pausedUntil) {
    FlowPosition at(String nextStep, Instant now) {
        return new FlowPosition(flow, version, nextStep, now, null);
    }

    FlowPosition in(int otherVersion, String otherStep) {
        return new FlowPosition(flow, otherVersion, otherStep, entered, pausedUntil);
    }

    FlowPosition paused(@Nullable Instant until) {
        return new FlowPosition(flow, version, step, entered, until);
    }
}
