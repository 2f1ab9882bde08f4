package dev.tutti.inventory;

import dev.tutti.network.Network;
import dev.tutti.network.NodeId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The supply of some items as it will be: what there is, and what is {@linkplain Expectation expected} until some day. Belongs
 * to one thread.
 */
public final class Foreseen implements Supply {
    private final Supply now;
    private final Map<Integer, List<Stock.Due>> expected = new TreeMap<>();
    private final Candidates candidates = new Candidates();
    private LocalDate until = LocalDate.MIN;

    /**
     * @param now what can be had at once
     * @param stock what is expected
     */
    public Foreseen(Supply now, Stock stock, Iterable<Integer> items, Network network, Instant moment) {
        this.now = now;
        for (int item : items) {
            List<Stock.Due> due = Expectation.of(stock, item, moment, network);
            if (!due.isEmpty()) {
                expected.put(item, due);
            }
        }
    }

    /** The days on which any of it is due, in their order. */
    public TreeSet<LocalDate> days() {
        TreeSet<LocalDate> days = new TreeSet<>();
        expected.values().forEach(due -> due.forEach(there -> days.add(there.day())));
        return days;
    }

    /** From now on what is due until this day counts, the day included. */
    public void lookUntil(LocalDate day) {
        until = day;
    }

    @Override
    public void read(int item, Candidates into) {
        now.read(item, into);
        for (Stock.Due due : expected.getOrDefault(item, List.of())) {
            if (!due.day().isAfter(until)) {
                into.addMore(due.node().value(), due.units());
            }
        }
    }

    @Override
    public Position balance(PositionKey position) {
        return now.balance(position);
    }

    /** Units of an item at a node, or at all nodes together. */
    public long units(int item, @Nullable NodeId node) {
        read(item, candidates);
        long units = 0;
        for (int i = 0; i < candidates.size(); i++) {
            units += node == null || candidates.place(i) == node.value() ? candidates.units(i) : 0;
        }
        return units;
    }

    /** The day on which a node has so many units of an item, of those on hand first; null if it has them now. */
    public @Nullable LocalDate day(int item, NodeId node, int units) {
        now.read(item, candidates);
        long there = 0;
        for (int i = 0; i < candidates.size(); i++) {
            there += candidates.place(i) == node.value() ? candidates.units(i) : 0;
        }
        LocalDate day = null;
        for (Stock.Due due : expected.getOrDefault(item, List.of())) {
            if (there >= units) {
                break;
            }
            if (due.node().equals(node)) {
                there += due.units();
                day = due.day();
            }
        }
        return day;
    }
}
