package dev.tutti.inventory;

import dev.tutti.network.Channel;
import dev.tutti.network.ItemTerms;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What can be promised of items to the customers of a channel: node by node and over all nodes that count, now and by a day.
 * Of a kit there are as many as its parts make. Belongs to one thread.
 */
public final class Atp {
    private static final int DAYS_OF_A_KIT = 30;

    private final Stock stock;
    private final Network network;
    private final Channel channel;
    private final Fences fences;
    private final Instant now;
    private final Predicate<Node> counts;
    private final Supply.Candidates candidates = new Supply.Candidates();

    /** @param counts which nodes are looked at, of those that are active */
    public Atp(
            Stock stock, Network network, Channel channel, String customerGroup, Instant now, Predicate<Node> counts) {
        this.stock = stock;
        this.network = network;
        this.channel = channel;
        this.fences = Fences.of(network, channel.id(), customerGroup, now);
        this.now = now;
        this.counts = counts;
    }

    /**
     * Units of one item.
     *
     * @param ship that can be sent, from all nodes together
     * @param pickUp that can be collected, at all nodes together; all of a kit at one node
     * @param nodes that have any, by number
     */
    public record Units(long ship, long pickUp, List<At> nodes) {
        static final Units NONE = new Units(0, 0, List.of());
    }

    public record At(Node node, int units) {}

    /**
     * Units that are counted on from a day on.
     *
     * @param node where; null for a kit, whose parts may come anywhere
     * @param units more than the day before; {@link Position#MOST} if as many as are wanted
     */
    public record Expected(LocalDate day, @Nullable Node node, int units) {}

    /** What there is now. */
    public Units now(int item) {
        return by(item, LocalDate.MIN);
    }

    /** What there is on a day, in each node's zone: what is there now, and what is expected until then. */
    public Units by(int item, LocalDate day) {
        ItemTerms terms = network.terms(item);
        if (!terms.isSoldBy(channel.code())) {
            return Units.NONE;
        }
        return terms.isKit() ? ofKit(terms, day) : ofOne(item, terms, day);
    }

    private Units ofOne(int item, ItemTerms terms, LocalDate day) {
        stock.read(item, fences, candidates);
        if (!day.equals(LocalDate.MIN)) {
            for (Stock.Due due : Expectation.of(stock, item, now, network)) {
                if (!due.day().isAfter(day)) {
                    candidates.addMore(due.node().value(), due.units());
                }
            }
        }
        long ship = 0;
        long pickUp = 0;
        List<At> nodes = new ArrayList<>(candidates.size());
        for (int i = 0; i < candidates.size(); i++) {
            Node node = network.node(candidates.place(i));
            if (node != null && node.active() && counts.test(node)) {
                int units = candidates.units(i);
                ship += node.ships() && terms.ships() ? units : 0;
                pickUp += node.handsOut() && terms.handsOut() ? units : 0;
                nodes.add(new At(node, units));
            }
        }
        return new Units(ship, pickUp, nodes);
    }

    /** Parts may be sent by different nodes; they are collected at one. */
    private Units ofKit(ItemTerms kit, LocalDate day) {
        long ship = kit.ships() ? Long.MAX_VALUE : 0;
        long pickUp = 0;
        List<At> nodes = List.of();
        boolean first = true;
        boolean handsOut = kit.handsOut();
        for (ItemTerms.Part part : kit.parts()) {
            ItemTerms terms = network.terms(part.item());
            Units units = ofOne(part.item(), terms, day);
            ship = Math.min(ship, units.ship() / part.quantity());
            handsOut &= terms.handsOut();
            nodes = first ? whole(units.nodes(), part.quantity()) : both(nodes, whole(units.nodes(), part.quantity()));
            first = false;
        }
        for (At at : nodes) {
            pickUp += handsOut && at.node().handsOut() ? at.units() : 0;
        }
        return new Units(ship, pickUp, nodes);
    }

    private static List<At> whole(List<At> nodes, int quantity) {
        return nodes.stream()
                .map(at -> new At(at.node(), at.units() / quantity))
                .filter(at -> at.units() > 0)
                .toList();
    }

    private static List<At> both(List<At> some, List<At> others) {
        // Looked up only; the order is that of the first.
        Map<Node, Integer> there = new HashMap<>();
        others.forEach(at -> there.put(at.node(), at.units()));
        return some.stream()
                .map(at -> new At(at.node(), Math.min(at.units(), there.getOrDefault(at.node(), 0))))
                .filter(at -> at.units() > 0)
                .toList();
    }

    /** What is expected, less what those have who wait; the soonest first. */
    public List<Expected> expected(int item) {
        ItemTerms terms = network.terms(item);
        List<Expected> expected = new ArrayList<>();
        if (!terms.isSoldBy(channel.code())) {
            return expected;
        }
        if (terms.isKit()) {
            ofKit(item, terms, expected);
            return expected;
        }
        for (Stock.Due due : Expectation.of(stock, item, now, network)) {
            Node node = network.node(due.node().value());
            if (node != null && node.active() && counts.test(node)) {
                expected.add(new Expected(due.day(), node, due.units()));
            }
        }
        return expected;
    }

    /** As many more as can be sent, or collected if those are more; on the first days alone, for each takes a while. */
    private void ofKit(int item, ItemTerms terms, List<Expected> into) {
        Units there = now(item);
        long before = Math.max(there.ship(), there.pickUp());
        int looked = 0;
        for (LocalDate day : days(terms)) {
            Units units = by(item, day);
            long then = Math.max(units.ship(), units.pickUp());
            if (then > before) {
                boolean asManyAsWanted = terms.parts().stream()
                        .allMatch(part -> Expectation.of(stock, part.item(), now, network).stream()
                                .anyMatch(due -> due.units() == Position.MOST
                                        && !due.day().isAfter(day)));
                into.add(new Expected(
                        day, null, asManyAsWanted ? Position.MOST : (int) Math.min(Position.MOST - 1, then - before)));
                before = then;
            }
            if (++looked == DAYS_OF_A_KIT) {
                return;
            }
        }
    }

    private TreeSet<LocalDate> days(ItemTerms kit) {
        TreeSet<LocalDate> days = new TreeSet<>();
        for (ItemTerms.Part part : kit.parts()) {
            Expectation.of(stock, part.item(), now, network).forEach(due -> days.add(due.day()));
        }
        return days;
    }

    /** Units that orders wait for and that have not come; of a kit nobody waits, but for its parts. */
    public int waiting(int item) {
        return network.terms(item).isKit() ? 0 : Expectation.waiting(stock, item);
    }

    /** How many more units may wait; {@link Position#MOST} if as many as like. */
    public int mayWait(int item) {
        ItemTerms terms = network.terms(item);
        if (terms.isKit()) {
            int least = Position.MOST;
            for (ItemTerms.Part part : terms.parts()) {
                int may = mayWait(part.item());
                least = may == Position.MOST ? least : Math.min(least, may / part.quantity());
            }
            return least;
        }
        Position place = stock.balance(PositionKey.ofWaiting(item));
        return place.backorderCap() == Position.MOST ? Position.MOST : place.available();
    }
}
