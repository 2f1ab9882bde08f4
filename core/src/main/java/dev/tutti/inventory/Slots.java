package dev.tutti.inventory;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.PickUpHours;
import dev.tutti.network.PickUpTime;
import dev.tutti.network.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Slots in which customers collect, claimed like stock: one pick-up each, as many as the node says a slot takes. */
public final class Slots {
    private static final Duration LONGEST_AHEAD = Duration.ofDays(366);
    /** A slot that was offered is still given when the customer has taken so long to decide. */
    private static final Duration TIME_TO_DECIDE = Duration.ofMinutes(15);

    private Slots() {}

    /** How many pick-ups a slot of a node takes as things are configured now; none if it has no such slots. */
    private static int perSlot(Network network, Slot slot) {
        Node node = network.node(slot.node().value());
        PickUpHours hours = node == null ? null : node.handling().pickUp();
        return hours == null || hours.slot() == 0 ? 0 : hours.perSlot();
    }

    /** Whether it takes nobody more. */
    public static boolean isFull(Network network, Supply stock, Slot slot) {
        return stock.balance(PositionKey.ofSlot(slot)).reserved() >= perSlot(network, slot);
    }

    /**
     * Why slots cannot be had.
     *
     * @param slots what somebody would like, by where in the input they say so
     * @return null if they can
     */
    public static @Nullable Refusal refusal(Network network, Supply stock, TreeMap<String, Slot> slots, Instant now) {
        TreeMap<PositionKey, Integer> wanted = new TreeMap<>();
        for (var said : slots.entrySet()) {
            Slot slot = said.getValue();
            if (slot.from().isBefore(now)) {
                return Refusal.at(said.getKey(), RefusalCode.INVALID_FIELD, "that slot has begun already");
            }
            PickUpTime first = first(network, slot, now.minus(TIME_TO_DECIDE));
            if (first == null
                    || slot.from().isBefore(first.ready())
                    || slot.from().isAfter(now.plus(LONGEST_AHEAD))) {
                return Refusal.at(
                        said.getKey(),
                        RefusalCode.INVALID_FIELD,
                        first == null
                                ? "nothing can be collected there within a year"
                                : "slots are given from " + first.ready() + " on, when anything could be ready, for "
                                        + LONGEST_AHEAD.toDays() + " days");
            }
            int before = wanted.merge(PositionKey.ofSlot(slot), 1, Integer::sum) - 1;
            int taken = stock.balance(PositionKey.ofSlot(slot)).reserved() + before;
            if (taken >= perSlot(network, slot)) {
                return Refusal.at(said.getKey(), RefusalCode.INSUFFICIENT_CAPACITY, "that slot is taken");
            }
        }
        return null;
    }

    /** The first in which anything could be collected that is on the node's shelf at this moment; null if never. */
    private static @Nullable PickUpTime first(Network network, Slot slot, Instant now) {
        Node node = network.node(slot.node().value());
        Instant start = node == null ? null : node.start(now, null);
        return node == null || start == null ? null : PickUpTime.of(node, start, full -> false);
    }

    /** What claims a slot. Whoever does says what it takes now. */
    public static List<StockChange> claims(Network network, Supply stock, Slot slot) {
        PositionKey key = PositionKey.ofSlot(slot);
        List<StockChange> claims = new ArrayList<>();
        Position known = stock.balance(key);
        int perSlot = perSlot(network, slot);
        if (known.version() == 0 || known.backorderCap() != perSlot) {
            claims.add(new StockChange(key, StockMove.CAP, perSlot));
        }
        claims.add(new StockChange(key, StockMove.RESERVE, 1));
        return claims;
    }

    public static StockChange release(Slot slot) {
        return new StockChange(PositionKey.ofSlot(slot), StockMove.RELEASE, 1);
    }
}
