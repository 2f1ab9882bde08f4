package dev.tutti.network;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;

/** Where local times lie in time, also on the days on which clocks are changed (decision 20). */
final class LocalTimes {
    private LocalTimes() {}

    /** A time in the hour skipped in spring counts at the end of the gap, one in the hour repeated in autumn at its first pass. */
    static Instant at(ZoneId zone, LocalDate day, LocalTime time) {
        ZoneOffsetTransition change = zone.getRules().getTransition(day.atTime(time));
        // java.time would move a time in the gap on by the gap's length: 2:30 would count at 3:30.
        return change != null && change.isGap()
                ? change.getInstant()
                : ZonedDateTime.of(day, time, zone).toInstant();
    }

    static Instant startOf(ZoneId zone, LocalDate day) {
        return at(zone, day, LocalTime.MIDNIGHT);
    }

    /** Whether there is such a day: a zone that changes sides of the date line leaves one out. */
    static boolean exists(ZoneId zone, LocalDate day) {
        return zone.getRules().isFixedOffset() || startOf(zone, day).isBefore(startOf(zone, day.plusDays(1)));
    }
}
