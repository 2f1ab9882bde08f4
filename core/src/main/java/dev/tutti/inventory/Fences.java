package dev.tutti.inventory;

import dev.tutti.network.Channel;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Network;
import dev.tutti.network.RingFence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The ring-fences whose units somebody may have.
 *
 * @param own their pools; taken from before what nobody keeps
 * @param lent those of others that lend; taken from when nothing else is left
 */
public record Fences(List<Integer> own, List<Integer> lent) {
    public static final Fences NONE = new Fences(List.of(), List.of());

    public Fences {
        own = List.copyOf(own);
        lent = List.copyOf(lent);
    }

    /** Those of a channel's order. */
    public static Fences of(Network network, ChannelId channel, String customerGroup, Instant now) {
        if (network.ringFences().isEmpty()) {
            return NONE;
        }
        Channel known = network.channel(channel);
        List<Integer> own = new ArrayList<>();
        List<Integer> lent = new ArrayList<>();
        for (RingFence fence : network.ringFences()) {
            if (fence.isOver(now)) {
                continue;
            }
            if (known != null && fence.isFor(known.code(), customerGroup)) {
                own.add(Place.poolOfFence(fence.number()));
            } else if (fence.lends()) {
                lent.add(Place.poolOfFence(fence.number()));
            }
        }
        return new Fences(own, lent);
    }

    /** Those of somebody who waits for what has come: what is kept for all who wait comes first. */
    public Fences ofWaiting() {
        List<Integer> first = new ArrayList<>();
        first.add(Place.Pool.WAKING);
        first.addAll(own);
        return new Fences(first, lent);
    }

    public boolean isNone() {
        return own.isEmpty() && lent.isEmpty();
    }

    boolean has(int pool) {
        return own.contains(pool) || lent.contains(pool);
    }
}
