package dev.tutti.decision;

/** Something that must always hold does not: a bug in Tutti. Never caught to carry on. */
public final class BrokenInvariant extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokenInvariant(String message) {
        super(message);
    }

    public static void unless(boolean holds, String message) {
        if (!holds) {
            throw new BrokenInvariant(message);
        }
    }
}
