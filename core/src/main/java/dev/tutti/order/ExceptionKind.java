package dev.tutti.order;

/** Why a person must look at an order, by who or what noticed it. */
public enum ExceptionKind {
    /** A flow came to a step that says so. */
    FLOW,
    /** A hold stands for longer than was said. */
    HOLD,
    /** A service outside will not do what it was asked, and no flow waits to hear of it. */
    REFUSED,
    /** A service outside has not said what became of something. */
    UNANSWERED,
    /** A service outside says another thing about money than before. */
    CONTRADICTED,
    /** It waits and no timer runs; this must not be, and is looked for. */
    FORGOTTEN,
    /** Somebody said so. */
    PERSON
}
