package dev.tutti.server.outgoing;

/** What came of a request to a service outside. */
public sealed interface Heard {
    /** An answer; of its body what the caller wanted. */
    record Answered(int status, byte[] body) implements Heard {}

    /** Nothing was sent, so nothing has happened. */
    record NotSent(String why) implements Heard {}

    /** It was sent, at least in part, and no whole answer came. */
    record Lost(String why) implements Heard {}
}
