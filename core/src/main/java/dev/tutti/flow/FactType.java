package dev.tutti.flow;

/** What a fact's values are. */
public enum FactType {
    /** A {@link Long}. */
    NUMBER,
    /** A {@link String}. */
    TEXT,
    /** A {@link Boolean}. */
    TRUTH
}
