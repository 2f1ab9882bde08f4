package dev.tutti.server.live;

import dev.tutti.fulfilment.FulfilmentStatus;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Node;
import dev.tutti.order.OrderStatus;
import dev.tutti.postgres.LiveReads;
import dev.tutti.postgres.LiveReads.LatestOrder;
import dev.tutti.postgres.LiveReads.Part;
import dev.tutti.postgres.LiveReads.Why;
import dev.tutti.server.engine.Engine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The newest orders, and why their nodes are their nodes. */
record LatestView(List<Row> rows, boolean unread) {
    private static final int MOST = 12;

    record Row(
            String instant,
            String time,
            State state,
            String order,
            String channel,
            String units,
            String to,
            List<Giver> nodes,
            String none,
            String why) {}

    /** @param kind the colour of its dot */
    record State(String kind, String words) {}

    /** @param units of the order; empty if it gives all */
    record Giver(String code, String town, String units) {}

    /** The orders with all that is shown of them. */
    record Found(List<LatestOrder> orders, Map<Long, List<Part>> parts, Map<Long, Why> whys) {}

    static Found find(LiveReads reads, Seen seen) {
        List<LatestOrder> orders = reads.latest(seen.channelNumbers(), MOST);
        List<Long> ids = orders.stream().map(LatestOrder::id).toList();
        return new Found(orders, reads.parts(ids), reads.whys(ids));
    }

    static LatestView of(@Nullable Found found, Seen seen) {
        if (found == null) {
            return new LatestView(List.of(), true);
        }
        List<Row> rows = new ArrayList<>();
        Instant now = Engine.now();
        for (LatestOrder order : found.orders) {
            List<Part> parts = found.parts.getOrDefault(order.id(), List.of());
            Channel channel = seen.network().channel(new ChannelId(order.channel()));
            rows.add(new Row(
                    order.placedAt().toString(),
                    Words.timeOrDay(order.placedAt(), now),
                    state(order, parts),
                    order.externalId(),
                    channel == null ? "" : channel.code(),
                    Words.number(order.units()),
                    (order.country() + " " + order.postcode()).strip(),
                    parts.stream().map(part -> giver(part, parts.size(), seen)).toList(),
                    order.status() == OrderStatus.CANCELLED ? "no node" : "no node yet",
                    Reason.of(order, parts, found.whys.get(order.id()), seen)));
        }
        return new LatestView(rows, false);
    }

    private static Giver giver(Part part, int parts, Seen seen) {
        Node node = seen.node(part.node());
        String units = parts == 1 ? "" : Words.number(part.units());
        return node == null
                ? new Giver("", "another node", units)
                : new Giver(node.code(), Words.town(node).replace(",", ""), units);
    }

    private static State state(LatestOrder order, List<Part> parts) {
        return switch (order.status()) {
            case BACKORDERED -> new State("waiting", "waiting for stock");
            case ACCEPTED -> new State("waiting", "accepted");
            case ALLOCATED -> new State("released", "allocated");
            case RELEASED -> worked(parts);
            case PARTLY_FULFILLED -> new State("working", "partly fulfilled");
            case FULFILLED -> new State("fulfilled", "fulfilled");
            case RETURNED -> new State("returned", "returned");
            case CANCELLED -> new State("cancelled", "cancelled");
        };
    }

    private static State worked(List<Part> parts) {
        if (parts.stream().anyMatch(part -> part.status() == FulfilmentStatus.IN_PROGRESS)) {
            return new State("working", "being picked");
        }
        if (parts.stream().allMatch(part -> part.status() == FulfilmentStatus.READY)) {
            return new State("ready", "ready");
        }
        return new State("released", "released");
    }
}
