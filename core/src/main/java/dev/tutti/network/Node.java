package dev.tutti.network;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Whatever can fulfil: a store, a distribution centre, a supplier, a third party's warehouse.
 *
 * @param code the name people and other systems know it by
 * @param location where it stands; null if nobody said, and then distance costs nothing
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
        int dailyCapacity,
        NodeCosts costs,
        String legalEntity,
        boolean ships,
        boolean handsOut,
        boolean active,
        SortedMap<String, String> attributes) {
    public static final int UNLIMITED = Integer.MAX_VALUE;
}
