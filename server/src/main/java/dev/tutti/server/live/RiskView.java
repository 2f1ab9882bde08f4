package dev.tutti.server.live;

import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Supply.Candidates;
import dev.tutti.network.Node;
import dev.tutti.postgres.LiveReads;
import dev.tutti.postgres.LiveReads.Stock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the next order may find nothing: positions that owe units they do not have, then items that orders wait for, then
 * those of the newest orders of which least is left.
 */
record RiskView(String aside, List<Row> rows, boolean unread) {
    private static final int MOST = 8;
    private static final int ORDERS = 60;

    record Row(
            String sku,
            String description,
            String node,
            String town,
            String onHand,
            String reserved,
            Cell available,
            Cell shortage,
            Cell waiting,
            List<Part> bar,
            String label) {}

    record Cell(String zero, String number) {}

    /** A part of a row's bar, in percent. */
    record Part(String kind, String x, String width) {}

    /** @param waiting how many orders wait, by item */
    record Found(List<Stock> stock, Map<Integer, Long> waiting) {}

    static Found find(LiveReads reads, AvailabilityIndex index, Seen seen) {
        List<Integer> channels = seen.channelNumbers();
        List<Integer> nodes = seen.nodeNumbers();
        List<Stock> worst = new ArrayList<>(reads.shortages(nodes, MOST));
        Set<Integer> named = new LinkedHashSet<>();
        worst.forEach(stock -> named.add(stock.item()));
        List<Integer> others = new ArrayList<>();
        if (worst.size() < MOST) {
            reads.waiting(channels, null, MOST).keySet().forEach(item -> add(item, named, others));
        }
        if (worst.size() + others.size() < MOST) {
            List<Integer> lately = reads.orderedLately(channels, ORDERS);
            leastFirst(lately, index, seen).forEach(item -> add(item, named, others));
        }
        List<Integer> shown = others.subList(0, Math.min(others.size(), MOST - worst.size()));
        Map<Integer, Stock> sums = reads.stock(shown, nodes);
        for (int item : shown) {
            Stock stock = sums.get(item);
            if (stock != null) {
                worst.add(stock);
            }
        }
        List<Integer> items = worst.stream().map(Stock::item).distinct().toList();
        return new Found(worst, reads.waiting(channels, items, items.size()));
    }

    private static void add(int item, Set<Integer> named, List<Integer> to) {
        if (named.add(item)) {
            to.add(item);
        }
    }

    /** By the picture in memory: the database is asked for those that are shown, and no others. */
    private static List<Integer> leastFirst(List<Integer> items, AvailabilityIndex index, Seen seen) {
        record Left(int item, long units) {}
        Candidates candidates = new Candidates();
        List<Left> left = new ArrayList<>();
        for (int item : items) {
            index.read(item, candidates);
            long units = 0;
            for (int i = 0; i < candidates.size(); i++) {
                units += seen.node(candidates.place(i)) == null ? 0 : candidates.units(i);
            }
            left.add(new Left(item, units));
        }
        left.sort(Comparator.comparingLong(Left::units).thenComparingInt(Left::item));
        return left.stream().map(Left::item).toList();
    }

    static RiskView of(@Nullable Found found, Seen seen) {
        if (found == null) {
            return new RiskView("", List.of(), true);
        }
        List<Row> rows = found.stock.stream()
                .map(stock -> row(stock, found.waiting.getOrDefault(stock.item(), 0L), seen))
                .toList();
        boolean bad = found.stock.stream().anyMatch(stock -> stock.shortage() > 0) || !found.waiting.isEmpty();
        return new RiskView(rows.isEmpty() || bad ? "" : "Nothing short; least left of what sells now", rows, false);
    }

    private static Row row(Stock stock, long waiting, Seen seen) {
        Node node = stock.places() == 1 ? seen.node(stock.place()) : null;
        String many = stock.places() == 0 ? "no node" : Words.count(stock.places(), "node", "nodes");
        String where = node == null ? many : node.code();
        long held = Math.max(0, stock.reserved() - stock.shortage());
        long whole = Math.max(1, held + stock.available() + stock.shortage());
        List<Part> bar = new ArrayList<>();
        long from = 0;
        from = part("held", from, held, whole, bar);
        from = part("free", from, stock.available(), whole, bar);
        part("short", from, stock.shortage(), whole, bar);
        return new Row(
                stock.sku(),
                stock.description(),
                where,
                node == null ? "" : Words.town(node),
                Words.number(stock.onHand()),
                Words.number(stock.reserved()),
                cell(stock.available()),
                cell(stock.shortage()),
                cell(waiting),
                bar,
                Words.number(held) + " reserved, " + Words.number(stock.available()) + " available, "
                        + Words.number(stock.shortage()) + " short");
    }

    private static long part(String kind, long from, long units, long whole, List<Part> bar) {
        if (units > 0) {
            bar.add(new Part(
                    kind, Words.length(100.0 * from / whole) + "%", Words.length(100.0 * units / whole) + "%"));
        }
        return from + units;
    }

    private static Cell cell(long number) {
        return new Cell(number == 0 ? " zero" : "", Words.number(number));
    }
}
