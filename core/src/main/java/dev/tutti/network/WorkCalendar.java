package dev.tutti.network;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
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

    Instant at(LocalDate day, LocalTime time) {
        return LocalTimes.at(zone, day, time);
    }

    /** When goods that are due on a day can be worked on, after so many workdays of receiving; null if never within a year. */
    public @Nullable Instant receivedFrom(LocalDate due, int receivingDays) {
        LocalDate day = workdayFrom(due);
        for (int i = 0; i < receivingDays && day != null; i++) {
            day = workdayAfter(day);
        }
        return day == null ? null : LocalTimes.startOf(zone, day);
    }

    public boolean isWorkday(LocalDate day) {
        return workdays.contains(day.getDayOfWeek()) && !holidays.contains(day) && LocalTimes.exists(zone, day);
    }

    /** This day if it is one, else the next working day; null if there is none within a year. */
    public @Nullable LocalDate workdayFrom(LocalDate day) {
        return Days.from(day, this::isWorkday);
    }

    /** The next working day; null if there is none within a year. */
    public @Nullable LocalDate workdayAfter(LocalDate day) {
        return Days.after(day, this::isWorkday);
    }

    /** When a day is over at the node. */
    public Instant endOf(LocalDate day) {
        return LocalTimes.startOf(zone, day.plusDays(1));
    }
}
