package dev.tutti.server.security;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * For browsers, which cannot send a key with every request: a key is shown once, and a random number in a cookie stands
 * for it from then on. Kept in this server's memory, so they end with it; the key may end before, and its sessions with
 * it.
 */
public final class Sessions {
    private static final int MOST = 10_000;
    private static final long LASTS_NANOS = TimeUnit.HOURS.toNanos(12);

    private final Keys keys;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final Map<String, Caller> tickets = new ConcurrentHashMap<>();

    private record Session(Caller caller, long until) {}

    public Sessions(Keys keys) {
        this.keys = keys;
    }

    /** Begins a session for a caller who has shown their key. */
    public String enter(Caller caller) {
        long now = System.nanoTime();
        if (sessions.size() >= MOST) {
            makeRoom(now);
        }
        String id = number();
        sessions.put(id, new Session(caller, now + LASTS_NANOS));
        return id;
    }

    /** Those that are over go; if none is, the one that would be over first. */
    private void makeRoom(long now) {
        sessions.values().removeIf(session -> now - session.until > 0);
        if (sessions.size() >= MOST) {
            sessions.entrySet().stream()
                    .min((a, b) -> Long.compare(a.getValue().until - now, b.getValue().until - now))
                    .ifPresent(oldest -> sessions.remove(oldest.getKey()));
        }
    }

    /**
     * Lets whoever has it in without a key, until this process ends: for an address that is printed where only its owner
     * reads.
     */
    public String ticket(Caller caller) {
        String ticket = number();
        tickets.put(ticket, caller);
        return ticket;
    }

    /** Who came with this ticket, or null. */
    public @Nullable Caller byTicket(String ticket) {
        Caller caller = tickets.get(ticket);
        return caller == null ? null : still(caller);
    }

    /** Whose session this is, or null if it is none, or over. */
    public @Nullable Caller caller(@Nullable String id) {
        Session session = id == null ? null : sessions.get(id);
        if (id == null || session == null) {
            return null;
        }
        Caller caller = System.nanoTime() - session.until > 0 ? null : still(session.caller);
        if (caller == null) {
            sessions.remove(id);
        }
        return caller;
    }

    /** Who they are by now: their key may have been revoked. Without a number there is no key. */
    private @Nullable Caller still(Caller caller) {
        return caller.key() == 0 ? caller : keys.caller(caller.key());
    }

    public void leave(@Nullable String id) {
        if (id != null) {
            sessions.remove(id);
        }
    }

    private String number() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }
}
