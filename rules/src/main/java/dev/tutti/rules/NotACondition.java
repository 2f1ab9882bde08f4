package dev.tutti.rules;

/** A text that is no condition; the message says why, and {@link #column} where, counted from 1. */
public final class NotACondition extends Exception {
    private static final long serialVersionUID = 1L;

    private final int column;

    NotACondition(int column, String message) {
        super(message, null, false, false);
        this.column = column;
    }

    public int column() {
        return column;
    }
}
