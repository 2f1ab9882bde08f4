package dev.tutti.flow.verify;

import java.util.List;

/**
 * Something that is wrong with a flow.
 *
 * @param step where
 * @param says what is wrong, in a sentence
 * @param story how it comes to that from the beginning, a line each; empty if nothing needs to happen for it
 */
public record Finding(Trouble trouble, String step, String says, List<String> story) {
    /** What can be wrong. */
    public enum Trouble {
        UNREACHABLE_STEP,
        UNREACHABLE_EDGE,
        UNHANDLED_OUTCOME,
        UNHANDLED_EVENT,
        NO_TIMER,
        NOT_ALLOWED,
        CIRCLE,
        CANNOT_END,
        TOO_LARGE
    }
}
