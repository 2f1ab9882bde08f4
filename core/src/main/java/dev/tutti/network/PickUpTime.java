package dev.tutti.network;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * When goods can be collected at a node, by decision 20.
 *
 * @param ready when they are
 * @param offered from when on, and until when: the first slot, or what is left of the open time in which they are ready
 */
public record PickUpTime(Instant ready, PickUpHours.Stretch offered) {
    /**
     * For work that can start at some moment.
     *
     * @param full which slots, by their beginnings, take no more
     * @return null if never within a year
     */
    public static @Nullable PickUpTime of(Node node, Instant start, Predicate<Instant> full) {
        PickUpHours hours = node.handling().pickUp();
        if (hours == null) {
            HandOver staged = HandOver.of(node, null, start);
            return staged == null
                    ? null
                    : new PickUpTime(staged.by(), new PickUpHours.Stretch(staged.by(), staged.by()));
        }
        Instant ready = ready(node.calendar(), hours, start);
        return ready == null ? null : offered(node.calendar(), hours, ready, full);
    }

    /** When goods are ready that can be worked on from some moment; null if never within a year. */
    static @Nullable Instant ready(WorkCalendar calendar, PickUpHours hours, Instant start) {
        Duration left = Duration.ofMinutes(hours.lead());
        if (left.isZero()) {
            return start;
        }
        LocalDate day = start.atZone(calendar.zone()).toLocalDate();
        for (int i = 0; i <= Days.HORIZON; i++, day = day.plusDays(1)) {
            for (PickUpHours.Stretch open : hours.open(calendar, day)) {
                Instant from = open.from().isBefore(start) ? start : open.from();
                if (from.isBefore(open.to())) {
                    Duration there = Duration.between(from, open.to());
                    if (there.compareTo(left) >= 0) {
                        return from.plus(left);
                    }
                    left = left.minus(there);
                }
            }
        }
        return null;
    }

    private static @Nullable PickUpTime offered(
            WorkCalendar calendar, PickUpHours hours, Instant ready, Predicate<Instant> full) {
        LocalDate day = ready.atZone(calendar.zone()).toLocalDate();
        for (int i = 0; i <= Days.HORIZON; i++, day = day.plusDays(1)) {
            for (PickUpHours.Stretch open : hours.open(calendar, day)) {
                if (hours.slot() == 0) {
                    Instant from = open.from().isBefore(ready) ? ready : open.from();
                    if (from.isBefore(open.to())) {
                        return new PickUpTime(ready, new PickUpHours.Stretch(from, open.to()));
                    }
                } else {
                    for (PickUpHours.Stretch slot : hours.slots(open)) {
                        if (!slot.from().isBefore(ready) && !full.test(slot.from())) {
                            return new PickUpTime(ready, slot);
                        }
                    }
                }
            }
        }
        return null;
    }
}
