package dev.tutti.postgres;

/**
 * A service outside that flows call.
 *
 * @param timeoutSeconds how long an answer is waited for
 * @param atOnce how many calls may be under way on one server
 * @param mostAttempts after so many without an answer a person must look
 * @param inside whether it may be at an address of a private network
 * @param contacts whether it is told who receives an order: all that is personal about it
 */
public record Destination(
        String code,
        String url,
        Ability ability,
        int timeoutSeconds,
        int atOnce,
        int mostAttempts,
        boolean inside,
        boolean contacts) {
    /** What can be done when an answer is lost. */
    public enum Ability {
        /** The same key again has the same effect, and is answered alike. */
        KEYED,
        /** It can be asked what became of a key. */
        LOOK_UP,
        /** Only a person can find out. */
        NEITHER
    }
}
