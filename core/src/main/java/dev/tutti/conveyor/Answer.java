package dev.tutti.conveyor;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of a command. It is given only when it is certain: after the commit, or when nothing was changed. */
public sealed interface Answer<S> {
    /**
     * Done, and durable.
     *
     * @param next the aggregate's state; null for a command that has none
     */
    record Done<S>(@Nullable S next) implements Answer<S> {}

    /** The same command with the same key was done before, for this aggregate. */
    record Repeated<S>(long aggregate) implements Answer<S> {}

    record Refused<S>(Refusal refusal) implements Answer<S> {}

    /** As an answer about one kind of aggregate, which its command was about. */
    default <T> Answer<T> as(Class<T> kind) {
        return switch (this) {
            case Done<S>(S next) -> new Done<>(next == null ? null : kind.cast(next));
            case Repeated<S>(long aggregate) -> new Repeated<>(aggregate);
            case Refused<S>(Refusal refusal) -> new Refused<>(refusal);
        };
    }

    /** What a command is told whose keys were used before; null if none was. */
    static <S> @Nullable Answer<S> earlier(List<KeyClaim> claims, Map<Key, KeyOwner> owners) {
        for (KeyClaim claim : claims) {
            KeyOwner owner = owners.get(claim.key());
            if (owner != null) {
                return owner.fingerprint() == claim.fingerprint()
                        ? new Repeated<>(owner.owner())
                        : new Refused<>(Refusal.of(
                                RefusalCode.KEY_REUSED,
                                "the key " + claim.key().text() + " was used before, with another content"));
            }
        }
        return null;
    }
}
