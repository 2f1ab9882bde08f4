package dev.tutti.conveyor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys of commands that are planned and not yet settled, over all rounds of one server. A command that would be
 * refused while one with the same key is under way may be that very command, come twice: it is decided after it.
 */
final class KeysInFlight {
    // Looked up only.
    private final Map<Key, Integer> counts = new HashMap<>();

    synchronized void add(List<KeyClaim> claims) {
        claims.forEach(claim -> counts.merge(claim.key(), 1, Integer::sum));
    }

    synchronized void remove(List<KeyClaim> claims) {
        claims.forEach(claim -> counts.computeIfPresent(claim.key(), (key, n) -> n == 1 ? null : n - 1));
    }

    synchronized boolean hasAny(List<KeyClaim> claims) {
        return claims.stream().anyMatch(claim -> counts.containsKey(claim.key()));
    }
}
