package dev.tutti.network;

import java.time.LocalDate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks for days. */
final class Days {
    /** How far a day is looked for. */
    static final int HORIZON = 370;

    private Days() {}

    /** The first from a day on that is wanted; null if there is none within {@value #HORIZON} days. */
    static @Nullable LocalDate from(LocalDate day, Predicate<LocalDate> wanted) {
        return wanted.test(day) ? day : after(day, wanted);
    }

    /** The first after a day that is wanted; null if there is none within {@value #HORIZON} days. */
    static @Nullable LocalDate after(LocalDate day, Predicate<LocalDate> wanted) {
        for (int i = 1; i <= HORIZON; i++) {
            if (wanted.test(day.plusDays(i))) {
                return day.plusDays(i);
            }
        }
        return null;
    }
}
