package dev.tutti.conveyor;

import java.util.List;

/**
 * What a command leaves behind, so that the next one like it is known to be. Unlike a key, nobody is refused for it: who
 * comes later is decided knowing who was first.
 *
 * @param claim is ours if nobody has left the mark before
 * @param older marks that are looked at besides, and not left
 */
public record Mark(KeyClaim claim, List<Key> older) {
    public Mark {
        older = List.copyOf(older);
    }
}
