package dev.tutti.server.replay;

import dev.tutti.fulfilment.UnitState;
import dev.tutti.order.Order;
import dev.tutti.order.OrderLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Orders that wait for stock, by item: the most important and then the earliest first. */
final class Waiting {
    private record Place(int priority, Instant placedAt, long order) implements Comparable<Place> {
        private static final Comparator<Place> ORDER = Comparator.comparingInt((Place p) -> -p.priority())
                .thenComparing(Place::placedAt)
                .thenComparingLong(Place::order);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<Integer, TreeMap<Place, Integer>> byItem = new HashMap<>();
    private final Map<Long, List<Integer>> itemsOf = new HashMap<>();

    /** An order has changed: it may wait now, or no longer. */
    void follow(Order order) {
        long id = order.id().value();
        Place place = new Place(order.header().priority(), order.header().placedAt(), id);
        List<Integer> before = itemsOf.remove(id);
        if (before != null) {
            before.forEach(item -> byItem.getOrDefault(item, new TreeMap<>()).remove(place));
        }
        if (order.in(UnitState.BACKORDERED) == 0) {
            return;
        }
        List<Integer> items = new ArrayList<>();
        for (OrderLine line : order.lines()) {
            int units = line.units().in(UnitState.BACKORDERED);
            if (units > 0) {
                byItem.computeIfAbsent(line.item(), i -> new TreeMap<>()).merge(place, units, Integer::sum);
                items.add(line.item());
            }
        }
        itemsOf.put(id, items);
    }

    /** Units of an item that are waited for. */
    int units(int item) {
        TreeMap<Place, Integer> places = byItem.get(item);
        return places == null
                ? 0
                : places.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Who is first in line for so many units. */
    List<Long> first(int item, int units) {
        List<Long> orders = new ArrayList<>();
        long met = 0;
        for (Map.Entry<Place, Integer> place :
                byItem.getOrDefault(item, new TreeMap<>()).entrySet()) {
            if (met >= units) {
                break;
            }
            orders.add(place.getKey().order());
            met += place.getValue();
        }
        return orders;
    }
}
