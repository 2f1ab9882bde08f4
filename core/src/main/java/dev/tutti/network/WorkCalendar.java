package dev.tutti.network;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.EnumSet;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When a node works: its weekdays, its holidays and the local time after which an order waits for the next working day.
 *
 * <p>Everything is reckoned in the node's own zone. A cut-off that falls into the hour skipped in spring counts at the
 * end of the gap; one that falls into the hour repeated in autumn counts at its first pass.
 *
 * @param zone the node's own time zone
 * @param workdays on which it works
 * @param holidays on which it does not, though they are workdays
 * @param cutOff local time; an order that comes at this very time or later waits for the next working day
 */
public record WorkCalendar(ZoneId zone, EnumSet<DayOfWeek> workdays, SortedSet<LocalDate> holidays, LocalTime cutOff) {
    /** How far ahead a working day is looked for. */
    private static final int HORIZON_DAYS = 370;

    public WorkCalendar {
        if (workdays.isEmpty()) {
            throw new IllegalArgumentException("a calendar needs at least one workday");
        }
        workdays = EnumSet.copyOf(workdays);
        holidays = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(holidays));
    }

    public static WorkCalendar everyDay(ZoneId zone, LocalTime cutOff) {
        return new WorkCalendar(zone, EnumSet.allOf(DayOfWeek.class), new TreeSet<>(), cutOff);
    }

    /**
     * When work that arrives at some moment leaves the node.
     *
     * @param day the local day
     * @param by the end of that day: when it must have left
     * @param from since when the answer has been this one (inclusive)
     * @param until when the answer changes (exclusive): the next cut-off
     */
    public record Dispatch(LocalDate day, Instant by, Instant from, Instant until) {
        public boolean isFor(Instant now) {
            return !now.isBefore(from) && now.isBefore(until);
        }
    }

    /** When work that arrives now leaves the node; null if the node has no working day within a year. */
    public @Nullable Dispatch dispatch(Instant now) {
        LocalDate day = now.atZone(zone).toLocalDate();
        if (!now.isBefore(cutOffOn(day))) {
            day = day.plusDays(1);
        }
        Instant from = cutOffOn(day.minusDays(1));
        Instant until = cutOffOn(day);
        for (int i = 0; i < HORIZON_DAYS; i++, day = day.plusDays(1)) {
            if (isWorkday(day)) {
                return new Dispatch(day, endOf(day), from, until);
            }
        }
        return null;
    }

    private Instant cutOffOn(LocalDate day) {
        LocalDateTime local = day.atTime(cutOff);
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        // java.time would move a time in the gap on by the gap's length: 2:30 would count at 3:30.
        return change != null && change.isGap()
                ? change.getInstant()
                : ZonedDateTime.of(local, zone).toInstant();
    }

    public boolean isWorkday(LocalDate day) {
        return workdays.contains(day.getDayOfWeek()) && !holidays.contains(day);
    }

    /** The next working day; null if there is none within a year. */
    public @Nullable LocalDate workdayAfter(LocalDate day) {
        for (int i = 1; i <= HORIZON_DAYS; i++) {
            if (isWorkday(day.plusDays(i))) {
                return day.plusDays(i);
            }
        }
        return null;
    }

    /** When a day is over at the node. */
    public Instant endOf(LocalDate day) {
        return day.plusDays(1).atStartOfDay(zone).toInstant();
    }
}
