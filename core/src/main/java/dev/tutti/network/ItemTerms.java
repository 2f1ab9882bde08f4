package dev.tutti.network;

import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What may be done with an item, whatever its stock: how it is had, who sells it, what it is made of, and whether it is made
 * when it is ordered.
 *
 * @param ships whether it can be sent
 * @param handsOut whether it can be collected
 * @param channels the codes of those that sell it; all do if there are none
 * @param parts what it consists of; nothing if it is no kit. A kit has no stock of its own: it is sold as its parts
 * @param madeToOrder where it is made when it is ordered; null if it is not
 */
public record ItemTerms(
        boolean ships,
        boolean handsOut,
        SortedSet<String> channels,
        List<Part> parts,
        @Nullable MadeToOrder madeToOrder) {
    /** Of an item of which nothing is said: everybody may have it in every way. */
    public static final ItemTerms USUAL = new ItemTerms(true, true, new TreeSet<>(), List.of(), null);

    /** The most different parts, units of a part, and value of a part. */
    public static final int MOST_PARTS = 50;

    public static final int MOST_UNITS = 1_000;
    public static final int MOST_VALUE = 1_000_000;

    public ItemTerms {
        channels = Collections.unmodifiableSortedSet(new TreeSet<>(channels));
        parts = List.copyOf(parts);
    }

    /**
     * What a kit has of an item.
     *
     * @param sku which item
     * @param item its number; not looked at where terms are written
     * @param quantity units in one kit
     * @param value of one unit, against that of the others: as the kit's price is shared out
     */
    public record Part(String sku, int item, int quantity, int value) {}

    /**
     * Nobody has to wait for it to be bought: so many workdays after it was ordered, as many as are wanted are there.
     *
     * @param node the code of where
     */
    public record MadeToOrder(String node, int workdays) {
        public static final int MOST_WORKDAYS = 250;

        /** The day on which what is ordered now is there; null if never within a year. */
        public @Nullable LocalDate day(WorkCalendar calendar, LocalDate today) {
            LocalDate day = today;
            for (int i = 0; i < workdays && day != null; i++) {
                day = calendar.workdayAfter(day);
            }
            return day;
        }
    }

    /** Whether it is sold as its parts. */
    public boolean isKit() {
        return !parts.isEmpty();
    }

    public boolean isSoldBy(String channel) {
        return channels.isEmpty() || channels.contains(channel);
    }
}
