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
import dev.tutti.network.NodeId;
import dev.tutti.network.RingFence;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderLine;
import dev.tutti.postgres.StockReads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
 * Orders that wait for stock or for capacity, and what comes or becomes free that they may have. They are asked in waves:
 * first as many as units came, the most important and then the earliest first, and only those who may have them where they
 * are; then those behind them, if these had no use for it.
 */
final class Backorders {
    private static final int PLACES_AT_ONCE = 1_000;
    /**
     * So often a unit is offered at the most, to sixty orders in all: where a node has no capacity left, all would be asked for
     * nothing.
     */
    private static final int MOST_TIMES = 32;

    private static final int KEPT_AT_ONCE = 2_000;
    private static final int ITEMS_AT_ONCE = 200;
    private static final Duration BETWEEN_ROUNDS = Duration.ofMinutes(15);
    private static final Duration PICTURE_MAY_BE_OLD = Duration.ofSeconds(10);

    private final Engine engine;
    private final Errands errands;

    /** Units that came, by item and the node they are at; by item alone where that may be anywhere. */
    private final Map<PositionKey, Arrival> arrivals = new ConcurrentHashMap<>();

    /** @param isLeft whether all of it was left by those who were asked before */
    private record Arrival(int units, boolean isLeft) {
        /** What is left is all that is there, what has come meanwhile included. */
        Arrival and(Arrival more) {
            return isLeft || more.isLeft
                    ? new Arrival(Math.max(units, more.units), isLeft && more.isLeft)
                    : new Arrival(together(units, more.units), false);
        }

        /** What has come since a look; all of it, where that cannot be told. */
        Arrival without(Arrival seen) {
            return units > seen.units ? new Arrival(units - seen.units, isLeft) : this;
        }
    }

    /** By node, units of work it can take on that it could not before. */
    private final Map<Integer, Integer> roomAt = new ConcurrentHashMap<>();

    /**
     * Whether what is anywhere may be had by those who could not have it: a store hands out again, a carrier goes elsewhere.
     * Noted and looked at by one thread.
     */
    private boolean mayBeHadAnywhere;

    /** Ring-fences whose units more may have than could. Noted and looked at by one thread. */
    private final Set<Integer> opened = new TreeSet<>();

    /** Items that are still to be looked at in this round. Used by one thread. */
    private final Deque<Integer> roundOfItems = new ArrayDeque<>();

    private Instant nextRound = Instant.MIN;

    /** Orders that have begun to wait here. */
    private final Map<Long, Parked> parked = new ConcurrentHashMap<>();

    /** Orders that are to be asked, in their order, and for what. */
    private final Map<Long, List<Wave>> chosen = new LinkedHashMap<>();

    /** By item, those who were asked last. */
    private final Map<Integer, Wave> waves = new ConcurrentHashMap<>();

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
            if (isSetting(posting)) {
                came(
                        position.item(),
                        Place.of(position.place()).node(),
                        posting.entry().after().available());
            }
        }
    }

    /** Whether somebody who waits may have what became free: not their own claims, and what is kept for them comes at its node. */
    private static boolean mayBeHad(Store.Posting posting) {
        Place place = Place.of(posting.entry().position().place());
        return posting.entry().move() != StockMove.RESERVE
                && (place.isNode() || (place.isFence() && place.pool() != Place.Pool.WAKING));
    }

    /** Whether it says how much of what a node has may be had: there may be more of it now. */
    private static boolean isSetting(Store.Posting posting) {
        PositionKey position = posting.entry().position();
        StockMove move = posting.entry().move();
        return (move == StockMove.SAFETY || move == StockMove.CAP)
                && position.isStock()
                && Place.of(position.place()).isNode()
                && posting.entry().after().available() > 0;
    }

    private void came(int item, int node, int units) {
        arrivals.merge(new PositionKey(item, node), new Arrival(units, false), Arrival::and);
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
     * for what others would send to a store that was closed, or for what is kept in a ring-fence that was not for them.
     */
    void noteRoom(Network before, Network now) {
        Map<Integer, RingFence> fencesBefore =
                before.ringFences().stream().collect(Collectors.toMap(RingFence::number, fence -> fence));
        for (RingFence fence : now.ringFences()) {
            RingFence was = fencesBefore.get(fence.number());
            if (was != null && isForMore(fence, was)) {
                opened.add(fence.number());
            }
        }
        mayBeHadAnywhere |= !before.services().equals(now.services());
        for (Node node : now.nodes()) {
            Node was = before.node(node.id().value());
            if (was == null) {
                continue;
            }
            boolean opens = node.active() && node.handsOut() && !(was.active() && was.handsOut());
            mayBeHadAnywhere |= opens;
            if (opens
                    || node.dailyCapacity() > was.dailyCapacity()
                    || (node.active() && !was.active())
                    || (node.ships() && !was.ships())
                    || !node.calendar().equals(was.calendar())
                    || !node.handling().equals(was.handling())) {
                roomAt.put(node.id().value(), Position.MOST);
            }
        }
    }

    private static boolean isForMore(RingFence fence, RingFence was) {
        return (fence.lends() && !was.lends())
                || !was.channels().containsAll(fence.channels())
                || !was.customerGroups().containsAll(fence.customerGroups());
    }

    private void lookForWorkWhereThereIsRoom() {
        if (mayBeHadAnywhere) {
            for (int item : engine.database().stock().wanted()) {
                came(item, 0, somewhere(item, candidates));
            }
            mayBeHadAnywhere = false;
        }
        Network network = engine.catalogue().network();
        for (int fence : Set.copyOf(opened)) {
            comeToWait(
                    network.nodes().stream()
                            .map(node -> Place.ofFence(fence, node.id()))
                            .toList(),
                    Position.MOST);
            opened.remove(fence);
        }
        for (int node : List.copyOf(roomAt.keySet())) {
            int room = roomAt.getOrDefault(node, 0);
            comeToWait(placesAt(new NodeId(node)), room);
            roomAt.remove(node, room);
        }
    }

    /** What is there may be had now, as far as there is room for it. */
    private void comeToWait(List<Place> places, int room) {
        for (StockReads.FreeUnits free : engine.database().stock().wantedAt(places)) {
            came(free.item(), free.node(), Math.min(free.units(), room));
        }
    }

    /** Where units of a node are that somebody may have. */
    private List<Place> placesAt(NodeId node) {
        List<Place> places = new ArrayList<>(List.of(Place.of(node)));
        for (RingFence fence : engine.catalogue().network().ringFences()) {
            places.add(Place.ofFence(fence.number(), node));
        }
        return places;
    }

    /** A file brings many items of which nobody waits for any: a few statements say so, not one for each. */
    private void wakeWaiting() {
        Instant now = Engine.now();
        TreeMap<PositionKey, Arrival> some = new TreeMap<>();
        for (Map.Entry<PositionKey, Arrival> arrival : new TreeMap<>(arrivals).entrySet()) {
            int item = arrival.getKey().item();
            if (some.size() >= PLACES_AT_ONCE && some.lastKey().item() != item) {
                choose(some, now);
                some.clear();
            }
            if (!isAsked(item, now)) {
                some.put(arrival.getKey(), arrival.getValue());
            }
        }
        if (!some.isEmpty()) {
            choose(some, now);
        }
        askChosen();
    }

    /** @param noted what came of some items, all of it */
    private void choose(SortedMap<PositionKey, Arrival> noted, Instant now) {
        List<StockReads.Offer> offers = offers(noted);
        Map<Integer, List<StockReads.Waiting>> waiting = engine.database().stock().waitingFor(offers).stream()
                .collect(Collectors.groupingBy(StockReads.Waiting::item));
        for (StockReads.Offer offer : offers) {
            Set<Long> orders = Turns.of(offer, waiting.getOrDefault(offer.item(), List.of()));
            waves.remove(offer.item());
            if (!orders.isEmpty()) {
                Wave wave = new Wave(offer, orders.size(), now);
                waves.put(offer.item(), wave);
                orders.forEach(order ->
                        chosen.computeIfAbsent(order, each -> new ArrayList<>()).add(wave));
            }
        }
        noted.forEach((key, arrival) ->
                arrivals.computeIfPresent(key, (same, sum) -> sum.equals(arrival) ? null : sum.without(arrival)));
        giveBackWhatIsKeptInVain(
                offers.stream().flatMap(offer -> offer.came().stream()).toList());
    }

    private List<StockReads.Offer> offers(SortedMap<PositionKey, Arrival> noted) {
        TreeMap<Integer, List<StockReads.Came>> came = new TreeMap<>();
        Set<Integer> more = new TreeSet<>();
        noted.forEach((key, arrival) -> {
            came.computeIfAbsent(key.item(), item -> new ArrayList<>())
                    .add(new StockReads.Came(key.item(), key.place(), sends(key.place()), arrival.units()));
            if (!arrival.isLeft()) {
                more.add(key.item());
            }
        });
        List<StockReads.Offer> offers = new ArrayList<>();
        came.forEach((item, units) -> {
            Wave before = more.contains(item) ? null : waves.get(item);
            offers.add(
                    before == null
                            ? new StockReads.Offer(units, 1, Set.of())
                            : new StockReads.Offer(units, before.timesThen(), before.served()));
        });
        return offers;
    }

    private boolean sends(int place) {
        Node node = engine.catalogue().network().node(place);
        return node == null || node.ships();
    }

    /** Those for whom something is under way are asked a little later. */
    private void askChosen() {
        chosen.entrySet()
                .removeIf(order -> !errands.isBusy()
                        && errands.submit(
                                order.getKey(),
                                new OrderCommand.Signal(Journey.ORDER, "supply-arrived"),
                                "supply",
                                answer -> order.getValue().forEach(wave -> answered(wave, order.getKey(), answer))));
    }

    private void answered(Wave wave, long order, Answer<Order> answer) {
        switch (answer) {
            case Answer.Done<Order>(Order next)
            when next.backordered(wave.offer().item()) == 0 -> wave.hasAll();
            case Answer.Refused<Order>(var refusal) when refusal.code() == RefusalCode.OVERLOADED -> {}
            default -> wave.serve(order);
        }
        if (wave.answered()) {
            if (wave.timesThen() > MOST_TIMES) {
                wave.endsHere();
            } else if (!passOnWhatIsLeft(wave)) {
                waves.remove(wave.offer().item(), wave);
            }
        }
    }

    /** It may be at a node that an order was sent away from, or too little for one; to the next it may be of use. True if any is. */
    private boolean passOnWhatIsLeft(Wave wave) {
        boolean any = false;
        for (StockReads.Came came : wave.offer().came()) {
            int left = Math.min(came.units(), free(came.item(), came.node()));
            if (left > 0) {
                any = true;
                arrivals.merge(new PositionKey(came.item(), came.node()), new Arrival(left, true), Arrival::and);
            }
        }
        return any;
    }

    /** Units that nobody has claimed, or that are kept for somebody; at all nodes, if it is none. */
    private int free(int item, int node) {
        if (node == 0) {
            return somewhere(item, new Supply.Candidates());
        }
        int units = unitsAt(item, new Place(Place.Pool.WAKING, node));
        for (Place place : placesAt(new NodeId(node))) {
            units = together(units, unitsAt(item, place));
        }
        return units;
    }

    private int unitsAt(int item, Place place) {
        Position there = engine.index().position(PositionKey.of(item, place));
        return there == null ? 0 : there.available();
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

    /**
     * Whatever is there of what somebody waits for is offered again now and then, some items at a time: a server may have died
     * before it asked, a day come into reach, a calendar been changed, and whoever has use for it be far behind.
     */
    void goRound() {
        Instant now = Engine.now();
        if (roundOfItems.isEmpty() && !now.isBefore(nextRound)) {
            roundOfItems.addAll(engine.database().stock().wanted());
            nextRound = now.plus(BETWEEN_ROUNDS);
        }
        List<Integer> items = new ArrayList<>();
        while (!roundOfItems.isEmpty() && items.size() < ITEMS_AT_ONCE) {
            items.add(roundOfItems.remove());
        }
        if (!items.isEmpty()) {
            for (StockReads.FreeUnits free : engine.database().stock().freeUnits(items)) {
                arrivals.merge(
                        new PositionKey(free.item(), free.node()), new Arrival(free.units(), true), Arrival::and);
            }
        }
    }

    private static int together(int units, int more) {
        return (int) Math.min(Position.MOST, (long) units + more);
    }

    /** What came for those who wait and none of them has taken since the last look is everybody's again. */
    void emptyWaking() {
        Instant now = Engine.now();
        List<StockReads.KeptUnits> kept = engine.database().stock().keptIn(Place.Pool.WAKING, KEPT_AT_ONCE);
        List<StockReads.KeptUnits> left = kept.stream()
                .filter(units -> keptBefore.contains(units)
                        && !arrivals.containsKey(new PositionKey(units.item(), units.node()))
                        && !isAsked(units.item(), now))
                .toList();
        errands.giveBack(left, "waking", "nobody who waits has taken what came");
        keptBefore = Set.copyOf(kept);
    }

    private boolean isAsked(int item, Instant now) {
        Wave wave = waves.get(item);
        return wave != null && wave.isUnderWay(now);
    }
}
