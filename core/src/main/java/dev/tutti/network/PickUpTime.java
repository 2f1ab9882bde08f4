package dev.tutti.network;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
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
        return of(node, start, null, full);
    }

    /**
     * For work that can start at some moment, at a node that has room for it from some day on: what could be collected
     * before that day is begun with it.
     *
     * @param room null if it has as much as there is work
     * @param full which slots, by their beginnings, take no more
     * @return null if never within a year
     */
    public static @Nullable PickUpTime of(Node node, Instant start, @Nullable LocalDate room, Predicate<Instant> full) {
        WorkCalendar calendar = node.calendar();
        PickUpHours hours = node.handling().pickUp();
        if (hours == null) {
            HandOver staged = HandOver.of(node, null, start);
            return staged == null ? null : at(room == null ? staged.by() : later(staged.by(), calendar.endOf(room)));
        }
        Instant from = start;
        if (room != null) {
            PickUpTime soonest = within(calendar, hours, start, slot -> false);
            boolean waits = soonest != null && soonest.day(calendar.zone()).isBefore(room);
            from = waits ? LocalTimes.startOf(calendar.zone(), room) : start;
        }
        return within(calendar, hours, from, full);
    }

    private static PickUpTime at(Instant moment) {
        return new PickUpTime(moment, new PickUpHours.Stretch(moment, moment));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    /** The day from which it can be collected, in the zone of the node. */
    public LocalDate day(ZoneId zone) {
        return LocalDate.ofInstant(offered.from(), zone);
    }

    private static @Nullable PickUpTime within(
            WorkCalendar calendar, PickUpHours hours, Instant start, Predicate<Instant> full) {
        Instant ready = ready(calendar, hours, start);
        return ready == null ? null : offered(calendar, hours, ready, full);
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
