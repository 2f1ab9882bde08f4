package dev.tutti.server.security;

/**
 * Who is calling.
 *
 * @param key the key's number; 0 for nobody
 * @param name what the audit calls them
 * @param mostHeld units they may hold at a time without an order; 0 if as many as they like
 */
public record Caller(int key, String name, Role role, Scope scope, int mostHeld) {
    public static final Caller NOBODY = new Caller(0, "nobody", Role.VIEWER, Scope.NOTHING);

    /** One that may hold as much as it likes. */
    public Caller(int key, String name, Role role, Scope scope) {
        this(key, name, role, scope, 0);
    }
}
