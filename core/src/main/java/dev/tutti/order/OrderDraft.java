package dev.tutti.order;

import dev.tutti.network.ChannelId;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * An order as a channel asks for it.
 *
 * @param currency as the channel spells it
 * @param discount off the whole order, minor units, shared out over the lines by their value
 * @param shipping for the whole order, minor units, shared out over the lines by their value
 * @param reservation the number of the one whose units it takes over; 0 if it names none
 * @param statedTotal what the channel says it all comes to; checked if given
 */
public record OrderDraft(
        OrderId id,
        ChannelId channel,
        String externalId,
        String customer,
        String currency,
        Instant placedAt,
        int priority,
        List<ShipGroup> shipGroups,
        List<Line> lines,
        long discount,
        long shipping,
        @Nullable Long statedTotal,
        List<Contact> contacts,
        SortedMap<String, String> attributes,
        long reservation) {
    /** One that names no reservation. */
    public OrderDraft(
            OrderId id,
            ChannelId channel,
            String externalId,
            String customer,
            String currency,
            Instant placedAt,
            int priority,
            List<ShipGroup> shipGroups,
            List<Line> lines,
            long discount,
            long shipping,
            @Nullable Long statedTotal,
            List<Contact> contacts,
            SortedMap<String, String> attributes) {
        this(
                id,
                channel,
                externalId,
                customer,
                currency,
                placedAt,
                priority,
                shipGroups,
                lines,
                discount,
                shipping,
                statedTotal,
                contacts,
                attributes,
                0);
    }

    /** The most units of one line, and of a whole order. */
    public static final int MOST_UNITS = 100_000;

    /** A line as a channel asks for it; amounts in minor units for the whole line but the unit price. */
    public record Line(
            int item, int quantity, int shipGroup, boolean splittable, long unitPrice, long discount, long tax) {}
}
