package dev.tutti.inventory;

import dev.tutti.network.Channel;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Network;
import dev.tutti.network.RingFence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody may have of the stock: the units of some ring-fences, and of what nobody keeps all but a margin.
 *
 * @param own their pools; taken from before what nobody keeps
 * @param lent those of others that lend; taken from when nothing else is left
 * @param threshold units at each node that they do not see of what nobody keeps
 */
public record Fences(List<Integer> own, List<Integer> lent, int threshold) {
    public static final Fences NONE = new Fences(List.of(), List.of(), 0);

    public Fences {
        own = List.copyOf(own);
        lent = List.copyOf(lent);
    }

    /** Those of a channel's order. */
    public static Fences of(Network network, ChannelId channel, String customerGroup, Instant now) {
        Channel known = network.channel(channel);
        int threshold = known == null ? 0 : known.threshold();
        if (network.ringFences().isEmpty() && threshold == 0) {
            return NONE;
        }
        List<Integer> own = new ArrayList<>();
        List<Integer> lent = new ArrayList<>();
        for (RingFence fence : network.ringFences()) {
            if (fence.isOver(now)) {
                // What is left in it goes back soon, and is everybody's until then.
                lent.add(Place.poolOfFence(fence.number()));
            } else if (known != null && fence.isFor(known.code(), customerGroup)) {
                own.add(Place.poolOfFence(fence.number()));
            } else if (fence.lends()) {
                lent.add(Place.poolOfFence(fence.number()));
            }
        }
        return new Fences(own, lent, threshold);
    }

    /** Those of somebody who waits for what has come: what is kept for all who wait comes first. */
    public Fences ofWaiting() {
        List<Integer> first = new ArrayList<>();
        first.add(Place.Pool.WAKING);
        first.addAll(own);
        return new Fences(first, lent, threshold);
    }

    /** All that there is of what nobody keeps. */
    public Fences withoutThreshold() {
        return new Fences(own, lent, 0);
    }

    /** Whether it is nobody's units but those that nobody keeps. */
    public boolean isNone() {
        return own.isEmpty() && lent.isEmpty();
    }

    boolean has(int pool) {
        return own.contains(pool) || lent.contains(pool);
    }
}
