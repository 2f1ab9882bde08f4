package dev.tutti.conveyor;

import org.jspecify.annotations.Nullable;

/**
 * What the conveyor carries.
 *
 * @param <S> an aggregate's state
 * @param <C> a command
 * @param <X> a change to be written
 */
public interface Domain<S, C, X> {
    /** Decides one command; pure. An exception is a poisoned command: it is dropped alone. */
    Decision<S, X> decide(@Nullable S state, C command, Circumstances<S> around);

    /** What the command leaves behind, or null. */
    @Nullable
    Mark mark(C command);

    /** Counts an aggregate's events. */
    int version(S state);
}
