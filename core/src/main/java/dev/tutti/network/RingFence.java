package dev.tutti.network;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Units that are kept for somebody: a channel, a group of customers, an event. How many it keeps, and where, is stock and
 * not configuration.
 *
 * @param number from 1, given once when it is made known, never reused
 * @param channels the codes of those whose orders may have its units
 * @param customerGroups whose orders may have them, whatever the channel; see {@link #GROUP}
 * @param lends whether all others may have them too, when there is nothing left that nobody keeps
 * @param returnsAt when what is left in it is everybody's again; null if never by itself
 */
public record RingFence(
        int number,
        String code,
        SortedSet<String> channels,
        SortedSet<String> customerGroups,
        boolean lends,
        @Nullable Instant returnsAt) {
    /** The attribute of an order that says which group its customer belongs to. */
    public static final String GROUP = "customerGroup";

    public RingFence {
        channels = Collections.unmodifiableSortedSet(new TreeSet<>(channels));
        customerGroups = Collections.unmodifiableSortedSet(new TreeSet<>(customerGroups));
    }

    /** @param customerGroup empty if it is not known */
    public boolean isFor(String channel, String customerGroup) {
        return channels.contains(channel) || customerGroups.contains(customerGroup);
    }

    public boolean isOver(Instant now) {
        return returnsAt != null && !now.isBefore(returnsAt);
    }
}
