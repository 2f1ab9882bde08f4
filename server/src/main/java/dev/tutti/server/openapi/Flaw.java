package dev.tutti.server.openapi;

/** The document would not be true or not be whole. */
final class Flaw extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    Flaw(String message) {
        super(message);
    }
}
