package dev.tutti.simulator.audit;

import dev.tutti.network.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When work leaves a node, found by walking through time minute by minute and looking at the node's clock: no arithmetic
 * with zones that could be wrong in the same way as what it checks.
 */
public final class DispatchOracle {
    private static final long MINUTE = 60;
    private static final long DAY = 24 * 60 * MINUTE;

    private record LocalMoment(ZoneId zone, LocalDate day, LocalTime time) {}

    // A pure function's answers, remembered: the same in every run.
    private static final Map<LocalMoment, Long> WALKED = new ConcurrentHashMap<>();

    private DispatchOracle() {}

    public static Instant dispatchBy(WorkCalendar calendar, Instant now) {
        ZoneId zone = calendar.zone();
        LocalDate day = localDay(zone, now.getEpochSecond());
        if (now.getEpochSecond() >= firstMinute(zone, day, calendar.cutOff())) {
            day = day.plusDays(1);
        }
        while (!calendar.workdays().contains(day.getDayOfWeek())
                || calendar.holidays().contains(day)) {
            day = day.plusDays(1);
        }
        return endOf(zone, day);
    }

    static Instant endOf(ZoneId zone, LocalDate day) {
        return Instant.ofEpochSecond(firstMinute(zone, day.plusDays(1), LocalTime.MIDNIGHT));
    }

    /** The first minute at which the clock on the node's wall shows this day and this time or a later one. */
    private static long firstMinute(ZoneId zone, LocalDate day, LocalTime time) {
        return WALKED.computeIfAbsent(new LocalMoment(zone, day, time), DispatchOracle::walk);
    }

    private static long walk(LocalMoment wanted) {
        long day = wanted.day().toEpochDay();
        long second = wanted.time().toSecondOfDay();
        long minute = day * DAY - DAY;
        while (true) {
            long local = local(wanted.zone(), minute);
            long there = Math.floorDiv(local, DAY);
            if (there > day || (there == day && Math.floorMod(local, DAY) >= second)) {
                return minute;
            }
            minute += MINUTE;
        }
    }

    private static LocalDate localDay(ZoneId zone, long second) {
        return LocalDate.ofEpochDay(Math.floorDiv(local(zone, second), DAY));
    }

    private static long local(ZoneId zone, long second) {
        return second + zone.getRules().getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
    }
}
