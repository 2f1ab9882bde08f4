package dev.tutti.order;

import dev.tutti.flow.Journey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * That a person must look at an order. There is at most one case of an order at a time: what comes while it is open is
 * added to it, so whoever resolves it has seen all of it.
 *
 * @param part of the order that is concerned
 * @param lookBy until when somebody must have looked at it
 * @param owner who looks at it; empty if nobody has taken it
 * @param also what else has come since it was opened, the oldest first
 */
public record ExceptionCase(
        ExceptionKind kind,
        String reason,
        Journey part,
        Instant openedAt,
        Instant lookBy,
        String owner,
        List<Addition> also) {
    /** Whose it is as long as nobody has taken it. */
    public static final String NOBODY = "";

    /** Whoever is not helped by so many reasons is not helped by more; but money that may have moved is always said. */
    private static final int MOST_ADDITIONS = 20;

    public ExceptionCase {
        also = List.copyOf(also);
    }

    /** A further reason for the same person to look. */
    public record Addition(ExceptionKind kind, String reason, Journey part, Instant at) {}

    /** Whether the case does not say this yet, and has room for it. */
    boolean isNews(ExceptionKind newKind, String newReason, Journey newPart) {
        boolean said = kind == newKind && reason.equals(newReason) && part.equals(newPart);
        return !said
                && (also.size() < MOST_ADDITIONS || newKind == ExceptionKind.CONTRADICTED)
                && also.stream()
                        .noneMatch(addition -> addition.kind() == newKind
                                && addition.reason().equals(newReason)
                                && addition.part().equals(newPart));
    }

    ExceptionCase with(Addition addition) {
        List<Addition> more = new ArrayList<>(also);
        more.add(addition);
        return new ExceptionCase(kind, reason, part, openedAt, lookBy, owner, more);
    }

    ExceptionCase assigned(String newOwner, Instant newLookBy) {
        return new ExceptionCase(kind, reason, part, openedAt, newLookBy, newOwner, also);
    }
}
