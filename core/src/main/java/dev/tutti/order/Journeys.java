package dev.tutti.order;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.flow.Journey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an order and its parts are on their flows.
 *
 * @param own the order's; it stays when the order is closed
 * @param others of fulfilment orders and returns, while they are under way, in the order of their journeys
 */
public record Journeys(FlowPosition own, List<Other> others) {
    public Journeys {
        others = List.copyOf(others);
    }

    /** Where a part of an order is. */
    public record Other(Journey journey, FlowPosition position) {}

    /** Where a journey is, or null if it is not under way. */
    public @Nullable FlowPosition position(Journey journey) {
        if (journey.isOfOrder()) {
            return own;
        }
        for (Other other : others) {
            if (other.journey().equals(journey)) {
                return other.position();
            }
        }
        return null;
    }

    /** The order's own and all others that are under way. */
    List<Journey> all() {
        List<Journey> all = new ArrayList<>(others.size() + 1);
        all.add(Journey.ORDER);
        others.forEach(other -> all.add(other.journey()));
        return all;
    }

    Journeys begun(Journey journey, FlowPosition position) {
        BrokenInvariant.unless(position(journey) == null, "a journey begins once");
        List<Other> next = new ArrayList<>(others);
        next.add(new Other(journey, position));
        next.sort((one, two) -> one.journey().compareTo(two.journey()));
        return new Journeys(own, next);
    }

    Journeys at(Journey journey, FlowPosition position) {
        if (journey.isOfOrder()) {
            return new Journeys(position, others);
        }
        BrokenInvariant.unless(position(journey) != null, "only a journey that is under way goes on");
        List<Other> next = new ArrayList<>(others);
        next.replaceAll(other -> other.journey().equals(journey) ? new Other(journey, position) : other);
        return new Journeys(own, next);
    }

    Journeys ended(Journey journey) {
        BrokenInvariant.unless(position(journey) != null, "only a journey that is under way ends");
        return new Journeys(
                own,
                others.stream()
                        .filter(other -> !other.journey().equals(journey))
                        .toList());
    }
}
