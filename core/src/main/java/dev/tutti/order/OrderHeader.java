package dev.tutti.order;

import dev.tutti.network.ChannelId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What was settled when the order was placed, and changes no more, but for an address that is corrected.
 *
 * @param externalId what the channel calls the order; unique within the channel
 * @param customer the channel's id of the customer; empty if there is none
 * @param priority the greater, the sooner it gets stock that others wait for too
 * @param duplicateOf the order it may repeat, or null
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
        SortedMap<String, String> attributes,
        @Nullable OrderId duplicateOf) {
    public OrderHeader {
        shipGroups = List.copyOf(shipGroups);
    }

    OrderHeader with(ShipGroup corrected) {
        List<ShipGroup> groups = new ArrayList<>(shipGroups);
        groups.set(corrected.number() - 1, corrected);
        return new OrderHeader(
                id, channel, externalId, customer, currency, placedAt, priority, groups, attributes, duplicateOf);
    }

    /** Ship groups are numbered from 1 without a gap. */
    public ShipGroup shipGroup(int number) {
        return shipGroups.get(number - 1);
    }
}
