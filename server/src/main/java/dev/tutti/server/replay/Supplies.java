package dev.tutti.server.replay;

import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.postgres.ReplayStore.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The mapping's rule of how stock is given: what a node has of an item at first, and what it orders from suppliers by
 * the demand it has had so far. Nothing here knows what is still to come in the history.
 */
final class Supplies {
    /** Demand of fewer days would be taken for more than it is. */
    private static final int LEAST_DAYS = 7;

    private static final long SECONDS_A_DAY = 86_400;

    private final Mapping.Stock rule;
    private final AvailabilityIndex index;
    private final List<Node> forOrders = new ArrayList<>();
    /** By node, then item; what is asked of a node is asked of it first. */
    private final NavigableMap<Integer, NavigableMap<Integer, Demand>> demand = new TreeMap<>();

    private final Map<PositionKey, Integer> onItsWay = new HashMap<>();

    private static final class Demand {
        final Instant since;
        long units;

        Demand(Instant since) {
            this.since = since;
        }
    }

    Supplies(Mapping.Stock rule, Network network, AvailabilityIndex index) {
        this.rule = rule;
        this.index = index;
        for (Node node : network.nodes()) {
            if (rule.nodes().isEmpty()
                    ? node.ships() && node.location() != null
                    : rule.nodes().contains(node.code())) {
                forOrders.add(node);
            }
        }
        if (forOrders.isEmpty()) {
            forOrders.addAll(network.nodes().stream().limit(1).toList());
        }
    }

    /** The node whose stock an order's demand is counted for: the nearest that is supplied. */
    NodeId nodeFor(@Nullable GeoPoint destination) {
        Node nearest = forOrders.getFirst();
        double best = Double.MAX_VALUE;
        for (Node node : forOrders) {
            GeoPoint place = node.location();
            double miles = place == null || destination == null ? Double.MAX_VALUE : place.milesTo(destination);
            if (miles < best) {
                best = miles;
                nearest = node;
            }
        }
        return nearest.id();
    }

    /**
     * Units are asked of a node.
     *
     * @return how many it must have had before, if this is the first time; else 0
     */
    int asked(NodeId node, int item, int units, Instant now) {
        NavigableMap<Integer, Demand> items = demand.computeIfAbsent(node.value(), n -> new TreeMap<>());
        Demand known = items.get(item);
        int opening = 0;
        if (known == null) {
            known = new Demand(now);
            items.put(item, known);
            opening = index.position(new PositionKey(item, node.value())) == null ? rule.opening() : 0;
        }
        known.units += units;
        return opening;
    }

    /** When this node's stock is reviewed next, after some moment. */
    Instant nextReview(ZoneId zone, Instant after) {
        Instant next = after.atZone(zone).with(rule.at()).toInstant();
        return next.isAfter(after)
                ? next
                : after.atZone(zone).plusDays(rule.everyDays()).with(rule.at()).toInstant();
    }

    /**
     * What a node orders now.
     *
     * @param waiting units of an item that orders wait for
     */
    List<Delivery> review(NodeId node, Instant now, IntUnaryOperator waiting) {
        List<Delivery> ordered = new ArrayList<>();
        boolean serves = forOrders.getFirst().id().equals(node);
        demand.getOrDefault(node.value(), new TreeMap<>()).forEach((item, asked) -> {
            PositionKey key = new PositionKey(item, node.value());
            Position there = index.balance(key);
            long days = Math.max(LEAST_DAYS, (now.getEpochSecond() - asked.since.getEpochSecond()) / SECONDS_A_DAY);
            long upTo = Math.max(rule.least(), Math.ceilDiv(asked.units * rule.coverDays(), days));
            long have = (long) there.onHand() - there.reserved() + onItsWay.getOrDefault(key, 0);
            if (serves) {
                have -= waiting.applyAsInt(item);
            }
            if (have * 2 < upTo) {
                int units = (int) Math.min(upTo - have, Position.MOST / 4);
                Delivery delivery = new Delivery(now.plus(Duration.ofDays(rule.leadDays())), node.value(), item, units);
                ordered.add(delivery);
                isComing(delivery);
            }
        });
        return ordered;
    }

    void isComing(Delivery delivery) {
        onItsWay.merge(new PositionKey(delivery.item(), delivery.node()), delivery.units(), Integer::sum);
    }

    void hasCome(Delivery delivery) {
        onItsWay.merge(new PositionKey(delivery.item(), delivery.node()), -delivery.units(), Integer::sum);
    }
}
