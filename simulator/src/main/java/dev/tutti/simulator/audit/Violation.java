package dev.tutti.simulator.audit;

/** An invariant does not hold. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Invariant invariant;
    private final String subject;

    Violation(Invariant invariant, String subject, String detail) {
        super(detail);
        this.invariant = invariant;
        this.subject = subject;
    }

    public Invariant invariant() {
        return invariant;
    }

    /** The order or position. */
    public String subject() {
        return subject;
    }
}
