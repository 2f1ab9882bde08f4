package dev.tutti.network;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A way in which a carrier takes parcels to customers, or between nodes.
 *
 * @param number from 1, given once when it is made known, never reused
 * @param collects days of the week on which it comes to nodes
 * @param delivers days of the week on which it delivers; transit is counted in them
 * @param holidays on which it does neither
 * @param zones how far it is
 * @param transit by zone; a zone that is not there is not served
 */
public record CarrierService(
        int number,
        String code,
        String carrier,
        EnumSet<DayOfWeek> collects,
        EnumSet<DayOfWeek> delivers,
        SortedSet<LocalDate> holidays,
        Zones zones,
        SortedMap<Integer, Transit> transit) {
    /**
     * How long a zone takes, and what it costs.
     *
     * @param fewest delivery days
     * @param most delivery days
     * @param perPackage millionths of a minor unit, on top of what the node costs
     */
    public record Transit(int fewest, int most, long perPackage) {
        public static final int MOST_DAYS = 120;

        public Transit {
            if (fewest < 0 || most < fewest || most > MOST_DAYS || perPackage < 0 || perPackage > NodeCosts.MOST) {
                throw new IllegalArgumentException("fewest and most days in transit are between 0 and " + MOST_DAYS);
            }
        }
    }

    public CarrierService {
        if (collects.isEmpty() || delivers.isEmpty()) {
            throw new IllegalArgumentException("a service collects and delivers on one day of the week at least");
        }
        collects = EnumSet.copyOf(collects);
        delivers = EnumSet.copyOf(delivers);
        holidays = Collections.unmodifiableSortedSet(new TreeSet<>(holidays));
        transit = Collections.unmodifiableSortedMap(new TreeMap<>(transit));
    }

    public boolean collectsOn(LocalDate day) {
        return collects.contains(day.getDayOfWeek()) && !holidays.contains(day);
    }

    public boolean deliversOn(LocalDate day) {
        return delivers.contains(day.getDayOfWeek()) && !holidays.contains(day);
    }

    /** When a parcel that is handed over on a day arrives after so many days in transit; null if not within a year of any of them. */
    public @Nullable LocalDate arrival(LocalDate handedOver, int days) {
        LocalDate day = handedOver;
        if (days == 0) {
            return Days.from(day, this::deliversOn);
        }
        for (int i = 0; i < days && day != null; i++) {
            day = Days.after(day, this::deliversOn);
        }
        return day;
    }
}
