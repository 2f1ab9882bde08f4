package dev.tutti.order;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;

/** Leaves the ladder of guards with a refusal; never leaves this package. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    Refused(Refusal refusal) {
        super(refusal.detail(), null, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }

    static void when(boolean condition, RefusalCode code, String detail) {
        if (condition) {
            throw new Refused(Refusal.of(code, detail));
        }
    }

    static void at(String path, boolean condition, RefusalCode code, String detail) {
        if (condition) {
            throw new Refused(Refusal.at(path, code, detail));
        }
    }
}
