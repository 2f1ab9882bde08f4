package dev.tutti.server.replay;

/** A file or a mapping that cannot be used: told to whoever started the replay, in one sentence with its place. */
final class NotUsable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotUsable(String message) {
        super(message, null, false, false);
    }
}
