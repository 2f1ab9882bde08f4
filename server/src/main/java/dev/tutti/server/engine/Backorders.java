package dev.tutti.server.engine;

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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Orders that wait for stock or for capacity, and what comes or becomes free that they may have. As many are woken as units
 * came, the most important and then the earliest first, and only those who may have them where they are.
 */
final class Backorders {
    private static final int AT_ONCE = 1_000;
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

    /** Orders whose turn it is, in their order, each with the item for which it was chosen. */
    private final Map<Long, Integer> chosen = new LinkedHashMap<>();

    /** Orders that were chosen and had no use for it. */
    private final Resting resting = new Resting();

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
        Set<Kept> kept = new HashSet<>();
        for (Store.Posting posting : postings) {
            if (isKeptForThoseWhoWait(posting)) {
                kept.add(Kept.of(posting));
            }
        }
        for (Store.Posting posting : postings) {
            PositionKey position = posting.entry().position();
            int freed = posting.entry().onHandDelta() - posting.entry().reservedDelta();
            if (position.isDay() && !position.isSlot() && posting.entry().reservedDelta() < 0) {
                roomAt.merge(position.place(), -posting.entry().reservedDelta(), Backorders::together);
            }
            // All who wait for any of what came to a node and is kept there have theirs: nobody is woken twice.
            boolean others = !kept.contains(Kept.of(posting)) && mayBeHad(posting);
            if (position.isStock() && freed > 0 && (others || isKeptForThoseWhoWait(posting))) {
                arrivals.merge(at(position.item(), Place.of(position.place()).node()), freed, Backorders::together);
            }
        }
    }

    /** What brought units to a node, and keeps some there. */
    private record Kept(long cause, int item, int node) {
        static Kept of(Store.Posting posting) {
            PositionKey position = posting.entry().position();
            return new Kept(
                    posting.cause(), position.item(), Place.of(position.place()).node());
        }
    }

    private static boolean isKeptForThoseWhoWait(Store.Posting posting) {
        return posting.entry().move() == StockMove.DEPOSIT
                && Place.of(posting.entry().position().place()).pool() == Place.Pool.WAKING;
    }

    /** Whether somebody who waits may have what became free: not what is kept for them already, and not their own claims. */
    private static boolean mayBeHad(Store.Posting posting) {
        Place place = Place.of(posting.entry().position().place());
        return posting.entry().move() != StockMove.RESERVE
                && (place.isNode() || (place.isFence() && place.pool() != Place.Pool.WAKING));
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
        chooseWhoIsWoken();
        wakeChosen();
    }

    /** Asks each at most once, and nobody else: what is there may be nothing that it can have. */
    private void lookForParked() {
        Instant now = Engine.now();
        parked.forEach((order, waits) -> {
            boolean there = waits.items().stream().anyMatch(item -> somewhere(item) > 0);
            if (there) {
                errands.submit(order, new OrderCommand.Signal(Journey.ORDER, "supply-arrived"), "supply");
            }
            if (there || waits.until().isBefore(now)) {
                parked.remove(order, waits);
            }
        });
    }

    /** Units of an item that nobody keeps, at all nodes. */
    private int somewhere(int item) {
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
                arrivals.merge(at(item, 0), somewhere(item), Backorders::together);
            }
            storeOpened = false;
        }
        for (int place : List.copyOf(roomAt.keySet())) {
            int room = roomAt.getOrDefault(place, 0);
            engine.database()
                    .stock()
                    .wantedAt(place)
                    .forEach((item, units) ->
                            arrivals.merge(at(item, place), Math.min(units, room), Backorders::together));
            roomAt.remove(place, room);
        }
    }

    /** A file brings many items of which nobody waits for any: a few statements say so, not one for each. */
    private void chooseWhoIsWoken() {
        TreeMap<PositionKey, Integer> came = new TreeMap<>(arrivals);
        while (!came.isEmpty()) {
            TreeMap<PositionKey, Integer> some = new TreeMap<>();
            for (var first = came.firstEntry();
                    first != null
                            && (some.size() < AT_ONCE
                                    || some.lastKey().item() == first.getKey().item());
                    first = came.firstEntry()) {
                some.put(first.getKey(), first.getValue());
                came.pollFirstEntry();
            }
            choose(some);
        }
    }

    /** @param seen what came of some items, all of it */
    private void choose(TreeMap<PositionKey, Integer> seen) {
        List<StockReads.Came> came = new ArrayList<>();
        seen.forEach((key, units) -> came.add(new StockReads.Came(key.item(), key.place(), sends(key.place()), units)));
        TreeMap<Integer, List<StockReads.Came>> byItem =
                new TreeMap<>(came.stream().collect(Collectors.groupingBy(StockReads.Came::item)));
        engine.database().stock().waitingFor(came, resting.at(Engine.now())).stream()
                .collect(Collectors.groupingBy(StockReads.Waiting::item, TreeMap::new, Collectors.toList()))
                .forEach((item, waiting) -> Turns.of(byItem.getOrDefault(item, List.of()), waiting)
                        .forEach(order -> chosen.putIfAbsent(order, item)));
        giveBackWhatIsKeptInVain(came);
        seen.forEach((key, units) ->
                arrivals.computeIfPresent(key, (same, sum) -> sum.equals(units) ? null : Integer.valueOf(sum - units)));
    }

    private boolean sends(int place) {
        Node node = engine.catalogue().network().node(place);
        return node == null || node.ships();
    }

    /** Those for whom something is under way have their turn a little later. */
    private void wakeChosen() {
        chosen.entrySet()
                .removeIf(order -> !errands.isBusy()
                        && errands.submit(
                                order.getKey(),
                                new OrderCommand.Signal(Journey.ORDER, "supply-arrived"),
                                "supply",
                                code -> refused(order.getKey(), order.getValue(), code)));
    }

    /** It did not take what it was chosen for: the next has its turn. */
    private void refused(long order, int item, RefusalCode code) {
        if (code != RefusalCode.OVERLOADED) {
            resting.add(order);
        }
        Supply.Candidates left = new Supply.Candidates();
        engine.index().read(item, left);
        for (int i = 0; i < left.size(); i++) {
            arrivals.merge(at(item, left.place(i)), left.units(i), Math::max);
        }
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
        List<StockReads.KeptUnits> kept = engine.database().stock().keptIn(Place.Pool.WAKING, KEPT_AT_ONCE);
        List<StockReads.KeptUnits> left = kept.stream()
                .filter(units -> keptBefore.contains(units) && !arrivals.containsKey(at(units.item(), units.node())))
                .toList();
        errands.giveBack(left, "waking", "nobody who waits has taken what came");
        keptBefore = Set.copyOf(kept);
    }
}
