package dev.tutti.server.engine;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Lane;
import dev.tutti.conveyor.Store;
import dev.tutti.conveyor.StoreFailure;
import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.Fencing;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.StockMove;
import dev.tutti.inventory.Supply;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.network.RingFence;
import dev.tutti.order.ExceptionKind;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderLine;
import dev.tutti.postgres.StockReads;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.reservation.ReservationId;
import dev.tutti.server.backoff.Stop;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What nobody asks for and must be done all the same: orders whose time has come, orders that wait for stock which has
 * arrived, claims on units that turned out not to be there.
 *
 * <p>Each becomes a command like any other, decided on the order as it is then: a chore that two servers see is done
 * once, and the second finds nothing to do.
 */
final class Chores implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
    private static final int AT_ONCE = 2_000;
    private static final int MOST_WAITING = 5_000;
    private static final long PAUSE_MILLIS = 100;
    private static final long BEFORE_A_LOOK_MILLIS = 5_000;
    private static final long BETWEEN_LOOKS_MILLIS = 600_000;
    /** As many days ahead as a node's capacity can be claimed: slots are given for so long. */
    private static final int DAYS_PLANNED = 367;

    /** The order has gone on since, by itself or by other hands. */
    private static final Set<RefusalCode> OVERTAKEN =
            EnumSet.of(RefusalCode.NOT_EXPECTED_NOW, RefusalCode.UNITS_NOT_IN_STATE);

    private static final int ITEMS_AT_ONCE = 1_000;
    private static final Duration REST = Duration.ofMinutes(1);
    private static final Duration PICTURE_MAY_BE_OLD = Duration.ofSeconds(10);

    private final Engine engine;
    private final Thread thread = Thread.ofPlatform().name("chores").unstarted(this::run);
    private final Thread watch = Thread.ofPlatform().name("watch").unstarted(this::watch);
    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();
    /** Orders whose chore was refused, and when they are tried again: they must not keep the others from their turn. */
    private final Map<Long, Instant> restingUntil = new ConcurrentHashMap<>();

    /** Units that came, by item and the node they are at; by item alone where that may be anywhere. */
    private final Map<PositionKey, Integer> arrivals = new ConcurrentHashMap<>();
    /** By node, units of work it can take on that it could not before. */
    private final Map<Integer, Integer> roomAt = new ConcurrentHashMap<>();

    /** Whether a store can hand out again what others may have; noted and looked at by one thread. */
    private boolean storeOpened;

    /** Orders that have begun to wait here. */
    private final Map<Long, Parked> parked = new ConcurrentHashMap<>();

    /** What an order waits for, and until when stock that others brought is looked for. */
    private record Parked(List<Integer> items, Instant until) {}

    private final Supply.Candidates candidates = new Supply.Candidates();
    /** What was kept for those who wait when it was last looked. */
    private Set<StockReads.KeptUnits> keptBefore = Set.of();

    private volatile boolean shortages = true;
    private final Stop stop = new Stop();

    Chores(Engine engine) {
        this.engine = engine;
    }

    void start() {
        thread.start();
        watch.start();
    }

    /** Notes what became free, and whether something is short. */
    void stockMoved(List<Store.Posting> postings) {
        Set<Kept> kept = new HashSet<>();
        for (Store.Posting posting : postings) {
            if (isKeptForThoseWhoWait(posting)) {
                kept.add(new Kept(posting.cause(), posting.entry().position().item()));
            }
        }
        for (Store.Posting posting : postings) {
            PositionKey position = posting.entry().position();
            int freed = posting.entry().onHandDelta() - posting.entry().reservedDelta();
            if (position.isDay() && !position.isSlot() && posting.entry().reservedDelta() < 0) {
                roomAt.merge(position.place(), -posting.entry().reservedDelta(), Chores::together);
            }
            // Of what is kept nobody else has any, so nobody else is woken: all who waited have it.
            boolean others = !kept.contains(new Kept(posting.cause(), position.item())) && mayBeHad(posting);
            if (position.isStock() && freed > 0 && (others || isKeptForThoseWhoWait(posting))) {
                arrivals.merge(at(position.item(), Place.of(position.place()).node()), freed, Chores::together);
            }
            shortages |= position.isStock() && posting.entry().after().shortage() > 0;
        }
    }

    /** What brought units of an item of which it keeps some. */
    private record Kept(long cause, int item) {}

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

    /** What takes long and is in no hurry: it must not hold up what is due. */
    private void watch() {
        long rest = BEFORE_A_LOOK_MILLIS;
        while (!stop.isAskedWithin(rest)) {
            rest = BETWEEN_LOOKS_MILLIS;
            try {
                lookForForgotten();
                engine.database()
                        .store()
                        .forgetAlike(Engine.now().minus(Channel.LONGEST_FOR_DUPLICATES.multipliedBy(2)));
            } catch (StoreFailure e) {
                LOG.warn("the watch waits for the database: {}", e.getMessage());
            } catch (RuntimeException unforeseen) {
                LOG.error("ALARM: nobody looks for what is forgotten", unforeseen);
            }
        }
    }

    private void run() {
        int rounds = 0;
        Network network = engine.catalogue().network();
        do {
            try {
                wakeDue();
                lookForParked();
                lookForWorkWhereThereIsRoom();
                wakeWaiting();
                // Another server may have declared a shortage and died: look without cause now and then.
                rounds++;
                if (shortages || rounds % 50 == 0) {
                    giveUpWeakestClaims();
                }
                if (rounds % 50 == 1 || network != engine.catalogue().network()) {
                    Network before = network;
                    network = engine.catalogue().network();
                    noteRoom(before, network);
                    followCapacities();
                    emptyFences();
                    emptyWaking();
                }
            } catch (StoreFailure e) {
                LOG.warn("chores wait for the database: {}", e.getMessage());
            } catch (RuntimeException unforeseen) {
                LOG.error("ALARM: a chore failed", unforeseen);
            }
        } while (!stop.isAskedWithin(PAUSE_MILLIS));
    }

    private static int together(int units, int more) {
        return (int) Math.min(Position.MOST, (long) units + more);
    }

    /** Nothing is ever just stuck: what should not be, and is, becomes a case for a person. */
    private void lookForForgotten() {
        List<Long> orders = engine.reads().forgotten(AT_ONCE);
        engine.metrics().forgotten(orders.size());
        for (long order : orders) {
            LOG.error("ALARM: order {} is under way, and nothing is due", order);
            submit(
                    order,
                    new OrderCommand.OpenException(ExceptionKind.FORGOTTEN, "it is under way, and nothing is due"),
                    "watch");
        }
    }

    private void wakeDue() {
        Instant now = Engine.now();
        restingUntil.values().removeIf(until -> until.isBefore(now));
        for (long aggregate : engine.reads().due(now, AT_ONCE, restingUntil.keySet())) {
            if (aggregate > 0) {
                submit(aggregate, new OrderCommand.Wake(), "timer");
            } else {
                submit(ReservationId.ofAggregate(aggregate), new ReservationCommand.Wake(), "timer");
            }
        }
    }

    private void submit(ReservationId reservation, ReservationCommand command, String origin) {
        if (underWay.add(reservation.aggregate())) {
            var unused = engine.submit(
                            Lane.DUE, reservation, command, List.of(), new Audit("tutti", origin, Engine.now(), ""))
                    .thenAccept(answer -> underWay.remove(reservation.aggregate()));
        }
    }

    /** Asks each at most once, and nobody else: what is there may be nothing that it can have. */
    private void lookForParked() {
        Instant now = Engine.now();
        parked.forEach((order, waits) -> {
            boolean there = waits.items().stream().anyMatch(item -> somewhere(item) > 0);
            if (there) {
                submit(order, new OrderCommand.Signal(Journey.ORDER, "supply-arrived"), "supply");
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
    private void noteRoom(Network before, Network now) {
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
                arrivals.merge(at(item, 0), somewhere(item), Chores::together);
            }
            storeOpened = false;
        }
        for (int place : List.copyOf(roomAt.keySet())) {
            int room = roomAt.getOrDefault(place, 0);
            engine.database()
                    .stock()
                    .wantedAt(place)
                    .forEach((item, units) -> arrivals.merge(at(item, place), Math.min(units, room), Chores::together));
            roomAt.remove(place, room);
        }
    }

    private void wakeWaiting() {
        // A file brings many items of which nobody waits for any: a few statements say so, not one for each.
        List<PositionKey> came = List.copyOf(arrivals.keySet());
        for (int from = 0; from < came.size(); from += ITEMS_AT_ONCE) {
            List<PositionKey> some = came.subList(from, Math.min(came.size(), from + ITEMS_AT_ONCE));
            Map<PositionKey, Integer> seen = new TreeMap<>();
            some.forEach(key -> seen.put(key, arrivals.getOrDefault(key, 0)));
            List<Integer> items =
                    some.stream().map(PositionKey::item).distinct().toList();
            Set<Integer> wanted = Set.copyOf(engine.database().stock().wantedOf(items));
            seen.forEach((key, units) -> wake(key, units, wanted.contains(key.item())));
        }
    }

    private static PositionKey at(int item, int node) {
        return new PositionKey(item, node);
    }

    private void wake(PositionKey came, int units, boolean isWanted) {
        Node node = engine.catalogue().network().node(came.place());
        boolean sends = node == null || node.ships();
        List<Long> orders =
                isWanted ? engine.database().stock().waitingFor(came.item(), came.place(), sends, units) : List.of();
        boolean all = true;
        for (long order : orders) {
            all &= engine.waiting() < MOST_WAITING
                    && submit(order, new OrderCommand.Signal(Journey.ORDER, "supply-arrived"), "supply");
        }
        if (all) {
            // Only now: who could not be signalled, or was not known of, is asked for again.
            arrivals.computeIfPresent(came, (same, sum) -> sum == units ? null : Integer.valueOf(sum - units));
        }
    }

    /** Days of which something is claimed already follow the network when a node's capacity is changed. */
    private void followCapacities() {
        LocalDate today = LocalDate.ofInstant(Engine.now(), ZoneOffset.UTC);
        List<StockChange> changes = new ArrayList<>();
        for (Node node : engine.catalogue().network().nodes()) {
            for (int ahead = -1; node.dailyCapacity() != Node.UNLIMITED && ahead <= DAYS_PLANNED; ahead++) {
                PositionKey day = PositionKey.ofDay(node.id(), today.plusDays(ahead));
                Position known = engine.index().position(day);
                if (known != null && known.backorderCap() != node.dailyCapacity()) {
                    changes.add(new StockChange(day, StockMove.CAP, node.dailyCapacity()));
                }
            }
        }
        if (!changes.isEmpty()) {
            long id = engine.nextId();
            StockDocument document = new StockDocument(id, StockDocument.Kind.SETTINGS, "daily capacity", changes);
            Audit audit = new Audit("tutti", "network", Engine.now(), "a node's capacity was changed");
            engine.submit(Lane.DUE, id, true, new HubCommand.ForStock(document), List.of(), audit)
                    .join();
        }
    }

    private void giveUpWeakestClaims() {
        shortages = false;
        if (!engine.database().stock().anyShortage()) {
            return;
        }
        if (giveUpWhatIsKept()) {
            shortages = true;
            return;
        }
        List<Long> carts = engine.database().stock().weakestReservations(AT_ONCE);
        if (!carts.isEmpty()) {
            shortages = true;
            carts.forEach(cart -> submit(ReservationId.ofAggregate(cart), new ReservationCommand.Yield(), "shortage"));
            return;
        }
        for (StockReads.WeakClaim claim : engine.database().stock().weakestClaims(AT_ONCE)) {
            shortages = true;
            submit(
                    claim.order(),
                    new OrderCommand.YieldUnits(claim.fulfilmentOrder(), claim.line(), claim.units()),
                    "shortage");
        }
    }

    /** What is left in a ring-fence whose time is over is everybody's again. */
    private void emptyFences() {
        Instant now = Engine.now();
        for (RingFence fence : engine.catalogue().network().ringFences()) {
            if (fence.isOver(now)) {
                List<StockReads.KeptUnits> kept =
                        engine.database().stock().keptIn(Place.poolOfFence(fence.number()), AT_ONCE);
                giveBack(kept, fence.code(), "the ring-fence is over");
            }
        }
    }

    /** What came for those who wait and none of them has taken since the last look is everybody's again. */
    private void emptyWaking() {
        List<StockReads.KeptUnits> kept = engine.database().stock().keptIn(Place.Pool.WAKING, AT_ONCE);
        List<StockReads.KeptUnits> left = kept.stream()
                .filter(units -> keptBefore.contains(units) && !arrivals.containsKey(at(units.item(), units.node())))
                .toList();
        giveBack(left, "waking", "nobody who waits has taken what came");
        keptBefore = Set.copyOf(kept);
    }

    /** One after the other would each wait for its commit; together they share it. */
    private void giveBack(List<StockReads.KeptUnits> kept, String reference, String reason) {
        List<CompletableFuture<?>> together = new ArrayList<>();
        for (StockReads.KeptUnits units : kept) {
            together.add(post(
                    Fencing.unallocate(units.item(), new NodeId(units.node()), units.pool(), units.quantity()),
                    reference,
                    reason));
        }
        together.forEach(CompletableFuture::join);
    }

    /** One that is refused has been overtaken. */
    private CompletableFuture<?> post(List<StockChange> changes, String reference, String reason) {
        StockDocument document = new StockDocument(engine.nextId(), StockDocument.Kind.FENCE, reference, changes);
        Audit audit = new Audit("tutti", "kept-units", Engine.now(), reason);
        return engine.submit(Lane.DUE, document.id(), true, new HubCommand.ForStock(document), List.of(), audit);
    }

    /** What a ring-fence keeps is the weakest claim of all; true if any was given up. */
    private boolean giveUpWhatIsKept() {
        boolean any = false;
        PositionKey before = null;
        for (StockReads.KeptUnits kept : engine.database().stock().keptThoughShort(AT_ONCE)) {
            PositionKey key = new PositionKey(kept.item(), kept.node());
            if (key.equals(before)) {
                continue;
            }
            before = key;
            any = true;
            post(
                            Fencing.yield(
                                    kept.item(),
                                    new NodeId(kept.node()),
                                    kept.pool(),
                                    Math.min(kept.quantity(), kept.shortage())),
                            "shortage",
                            "what is kept is not there")
                    .join();
        }
        return any;
    }

    /** Unless a command for it is under way already; then false. */
    private boolean submit(long order, OrderCommand command, String origin) {
        boolean free = underWay.add(order);
        if (free) {
            var unused = engine.submit(
                            Lane.DUE,
                            order,
                            false,
                            new HubCommand.ForOrder(command),
                            List.of(),
                            new Audit("tutti", origin, Engine.now(), ""))
                    .thenAccept(answer -> {
                        if (answer instanceof Answer.Refused<Order>(var refusal)) {
                            // An order that has gone on since needs no help; anything else a person should see.
                            Level level = OVERTAKEN.contains(refusal.code()) ? Level.DEBUG : Level.WARN;
                            LOG.atLevel(level).log("order {}: {} was refused: {}", order, origin, refusal.detail());
                            restingUntil.put(order, Engine.now().plus(REST));
                        }
                        underWay.remove(order);
                    });
        }
        return free;
    }

    @Override
    public void close() {
        stop.ask();
        Stop.join(thread);
        Stop.join(watch);
    }
}
