package dev.tutti.network;

import java.time.Instant;
import java.time.LocalDate;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Whatever can fulfil: a store, a distribution centre, a supplier, a third party's warehouse.
 *
 * @param code the name people and other systems know it by
 * @param location where it stands; null if nobody said, and then distance costs nothing
 * @param handling how long it takes
 * @param dailyCapacity units it can take on in one of its working days, over all orders; {@link #UNLIMITED} if nobody counts
 * @param legalEntity which company's stock and work this is
 * @param active whether new work may be given to it
 * @param attributes custom, for rules and search
 */
public record Node(
        NodeId id,
        String code,
        NodeType type,
        @Nullable GeoPoint location,
        WorkCalendar calendar,
        Handling handling,
        int dailyCapacity,
        NodeCosts costs,
        String legalEntity,
        boolean ships,
        boolean handsOut,
        boolean active,
        SortedMap<String, String> attributes) {
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** The most nodes there can be: a place where stock is booked has a node's number in its lower half. */
    public static final int MOST = 65_535;

    /** One that sends off and hands out on the day on which it hears of an order. */
    public Node(
            NodeId id,
            String code,
            NodeType type,
            @Nullable GeoPoint location,
            WorkCalendar calendar,
            int dailyCapacity,
            NodeCosts costs,
            String legalEntity,
            boolean ships,
            boolean handsOut,
            boolean active,
            SortedMap<String, String> attributes) {
        this(
                id,
                code,
                type,
                location,
                calendar,
                Handling.SAME_DAY,
                dailyCapacity,
                costs,
                legalEntity,
                ships,
                handsOut,
                active,
                attributes);
    }

    /** In place of miles, where an end is not known: farther than any. */
    public static final long UNKNOWN = Long.MAX_VALUE;

    /**
     * When work can start on what is asked for at some moment.
     *
     * @param due the day on which the goods are due; null if they are there
     * @return null if the goods cannot be worked on within a year
     */
    public @Nullable Instant start(Instant asked, @Nullable LocalDate due) {
        if (due == null) {
            return asked;
        }
        LocalDate today = asked.atZone(calendar.zone()).toLocalDate();
        Instant there = calendar.receivedFrom(due.isBefore(today) ? today : due, handling.receivingDays());
        return there == null || there.isAfter(asked) ? there : asked;
    }
}
