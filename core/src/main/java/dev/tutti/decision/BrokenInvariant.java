package dev.tutti.decision;

import java.util.function.Supplier;

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

    /** Where the message tells of values: putting it together costs more than the check, and is done only then. */
    public static void unless(boolean holds, Supplier<String> message) {
        if (!holds) {
            throw new BrokenInvariant(message.get());
        }
    }
}
