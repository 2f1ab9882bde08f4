package dev.tutti.server.http;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;

/** Leaves the handling of a request with a problem; answered by the gate. */
public final class NotDone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public NotDone(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public static NotDone at(String path, RefusalCode code, String detail) {
        return new NotDone(Problem.of(Refusal.at(path, code, detail)));
    }

    /** What is missing and what is somebody else's are answered alike. */
    public static NotDone notFound(String what) {
        return new NotDone(Problem.of(404, "not-found", "there is no such " + what));
    }

    /** For what orders are made of: {@code unknown-order} and its like. */
    public static NotDone unknown(RefusalCode code) {
        String what = code.code().replaceFirst("unknown-", "").replace('-', ' ');
        return at("", code, "there is no such " + what);
    }

    public Problem problem() {
        return problem;
    }
}
