package dev.tutti.order;

import dev.tutti.network.ChannelId;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.SortedMap;

/**
 * What was settled when the order was placed and never changes.
 *
 * @param externalId what the channel calls the order; unique within the channel
 * @param customer the channel's id of the customer; empty if there is none
 * @param priority the greater, the sooner it gets stock that others wait for too
 */
public record OrderHeader(
        OrderId id,
        ChannelId channel,
        String externalId,
        String customer,
        Currency currency,
        Instant placedAt,
        int priority,
        List<ShipGroup> shipGroups,
        SortedMap<String, String> attributes) {
    public OrderHeader {
        shipGroups = List.copyOf(shipGroups);
    }

    /** Ship groups are numbered from 1 without a gap. */
    public ShipGroup shipGroup(int number) {
        return shipGroups.get(number - 1);
    }
}
