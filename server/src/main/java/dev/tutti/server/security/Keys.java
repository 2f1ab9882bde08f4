package dev.tutti.server.security;

import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.StoreFailure;
import dev.tutti.postgres.ApiKeys;
import dev.tutti.postgres.ApiKeys.ApiKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys callers show: {@code tutti_<prefix>_<secret>}, of 160 random bits beyond the prefix. Only a hash is kept; the
 * key itself is shown once, when it is made.
 *
 * <p>Who a key belongs to is remembered for a second, so a key revoked on another server stops working within one;
 * revoked here, it stops at once.
 */
public final class Keys {
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final long REMEMBERED_NANOS = 1_000_000_000L;
    private static final long WITHOUT_DATABASE_NANOS = 60_000_000_000L;
    private static final int MOST_REMEMBERED = 10_000;
    private static final String SCHEME = "Bearer ";

    private final ApiKeys table;
    private final SecureRandom random = new SecureRandom();
    private final Map<Long, Known> known = new ConcurrentHashMap<>();
    private final Map<Integer, Owner> owners = new ConcurrentHashMap<>();
    private volatile int revocations;

    /** @param caller null if there is no such key, or no more */
    private record Known(byte[] hash, @Nullable Caller caller, long until) {}

    /** @param caller null if the key was revoked */
    private record Owner(@Nullable Caller caller, long until) {}

    public Keys(ApiKeys table) {
        this.table = table;
    }

    /** Whose key this is, or null. */
    public @Nullable Caller caller(@Nullable String authorization) {
        if (authorization == null || authorization.length() > 200 || !authorization.startsWith(SCHEME)) {
            return null;
        }
        byte[] hash = hash(authorization.substring(SCHEME.length()).strip());
        long now = System.nanoTime();
        Known entry = known.get(head(hash));
        if (entry == null || !MessageDigest.isEqual(entry.hash, hash) || now - entry.until > REMEMBERED_NANOS) {
            return remember(hash, now);
        }
        // One of all the callers that come just after the time is over looks; the others need not wait for it.
        if (now - entry.until > 0
                && known.replace(head(hash), entry, new Known(hash, entry.caller, now + REMEMBERED_NANOS))) {
            return remember(hash, now);
        }
        return entry.caller;
    }

    private @Nullable Caller remember(byte[] hash, long now) {
        int before = revocations;
        Caller caller = look(hash);
        if (known.size() > MOST_REMEMBERED) {
            known.clear();
        }
        known.put(head(hash), new Known(hash, caller, now + REMEMBERED_NANOS));
        if (before != revocations) {
            known.clear();
        }
        return caller;
    }

    /** Whose key this is by its number, for a session that began with it; null once it is revoked. */
    @Nullable
    Caller caller(int number) {
        long now = System.nanoTime();
        Owner owner = owners.get(number);
        if (owner == null || now - owner.until > 0) {
            int before = revocations;
            try {
                owner = new Owner(callerOf(table.byId(number)), now + REMEMBERED_NANOS);
            } catch (StoreFailure e) {
                // Who looks at a page while the database is away shall see that it is.
                if (owner == null || now - owner.until > WITHOUT_DATABASE_NANOS) {
                    throw e;
                }
                return owner.caller;
            }
            owners.put(number, owner);
            if (before != revocations) {
                owners.clear();
            }
        }
        return owner.caller;
    }

    private @Nullable Caller look(byte[] hash) {
        return callerOf(table.byHash(hash));
    }

    private static @Nullable Caller callerOf(@Nullable ApiKey key) {
        Role role = key == null || key.revoked() ? null : Role.ofWire(key.role());
        if (key == null || role == null) {
            return null;
        }
        Scope scope = role == Role.ADMIN ? Scope.EVERYTHING : Scope.of(key.channels(), key.nodes());
        return new Caller(key.id(), "key:" + key.prefix(), role, scope, key.mostHeld());
    }

    /**
     * Makes a key.
     *
     * @param mostHeld units that whoever has it may hold at a time without an order; 0 if as many as they like
     * @return the key, which nobody can be shown again
     */
    public String create(Role role, Scope scope, int mostHeld, String note, Audit audit) {
        String prefix = letters(8);
        String key = "tutti_" + prefix + "_" + letters(32);
        table.insert(
                prefix,
                hash(key),
                role.wire(),
                List.copyOf(scope.channels()),
                List.copyOf(scope.nodes()),
                mostHeld,
                note,
                audit);
        return key;
    }

    private static final Audit FIRST = new Audit("tutti", "start", Instant.EPOCH, "there was no key");

    /** The very first key of a hub, or null if it has keys already. */
    public @Nullable String createFirst() {
        return table.all().isEmpty() ? create(Role.ADMIN, Scope.EVERYTHING, 0, "the first key", FIRST) : null;
    }

    public List<ApiKey> all() {
        return table.all();
    }

    /** @return whether there was such a key that was not revoked yet */
    public boolean revoke(String prefix, Audit audit) {
        boolean revoked = table.revoke(prefix, audit);
        synchronized (this) {
            revocations++;
        }
        known.clear();
        owners.clear();
        return revoked;
    }

    private String letters(int count) {
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append(ALPHABET.charAt(random.nextInt(32)));
        }
        return letters.toString();
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static long head(byte[] hash) {
        long head = 0;
        for (byte b : Arrays.copyOf(hash, 8)) {
            head = head << 8 | (b & 0xFF);
        }
        return head;
    }
}
