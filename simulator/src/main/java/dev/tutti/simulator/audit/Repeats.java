package dev.tutti.simulator.audit;

import static dev.tutti.simulator.audit.Invariant.REPEATS_KNOWN;

import dev.tutti.network.Channel;
import dev.tutti.order.Order;
import dev.tutti.order.OrderId;
import dev.tutti.order.OrderLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Orders that are alike, in the order in which they became visible. */
final class Repeats {
    private record Alike(int channel, String customer, TreeMap<Integer, Integer> quantities) {}

    private record Seen(OrderId order, Instant placed) {}

    private final Map<Alike, List<Seen>> seen = new HashMap<>();

    /** @param order that has just become visible, as it was placed */
    void placed(String name, Order order, Channel channel) {
        Duration within = channel.duplicatesWithin();
        if (within.isZero()) {
            return;
        }
        TreeMap<Integer, Integer> quantities = new TreeMap<>();
        for (OrderLine line : order.lines()) {
            quantities.merge(line.item(), line.units().total(), Integer::sum);
        }
        List<Seen> before = seen.computeIfAbsent(
                new Alike(channel.id().value(), order.header().customer(), quantities), alike -> new ArrayList<>());
        Instant placed = order.header().placedAt();
        OrderId said = order.header().duplicateOf();
        boolean inItsStretch = before.stream().anyMatch(one -> stretch(one.placed, within) == stretch(placed, within));
        if (said == null && inItsStretch) {
            throw REPEATS_KNOWN.violatedAt(name, "does not say that it is like one of " + before);
        }
        boolean isRight = before.stream()
                .anyMatch(one -> one.order.equals(said)
                        && Duration.between(one.placed, placed).abs().compareTo(within) <= 0);
        if (said != null && !isRight) {
            throw REPEATS_KNOWN.violatedAt(name, "says that it is like " + said + ", and there are only " + before);
        }
        before.add(new Seen(order.id(), placed));
    }

    private static long stretch(Instant placed, Duration within) {
        return Math.floorDiv(placed.getEpochSecond(), within.toSeconds());
    }
}
