package dev.tutti.order;

import dev.tutti.decision.BrokenInvariant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All holds of one order.
 *
 * @param open those that still hold, by number
 * @param placed how many there have ever been
 * @param heldBack fulfilment orders whose units should have been given to their nodes, had nothing held them
 */
public record Holds(List<Hold> open, int placed, List<Integer> heldBack) {
    public static final Holds NONE = new Holds(List.of(), 0, List.of());

    public Holds {
        open = List.copyOf(open);
        heldBack = List.copyOf(heldBack);
    }

    /** The first that holds a line, or null. */
    public @Nullable Hold of(int line) {
        for (Hold hold : open) {
            if (hold.holds(line)) {
                return hold;
            }
        }
        return null;
    }

    public @Nullable Hold hold(int number) {
        return open.stream().filter(hold -> hold.number() == number).findFirst().orElse(null);
    }

    /** The types of those that hold, each once, in alphabetical order. */
    public List<String> types() {
        return open.stream().map(Hold::type).distinct().sorted().toList();
    }

    /** When the next of them must be looked at, later than now; null if none must. */
    @Nullable
    Instant nextLook(Instant now) {
        return open.stream()
                .map(Hold::until)
                .filter(until -> until.isAfter(now))
                .min(Instant::compareTo)
                .orElse(null);
    }

    Holds with(Hold hold) {
        BrokenInvariant.unless(hold.number() == placed + 1, "holds are numbered without a gap");
        List<Hold> next = new ArrayList<>(open);
        next.add(hold);
        return new Holds(next, hold.number(), heldBack);
    }

    Holds without(int number) {
        BrokenInvariant.unless(hold(number) != null, "a hold that is not there cannot be released");
        return new Holds(open.stream().filter(hold -> hold.number() != number).toList(), placed, heldBack);
    }

    Holds holdingBack(List<Integer> works) {
        return new Holds(open, placed, works);
    }
}
