package dev.tutti.order;

import dev.tutti.flow.Journey;
import java.time.Instant;

/**
 * That a person must look at an order.
 *
 * @param part of the order that is concerned
 * @param lookBy until when somebody must have looked at it
 * @param owner who looks at it; empty if nobody has taken it
 */
public record ExceptionCase(
        ExceptionKind kind, String reason, Journey part, Instant openedAt, Instant lookBy, String owner) {
    /** Whose it is as long as nobody has taken it. */
    public static final String NOBODY = "";

    ExceptionCase assigned(String newOwner, Instant newLookBy) {
        return new ExceptionCase(kind, reason, part, openedAt, newLookBy, newOwner);
    }
}
