package dev.tutti.server.security;

/**
 * Who is calling.
 *
 * @param key the key's number; 0 for nobody
 * @param name what the audit calls them
 */
public record Caller(int key, String name, Role role, Scope scope) {
    public static final Caller NOBODY = new Caller(0, "nobody", Role.VIEWER, Scope.NOTHING);
}
