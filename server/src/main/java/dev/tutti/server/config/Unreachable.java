package dev.tutti.server.config;

/** No server could be asked. */
final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreachable(String message) {
        super(message, null, false, false);
    }

    static Unreachable at(String server) {
        return new Unreachable("no server answers at " + server);
    }
}
