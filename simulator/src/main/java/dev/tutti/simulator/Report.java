package dev.tutti.simulator;

import dev.tutti.simulator.audit.Violation;
import org.jspecify.annotations.Nullable;

/**
 * How a world ended.
 *
 * @param step the last step made
 * @param violation null if every invariant held
 */
record Report(
        int step,
        History history,
        int crashes,
        long requests,
        @Nullable Violation violation) {}
