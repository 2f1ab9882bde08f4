package dev.tutti.postgres.embedded;

import org.jspecify.annotations.Nullable;

/** The server cannot be had; the message says why and what to do about it. */
public class EmbeddedPostgresException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EmbeddedPostgresException(String message) {
        super(message);
    }

    EmbeddedPostgresException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
