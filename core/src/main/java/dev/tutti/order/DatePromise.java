package dev.tutti.order;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The days a customer was told.
 *
 * @param earliest the first day on which all of it may be there
 * @param latest the day by which all of it should be there, or can be collected
 * @param confidence that it will be, in per cent, as it was told; null if it was not
 */
public record DatePromise(
        LocalDate earliest, LocalDate latest, @Nullable Integer confidence) {}
