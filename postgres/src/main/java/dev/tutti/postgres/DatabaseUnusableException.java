package dev.tutti.postgres;

import org.jspecify.annotations.Nullable;

/** There is no such database, or it is not one for this program; the message says so in words for who started it. */
public final class DatabaseUnusableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseUnusableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
