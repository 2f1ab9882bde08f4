package dev.tutti.conveyor;

import dev.tutti.decision.Refusal;
import org.jspecify.annotations.Nullable;

/** What became of a command. It is given only when it is certain: after the commit, or when nothing was changed. */
public sealed interface Answer<S> {
    /**
     * Done, and durable.
     *
     * @param next the aggregate's state; null for a command that has none
     */
    record Done<S>(@Nullable S next) implements Answer<S> {}

    /** The same command with the same key was done before, for this aggregate. */
    record Repeated<S>(long aggregate) implements Answer<S> {}

    record Refused<S>(Refusal refusal) implements Answer<S> {}
}
