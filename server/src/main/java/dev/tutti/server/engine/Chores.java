package dev.tutti.server.engine;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Store;
import dev.tutti.conveyor.StoreFailure;
import dev.tutti.inventory.Fencing;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.network.RingFence;
import dev.tutti.order.ExceptionKind;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.postgres.StockReads;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.reservation.ReservationId;
import dev.tutti.server.backoff.Stop;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nobody asks for and must be done all the same: orders whose time has come, orders that wait for what has come
 * ({@link Backorders}), claims on units that turned out not to be there.
 *
 * <p>Each becomes a command like any other, decided on the order as it is then: a chore that two servers see is done
 * once, and the second finds nothing to do.
 */
final class Chores implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
    private static final int AT_ONCE = 2_000;
    private static final long PAUSE_MILLIS = 100;
    private static final long BEFORE_A_LOOK_MILLIS = 5_000;
    private static final long BETWEEN_LOOKS_MILLIS = 600_000;
    /** As many days ahead as a node's capacity can be claimed: slots are given for so long. */
    private static final int DAYS_PLANNED = 367;

    private static final Duration REST = Duration.ofMinutes(1);

    private final Engine engine;
    private final Errands errands;
    private final Backorders backorders;
    /** Orders whose timer was refused, and when it is tried again: they must not keep the others from their turn. */
    private final Map<Long, Instant> restingUntil = new ConcurrentHashMap<>();

    private final Thread thread = Thread.ofPlatform().name("chores").unstarted(this::run);
    private final Thread watch = Thread.ofPlatform().name("watch").unstarted(this::watch);
    private volatile boolean shortages = true;
    private final Stop stop = new Stop();

    Chores(Engine engine, Errands errands, Backorders backorders) {
        this.engine = engine;
        this.errands = errands;
        this.backorders = backorders;
    }

    void start() {
        thread.start();
        watch.start();
    }

    /** Notes whether something is short. */
    void stockMoved(List<Store.Posting> postings) {
        for (Store.Posting posting : postings) {
            if (posting.entry().position().isStock() && posting.entry().after().shortage() > 0) {
                shortages = true;
            }
        }
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
                backorders.look();
                // Another server may have declared a shortage and died: look without cause now and then.
                rounds++;
                if (shortages || rounds % 50 == 0) {
                    giveUpWeakestClaims();
                }
                if (rounds % 50 == 1 || network != engine.catalogue().network()) {
                    Network before = network;
                    network = engine.catalogue().network();
                    backorders.noteRoom(before, network);
                    followCapacities();
                    emptyFences();
                    backorders.emptyWaking();
                    backorders.goRound();
                }
            } catch (StoreFailure e) {
                LOG.warn("chores wait for the database: {}", e.getMessage());
            } catch (RuntimeException unforeseen) {
                LOG.error("ALARM: a chore failed", unforeseen);
            }
        } while (!stop.isAskedWithin(PAUSE_MILLIS));
    }

    /** Nothing is ever just stuck: what should not be, and is, becomes a case for a person. */
    private void lookForForgotten() {
        List<Long> orders = engine.reads().forgotten(AT_ONCE);
        engine.metrics().forgotten(orders.size());
        for (long order : orders) {
            LOG.error("ALARM: order {} is under way, and nothing is due", order);
            errands.submit(
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
                errands.submit(aggregate, new OrderCommand.Wake(), "timer", answer -> restIfRefused(aggregate, answer));
            } else {
                errands.submit(ReservationId.ofAggregate(aggregate), new ReservationCommand.Wake(), "timer");
            }
        }
    }

    private void restIfRefused(long order, Answer<Order> answer) {
        if (answer instanceof Answer.Refused<Order>) {
            restingUntil.put(order, Engine.now().plus(REST));
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
            errands.post(
                            StockDocument.Kind.SETTINGS,
                            "daily capacity",
                            changes,
                            "network",
                            "a node's capacity was changed")
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
            carts.forEach(cart ->
                    errands.submit(ReservationId.ofAggregate(cart), new ReservationCommand.Yield(), "shortage"));
            return;
        }
        for (StockReads.WeakClaim claim : engine.database().stock().weakestClaims(AT_ONCE)) {
            shortages = true;
            errands.submit(
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
                errands.giveBack(kept, fence.code(), "the ring-fence is over");
            }
        }
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
            int units = Math.min(kept.quantity(), kept.shortage());
            errands.post(
                            StockDocument.Kind.FENCE,
                            "shortage",
                            Fencing.yield(kept.item(), new NodeId(kept.node()), kept.pool(), units),
                            "kept-units",
                            "what is kept is not there")
                    .join();
        }
        return any;
    }

    @Override
    public void close() {
        stop.ask();
        Stop.join(thread);
        Stop.join(watch);
    }
}
