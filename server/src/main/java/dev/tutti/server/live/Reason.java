package dev.tutti.server.live;

import dev.tutti.fulfilment.Method;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Node;
import dev.tutti.order.OrderStatus;
import dev.tutti.postgres.LiveReads.LatestOrder;
import dev.tutti.postgres.LiveReads.Part;
import dev.tutti.postgres.LiveReads.Why;
import dev.tutti.sourcing.SourcingRecord;
import dev.tutti.sourcing.SourcingRequest.Demand;
import dev.tutti.sourcing.SourcingRequest.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Why these nodes, in plain words: what the decision record says, and no more. It holds what planning saw, so that what
 * was not taken can be told as well.
 */
final class Reason {
    private static final String DOT = Words.TIED + "· ";

    private final LatestOrder order;
    private final List<Part> parts;
    private final Why why;
    private final Seen seen;

    private Reason(LatestOrder order, List<Part> parts, Why why, Seen seen) {
        this.order = order;
        this.parts = parts;
        this.why = why;
        this.seen = seen;
    }

    static String of(LatestOrder order, List<Part> parts, @Nullable Why why, Seen seen) {
        if (order.status() == OrderStatus.CANCELLED) {
            return "called off before anything had left";
        }
        if (why == null) {
            return parts.isEmpty() ? "nobody has looked for a node yet" : "";
        }
        Reason reason = new Reason(order, parts, why, seen);
        return parts.isEmpty() ? reason.none() : reason.some();
    }

    /** What planning saw of each item, by place. */
    private Map<Integer, Map<Integer, Integer>> offers() {
        Map<Integer, Map<Integer, Integer>> offers = new TreeMap<>();
        int[] supply = why.record().supply();
        for (int at = 0; at + 1 < supply.length; at += 2 + 2 * supply[at + 1]) {
            if (supply[at] > 0) { // a day of a node otherwise
                Map<Integer, Integer> places = offers.computeIfAbsent(supply[at], item -> new TreeMap<>());
                for (int i = 0; i < supply[at + 1]; i++) {
                    places.put(supply[at + 2 + 2 * i], supply[at + 3 + 2 * i]);
                }
            }
        }
        return offers;
    }

    private static Set<Integer> places(Map<Integer, Map<Integer, Integer>> offers) {
        Set<Integer> places = new TreeSet<>();
        offers.values().forEach(of -> places.addAll(of.keySet()));
        return places;
    }

    /** Who sees some nodes only is told nothing of what the others have. */
    private boolean seesAll(Set<Integer> places) {
        return seen.nodeNumbers() == null || places.stream().allMatch(place -> seen.node(place) != null);
    }

    private String none() {
        Map<Integer, Map<Integer, Integer>> offers = offers();
        if (!seesAll(places(offers))) {
            return "waits for stock";
        }
        long wanted = 0;
        long there = 0;
        for (Demand demand : why.record().request().demands()) {
            wanted += demand.quantity();
            there += Math.min(
                    demand.quantity(),
                    offers.getOrDefault(demand.item(), Map.of()).values().stream()
                            .mapToLong(units -> units)
                            .sum());
        }
        return Words.number(there) + " of " + Words.count(wanted, "unit", "units")
                + " to be had when it was last looked for";
    }

    private String some() {
        Map<Integer, Map<Integer, Integer>> offers = offers();
        Set<Integer> considered = places(offers);
        List<String> facts = new ArrayList<>();
        boolean seesAll = seesAll(considered);
        if (seesAll) {
            facts.add(choice(offers, considered));
        }
        facts.add(Words.count(parts.size(), "package", "packages"));
        // A later look is for what was left; its cost is not that of all packages.
        if (why.cost() > 0 && why.run() == 1) {
            facts.add(Words.money(why.cost(), order.currency()));
        }
        String miles = miles();
        if (!miles.isEmpty()) {
            facts.add(miles);
        }
        if (!seesAll) {
            return String.join(DOT, facts);
        }
        String last = Words.count(considered.size(), "node", "nodes") + Words.TIED + "considered";
        return String.join(DOT, facts) + "; " + last + (why.proven() ? "" : ", not proven to cost least");
    }

    private String choice(Map<Integer, Map<Integer, Integer>> offers, Set<Integer> considered) {
        if (parts.stream().allMatch(part -> part.method() == Method.PICK_UP)) {
            return "collected where the customer chose";
        }
        if (why.run() > 1) {
            return "found when it was looked for the " + nth(why.run()) + " time";
        }
        long enough = considered.stream().filter(place -> hasAll(place, offers)).count();
        String all = order.lines() == 1
                ? "all " + Words.count(order.units(), "unit", "units")
                : "all " + Words.count(order.lines(), "line", "lines");
        if (order.lines() == 1 && order.units() == 1) {
            all = "it";
        }
        if (parts.size() > 1) {
            return enough == 0 ? "no node has " + all : "costs less than one of the " + enough + " that have " + all;
        }
        if (enough == 1) {
            return "the only node with " + all;
        }
        return enough == 0 ? "costs least" : "costs least of the " + Words.number(enough) + " with " + all;
    }

    private boolean hasAll(int place, Map<Integer, Map<Integer, Integer>> offers) {
        Map<Integer, Integer> wanted = new TreeMap<>();
        why.record().request().demands().forEach(d -> wanted.merge(d.item(), d.quantity(), Integer::sum));
        return wanted.entrySet().stream()
                .allMatch(
                        item -> offers.getOrDefault(item.getKey(), Map.of()).getOrDefault(place, 0) >= item.getValue());
    }

    private static String nth(int run) {
        boolean teen = run / 10 % 10 == 1;
        int last = run % 10;
        return run
                + (teen || last == 0 || last > 3
                        ? "th"
                        : List.of("st", "nd", "rd").get(last - 1));
    }

    /** From each node to where the order goes, for those that may be seen. */
    private String miles() {
        SourcingRecord record = why.record();
        List<Group> groups = record.request().groups();
        GeoPoint destination = groups.size() == 1 ? groups.getFirst().destination() : null;
        List<String> miles = new ArrayList<>();
        for (Part part : parts) {
            Node node = seen.node(part.node());
            GeoPoint from = node == null ? null : node.location();
            if (destination != null && from != null) {
                miles.add(Words.number(Math.round(from.milesTo(destination))));
            }
        }
        if (miles.isEmpty()) {
            return "";
        }
        String last = miles.removeLast();
        String before = miles.isEmpty() ? "" : String.join(", ", miles) + " and" + Words.TIED;
        return before + last + Words.TIED + (before.isEmpty() && last.equals("1") ? "mile" : "miles");
    }
}
