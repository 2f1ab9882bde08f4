package dev.tutti.conveyor;

import java.util.List;

/**
 * What a command leaves behind, so that the next one like it is known to be. Unlike a key, nobody is refused for it: who
 * comes later is decided knowing who was first.
 *
 * @param claims each ours if nobody has left it before
 */
public record Mark(List<KeyClaim> claims) {
    public Mark {
        claims = List.copyOf(claims);
    }
}
