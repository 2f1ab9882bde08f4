package dev.tutti.flow.verify;

/** Whether something holds, as far as is known: Kleene's strong logic of three values. */
public enum Truth {
    NO,
    MAYBE,
    YES;

    static Truth of(boolean known) {
        return known ? YES : NO;
    }

    Truth and(Truth other) {
        return compareTo(other) < 0 ? this : other;
    }

    Truth or(Truth other) {
        return compareTo(other) > 0 ? this : other;
    }

    Truth not() {
        return values()[YES.ordinal() - ordinal()];
    }
}
