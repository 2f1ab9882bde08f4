package dev.tutti.simulator.audit;

import static dev.tutti.simulator.audit.Invariant.REPEATS_KNOWN;

import dev.tutti.network.Channel;
import dev.tutti.order.Kit;
import dev.tutti.order.Order;
import dev.tutti.order.OrderId;
import dev.tutti.order.OrderLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Orders that are alike, in the order in which they became visible. */
final class Repeats {
    private record Alike(int channel, String customer, TreeMap<Integer, Integer> quantities) {}

    /** @param placed in seconds since 1970 */
    private record Seen(OrderId order, long placed, boolean repeats) {}

    private final Map<Alike, List<Seen>> seen = new HashMap<>();

    /** @param order that has just become visible, as it was placed */
    void placed(String name, Order order, Channel channel) {
        Duration within = channel.duplicatesWithin();
        if (within.isZero()) {
            return;
        }
        TreeMap<Integer, Integer> quantities = new TreeMap<>();
        TreeSet<Integer> kits = new TreeSet<>();
        for (OrderLine line : order.lines()) {
            Kit kit = line.kit();
            if (kit == null) {
                quantities.merge(line.item(), line.units().total(), Integer::sum);
            } else if (kits.add(kit.line())) {
                quantities.merge(kit.item(), kit.quantity(), Integer::sum);
            }
        }
        List<Seen> before = seen.computeIfAbsent(
                new Alike(channel.id().value(), order.header().customer(), quantities), alike -> new ArrayList<>());
        long placed = order.header().placedAt().getEpochSecond();
        OrderId said = order.header().duplicateOf();
        List<Seen> near = before.stream()
                .filter(one -> Math.abs(one.placed - placed) < within.toSeconds())
                .toList();
        // In a chain of like orders, each near the one before, one may be taken for the first.
        boolean chain = before.stream()
                .anyMatch(one -> !near.contains(one) && Math.abs(one.placed - placed) < 2 * within.toSeconds());
        if (said == null && !chain && near.stream().anyMatch(one -> !one.repeats)) {
            throw REPEATS_KNOWN.violatedAt(name, "does not say that it is like one of " + near);
        }
        if (said != null && near.stream().noneMatch(one -> one.order.equals(said))) {
            throw REPEATS_KNOWN.violatedAt(name, "says that it is like " + said + ", and there are only " + near);
        }
        before.add(new Seen(order.id(), placed, said != null));
    }
}
