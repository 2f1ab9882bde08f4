package dev.tutti.network;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a customer comes to collect.
 *
 * @param from when it begins
 * @param day in the node's own zone as it was when the slot was chosen, in which also its minute is counted
 * @param minute of the day at which it begins, as they passed: there are more than 1,440 on a day that is longer
 */
public record Slot(NodeId node, Instant from, LocalDate day, int minute) {
    /** The slot of a node that begins at a moment; null if none does. */
    public static @Nullable Slot of(Node node, Instant from) {
        PickUpHours hours = node.handling().pickUp();
        if (hours == null || hours.slot() == 0) {
            return null;
        }
        LocalDate day = LocalDate.ofInstant(from, node.calendar().zone());
        for (PickUpHours.Stretch open : hours.open(node.calendar(), day)) {
            Duration length = Duration.ofMinutes(hours.slot());
            Duration after = Duration.between(open.from(), from);
            if (!after.isNegative()
                    && after.toNanos() % length.toNanos() == 0
                    && !from.plus(length).isAfter(open.to())) {
                Instant begins = LocalTimes.startOf(node.calendar().zone(), day);
                return new Slot(
                        node.id(),
                        from,
                        day,
                        Math.toIntExact(Duration.between(begins, from).toMinutes()));
            }
        }
        return null;
    }
}
