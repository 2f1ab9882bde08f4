package dev.tutti.server.json;

import dev.tutti.decision.Spelling;

/** Input that cannot be understood as it stands. Thrown by the reader, answered at the edge. */
public final class BadJson extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is, for programs. */
    public enum Kind {
        /** Not JSON at all, or beyond a limit. */
        MALFORMED_JSON,
        UNKNOWN_FIELD,
        DUPLICATE_FIELD,
        MISSING_FIELD,
        INVALID_FIELD;

        public String code() {
            return Spelling.of(this);
        }
    }

    private final Kind kind;
    private final String detail;
    private final String path;

    BadJson(Kind kind, String path, String detail) {
        super(detail, null, false, false);
        this.kind = kind;
        this.detail = detail;
        this.path = path;
    }

    /** A field that could be read, and does not fit what was read elsewhere. */
    public static BadJson invalidAt(String path, String detail) {
        return new BadJson(Kind.INVALID_FIELD, path, detail);
    }

    public Kind kind() {
        return kind;
    }

    public String detail() {
        return detail;
    }

    /** Such as {@code lines[3].quantity}; empty if it is about the whole. */
    public String path() {
        return path;
    }
}
