package dev.tutti.network;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/**
 * When a parcel leaves a node, by decision 20.
 *
 * @param day the node's local day
 * @param by the end of that day: when it must have left
 * @param from since which start of the work the answer has been this one (inclusive)
 * @param until from which start on it is another (exclusive): the next cut-off
 */
public record HandOver(LocalDate day, Instant by, Instant from, Instant until) {
    /**
     * For work that can start at some moment.
     *
     * @param service null for one that comes every day and has no cut-offs of its own
     * @return null if there is no such day within a year
     */
    public static @Nullable HandOver of(Node node, @Nullable CarrierService service, Instant start) {
        WorkCalendar calendar = node.calendar();
        LocalDate day = start.atZone(calendar.zone()).toLocalDate();
        boolean late = !start.isBefore(cutOff(node, service, day));
        LocalDate packed = late ? calendar.workdayAfter(day) : calendar.workdayFrom(day);
        day = late ? day.plusDays(1) : day;
        for (int i = 0; i < node.handling().processingDays() && packed != null; i++) {
            packed = calendar.workdayAfter(packed);
        }
        LocalDate leaves = packed == null ? null : Days.from(packed, d -> takes(calendar, service, d));
        return leaves == null
                ? null
                : new HandOver(
                        leaves,
                        calendar.endOf(leaves),
                        cutOff(node, service, day.minusDays(1)),
                        cutOff(node, service, day));
    }

    /** The first day from this one on on which the service takes parcels of the node; null if there is none within a year. */
    public static @Nullable LocalDate from(LocalDate day, WorkCalendar calendar, @Nullable CarrierService service) {
        return Days.from(day, d -> takes(calendar, service, d));
    }

    private static boolean takes(WorkCalendar calendar, @Nullable CarrierService service, LocalDate day) {
        return calendar.isWorkday(day) && (service == null || service.collectsOn(day));
    }

    private static Instant cutOff(Node node, @Nullable CarrierService service, LocalDate day) {
        LocalTime own = service == null ? null : node.handling().cutOff(service.code(), day.getDayOfWeek());
        return node.calendar().at(day, own == null ? node.calendar().cutOff() : own);
    }

    public boolean isFor(Instant start) {
        return !start.isBefore(from) && start.isBefore(until);
    }
}
