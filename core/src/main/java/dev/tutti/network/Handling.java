package dev.tutti.network;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How long a node takes, and by when it must hear of something.
 *
 * @param processingDays working days between the first day of work and the one on which a parcel is packed
 * @param receivingDays working days between goods being due and their being there to work on
 * @param cutOffs by the code of a carrier service and the day of the week, where they differ from the calendar's
 * @param pickUp when customers can collect; null if nobody said, and then they can as soon as the goods are packed
 */
public record Handling(
        int processingDays,
        int receivingDays,
        SortedMap<String, SortedMap<DayOfWeek, LocalTime>> cutOffs,
        @Nullable PickUpHours pickUp) {
    /** The most days either may take. */
    public static final int MOST_DAYS = 60;

    public static final Handling SAME_DAY = new Handling(0, 0, new TreeMap<>(), null);

    public Handling {
        if (processingDays < 0 || processingDays > MOST_DAYS || receivingDays < 0 || receivingDays > MOST_DAYS) {
            throw new IllegalArgumentException("days are between 0 and " + MOST_DAYS);
        }
        cutOffs = Collections.unmodifiableSortedMap(new TreeMap<>(cutOffs));
    }

    /** The cut-off of a service on a day of the week, or null if it is the calendar's. */
    @Nullable
    LocalTime cutOff(String service, DayOfWeek day) {
        SortedMap<DayOfWeek, LocalTime> own = cutOffs.get(service);
        return own == null ? null : own.get(day);
    }
}
