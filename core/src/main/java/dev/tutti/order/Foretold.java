package dev.tutti.order;

import java.time.LocalDate;

/**
 * When a parcel should have been there, by the calendars and the table of its carrier service, from the day on which it was
 * to leave.
 *
 * @param service the code of the carrier service; empty if it is collected
 * @param zone how far it went, as the service counts; 0 if it is collected
 */
public record Foretold(String service, int zone, LocalDate earliest, LocalDate latest) {}
