package dev.tutti.server.engine;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Store;
import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockMove;
import dev.tutti.inventory.Supply;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderLine;
import dev.tutti.postgres.StockReads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Orders that wait for stock or for capacity, and what comes or becomes free that they may have. As many are woken as units
 * came, the most important and then the earliest first, and only those who may have them where they are.
 */
final class Backorders {
    private static final int PLACES_AT_ONCE = 1_000;
    private static final int MOST_IN_VAIN = 16;
    private static final int KEPT_AT_ONCE = 2_000;
    private static final Duration PICTURE_MAY_BE_OLD = Duration.ofSeconds(10);

    private final Engine engine;
    private final Errands errands;

    /** Units that came, by item and the node they are at; by item alone where that may be anywhere. */
    private final Map<PositionKey, Integer> arrivals = new ConcurrentHashMap<>();
    /** By node, units of work it can take on that it could not before. */
    private final Map<Integer, Integer> roomAt = new ConcurrentHashMap<>();

    /** Whether a store can hand out again what others may have; noted and looked at by one thread. */
    private boolean storeOpened;

    /** Orders that have begun to wait here. */
    private final Map<Long, Parked> parked = new ConcurrentHashMap<>();

    /** Orders whose turn it is, in their order. */
    private final Map<Long, List<Turn>> chosen = new LinkedHashMap<>();

    /**
     * An order may have some of what came.
     *
     * @param units for which it was chosen
     * @param waited units for which it waited then
     * @param nodes to which they came; 0 for anywhere
     */
    private record Turn(int item, int units, int waited, List<Integer> nodes) {}

    /** By item, orders that were chosen for all they want of it, until they have answered. */
    private final Map<Integer, Set<Long>> haveTurn = new ConcurrentHashMap<>();

    /** By item, orders to which what came was of no use, until more comes. */
    private final Map<Integer, Set<Long>> inVain = new ConcurrentHashMap<>();

    /** What an order waits for, and until when stock that others brought is looked for. */
    private record Parked(List<Integer> items, Instant until) {}

    private final Supply.Candidates candidates = new Supply.Candidates();
    /** What was kept for those who wait when it was last looked. */
    private Set<StockReads.KeptUnits> keptBefore = Set.of();

    Backorders(Engine engine, Errands errands) {
        this.engine = engine;
        this.errands = errands;
    }

    /** Notes what became free. */
    void stockMoved(List<Store.Posting> postings) {
        for (Store.Posting posting : postings) {
            PositionKey position = posting.entry().position();
            int freed = posting.entry().onHandDelta() - posting.entry().reservedDelta();
            if (position.isDay() && !position.isSlot() && posting.entry().reservedDelta() < 0) {
                roomAt.merge(position.place(), -posting.entry().reservedDelta(), Backorders::together);
            }
            if (position.isStock() && freed > 0 && mayBeHad(posting)) {
                came(position.item(), Place.of(position.place()).node(), freed);
            }
        }
    }

    /** Whether somebody who waits may have what became free: not their own claims, and what is kept for them comes at its node. */
    private static boolean mayBeHad(Store.Posting posting) {
        Place place = Place.of(posting.entry().position().place());
        return posting.entry().move() != StockMove.RESERVE
                && (place.isNode() || (place.isFence() && place.pool() != Place.Pool.WAKING));
    }

    private void came(int item, int node, int units) {
        inVain.remove(item);
        arrivals.merge(at(item, node), units, Backorders::together);
    }

    /**
     * Notes that an order waits. Whoever brought stock has looked for orders that waited then; one that was decided on an
     * older picture began to wait too late for that, so this server looks itself for as long as its picture may be old.
     */
    void beganToWait(Order order) {
        List<Integer> items = order.lines().stream()
                .filter(line -> line.units().in(UnitState.BACKORDERED) > 0)
                .map(OrderLine::item)
                .toList();
        parked.put(order.id().value(), new Parked(items, Engine.now().plus(PICTURE_MAY_BE_OLD)));
    }

    /** Wakes those who may have what has come since the last look. */
    void look() {
        lookForParked();
        lookForWorkWhereThereIsRoom();
        wakeWaiting();
    }

    /** Asks each at most once, and nobody else: what is there may be nothing that it can have. */
    private void lookForParked() {
        Instant now = Engine.now();
        parked.forEach((order, waits) -> {
            boolean asked = waits.items().stream().anyMatch(item -> somewhere(item, candidates) > 0)
                    && errands.submit(order, new OrderCommand.Signal(Journey.ORDER, "supply-arrived"), "supply");
            if (asked || waits.until().isBefore(now)) {
                parked.remove(order, waits);
            }
        });
    }

    /** Units of an item that nobody keeps, at all nodes. */
    private int somewhere(int item, Supply.Candidates candidates) {
        engine.index().read(item, candidates);
        int units = 0;
        for (int i = 0; i < candidates.size(); i++) {
            units = together(units, candidates.units(i));
        }
        return units;
    }

    /**
     * Nodes that can do more than they could: whoever waits for what they have may wait in vain no longer, nor whoever waits
     * for what others would send to a store that was closed.
     */
    void noteRoom(Network before, Network now) {
        for (Node node : now.nodes()) {
            Node was = before.node(node.id().value());
            boolean canMore = was != null
                    && (node.dailyCapacity() > was.dailyCapacity()
                            || (node.active() && !was.active())
                            || (node.ships() && !was.ships())
                            || (node.handsOut() && !was.handsOut()));
            if (canMore) {
                roomAt.put(node.id().value(), Position.MOST);
                storeOpened |= node.handsOut();
            }
        }
    }

    private void lookForWorkWhereThereIsRoom() {
        if (storeOpened) {
            for (int item : engine.database().stock().wanted()) {
                came(item, 0, somewhere(item, candidates));
            }
            storeOpened = false;
        }
        for (int place : List.copyOf(roomAt.keySet())) {
            int room = roomAt.getOrDefault(place, 0);
            engine.database()
                    .stock()
                    .wantedAt(place)
                    .forEach((item, units) -> came(item, place, Math.min(units, room)));
            roomAt.remove(place, room);
        }
    }

    /** A file brings many items of which nobody waits for any: a few statements say so, not one for each. */
    private void wakeWaiting() {
        TreeMap<PositionKey, Integer> came = new TreeMap<>(arrivals);
        while (!came.isEmpty()) {
            TreeMap<PositionKey, Integer> some = new TreeMap<>();
            for (var first = came.firstEntry();
                    first != null
                            && (some.size() < PLACES_AT_ONCE
                                    || some.lastKey().item() == first.getKey().item());
                    first = came.firstEntry()) {
                some.put(first.getKey(), first.getValue());
                came.pollFirstEntry();
            }
            choose(some);
            wakeChosen();
        }
        wakeChosen();
    }

    /** @param noted what came of some items, all of it */
    private void choose(SortedMap<PositionKey, Integer> noted) {
        List<StockReads.Came> came = new ArrayList<>();
        noted.forEach(
                (key, units) -> came.add(new StockReads.Came(key.item(), key.place(), sends(key.place()), units)));
        Map<Integer, Set<Long>> notNow = new TreeMap<>();
        came.forEach(units -> notNow.computeIfAbsent(units.item(), this::notNow));
        TreeMap<Integer, List<StockReads.Waiting>> waiting = engine.database().stock().waitingFor(came, notNow).stream()
                .collect(Collectors.groupingBy(StockReads.Waiting::item, TreeMap::new, Collectors.toList()));
        waiting.forEach((item, orders) ->
                choose(came.stream().filter(units -> units.item() == item).toList(), orders));
        giveBackWhatIsKeptInVain(came);
        noted.forEach((key, units) ->
                arrivals.computeIfPresent(key, (same, sum) -> sum.equals(units) ? null : Integer.valueOf(sum - units)));
    }

    private void choose(List<StockReads.Came> came, List<StockReads.Waiting> waiting) {
        int item = came.getFirst().item();
        List<Integer> nodes = came.stream().map(StockReads.Came::node).toList();
        TreeMap<Long, Integer> waited = new TreeMap<>();
        waiting.forEach(line -> waited.merge(line.order(), line.units(), Backorders::together));
        Turns.of(came, waiting).forEach((order, units) -> {
            int waits = waited.getOrDefault(order, 0);
            if (units == waits) {
                haveTurn.compute(item, (same, orders) -> {
                    Set<Long> more = orders == null ? ConcurrentHashMap.newKeySet() : orders;
                    more.add(order);
                    return more;
                });
            }
            chosen.computeIfAbsent(order, each -> new ArrayList<>()).add(new Turn(item, units, waits, nodes));
        });
    }

    /** Orders that are not chosen: those that have a turn for all they want, and those to which what came was of no use. */
    private Set<Long> notNow(int item) {
        Set<Long> notNow = new TreeSet<>(haveTurn.getOrDefault(item, Set.of()));
        notNow.addAll(inVain.getOrDefault(item, Set.of()));
        return notNow;
    }

    private boolean sends(int place) {
        Node node = engine.catalogue().network().node(place);
        return node == null || node.ships();
    }

    /** Those for whom something is under way have their turn a little later. */
    private void wakeChosen() {
        if (!errands.isBusy()) {
            chosen.entrySet()
                    .removeIf(order -> errands.submit(
                            order.getKey(),
                            new OrderCommand.Signal(Journey.ORDER, "supply-arrived"),
                            "supply",
                            answer -> hadItsTurn(order.getKey(), order.getValue(), answer)));
        }
    }

    /** What it did not take is passed on: it may be at a node that the order was sent away from, or too little for it. */
    private void hadItsTurn(long order, List<Turn> turns, Answer<Order> answer) {
        for (Turn turn : turns) {
            haveTurn.computeIfPresent(turn.item(), (item, orders) -> {
                orders.remove(order);
                return orders.isEmpty() ? null : orders;
            });
            int taken = answer instanceof Answer.Done<Order>(Order next)
                    ? Math.clamp((long) turn.waited() - next.backordered(turn.item()), 0, turn.units())
                    : 0;
            if (taken < turn.units() && mayPassOn(turn.item(), order, answer)) {
                passOn(turn, turn.units() - taken);
            }
        }
    }

    /** A few times only, until more comes: where a node has no capacity left, all who wait would be asked for nothing. */
    private boolean mayPassOn(int item, long order, Answer<Order> answer) {
        boolean isAskedAgain =
                answer instanceof Answer.Refused<Order>(var refusal) && refusal.code() == RefusalCode.OVERLOADED;
        Set<Long> those = inVain.computeIfAbsent(item, each -> ConcurrentHashMap.newKeySet());
        return isAskedAgain || (those.add(order) && those.size() <= MOST_IN_VAIN);
    }

    private void passOn(Turn turn, int units) {
        int left = units;
        for (int node : turn.nodes()) {
            int here = Math.min(left, Math.max(free(turn.item(), node), 0));
            if (here > 0) {
                arrivals.merge(at(turn.item(), node), here, Backorders::together);
                left -= here;
            }
        }
    }

    /** Units that nobody has claimed, or that are kept for those who wait; at all nodes, if it is none. */
    private int free(int item, int node) {
        if (node == 0) {
            return somewhere(item, new Supply.Candidates());
        }
        Position there = engine.index().position(at(item, node));
        Position kept = engine.index().position(PositionKey.of(item, new Place(Place.Pool.WAKING, node)));
        return (there == null ? 0 : there.onHand() - there.reserved() - there.safetyStock())
                + (kept == null ? 0 : kept.onHand());
    }

    private static PositionKey at(int item, int node) {
        return new PositionKey(item, node);
    }

    /** Units are kept for all who wait for an item; those who cannot have them where they are have no use for them. */
    private void giveBackWhatIsKeptInVain(List<StockReads.Came> came) {
        List<StockReads.Came> kept = new ArrayList<>();
        for (StockReads.Came units : came) {
            Position there =
                    engine.index().position(PositionKey.of(units.item(), new Place(Place.Pool.WAKING, units.node())));
            if (there != null && there.onHand() > 0) {
                kept.add(new StockReads.Came(units.item(), units.node(), units.sends(), there.onHand()));
            }
        }
        if (kept.isEmpty()) {
            return;
        }
        List<StockReads.KeptUnits> inVain = new ArrayList<>();
        List<Integer> elsewhere = engine.database().stock().waitingElsewhere(kept);
        for (int i = 0; i < kept.size(); i++) {
            StockReads.Came units = kept.get(i);
            Position wanted = engine.index().position(PositionKey.ofWaiting(units.item()));
            int here = wanted == null ? units.units() : Math.max(0, wanted.reserved() - elsewhere.get(i));
            if (here < units.units()) {
                inVain.add(new StockReads.KeptUnits(
                        units.item(), units.node(), Place.Pool.WAKING, units.units() - here, 0));
            }
        }
        errands.giveBack(inVain, "waking", "who waits cannot have it where it came");
    }

    private static int together(int units, int more) {
        return (int) Math.min(Position.MOST, (long) units + more);
    }

    /** What came for those who wait and none of them has taken since the last look is everybody's again. */
    void emptyWaking() {
        Set<Integer> awaited = new TreeSet<>();
        chosen.values().forEach(turns -> turns.forEach(turn -> awaited.add(turn.item())));
        List<StockReads.KeptUnits> kept = engine.database().stock().keptIn(Place.Pool.WAKING, KEPT_AT_ONCE);
        List<StockReads.KeptUnits> left = kept.stream()
                .filter(units -> keptBefore.contains(units)
                        && !arrivals.containsKey(at(units.item(), units.node()))
                        && !awaited.contains(units.item()))
                .toList();
        errands.giveBack(left, "waking", "nobody who waits has taken what came");
        keptBefore = Set.copyOf(kept);
    }
}
