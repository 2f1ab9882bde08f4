package dev.tutti.server.engine;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Conveyor;
import dev.tutti.conveyor.Job;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.Lane;
import dev.tutti.conveyor.Limits;
import dev.tutti.conveyor.Observer;
import dev.tutti.conveyor.Round;
import dev.tutti.conveyor.Store;
import dev.tutti.decision.Aggregate;
import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.hub.Hub;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.inbound.InboundCommand;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.inbound.ShipmentId;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.LedgerEntry;
import dev.tutti.inventory.Stock;
import dev.tutti.inventory.StockDocument;
import dev.tutti.network.Network;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.postgres.Database;
import dev.tutti.postgres.OrderSearch;
import dev.tutti.postgres.PreparedChange;
import dev.tutti.postgres.Reads;
import dev.tutti.reservation.Reservation;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.reservation.ReservationId;
import dev.tutti.server.backoff.Stop;
import dev.tutti.server.flow.FlowJson;
import dev.tutti.sourcing.Sourcing;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server's engine: commands go in, certain answers come out.
 *
 * <p>Rounds of the conveyor run on a few platform threads, each with its own decisions and its own connection: while one
 * waits for the database to make a commit durable, another decides. Everything else (due work, following other servers,
 * shortages, waking who waits for stock) puts commands on the same lanes.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    /** A position and its ledger entry are two rows; an ordinary order is about twenty. */
    private static final int CHANGES_PER_PLACE = 8;

    private final Database database;
    private final Catalogue catalogue;
    private final AvailabilityIndex index = new AvailabilityIndex(this::learnt);
    private final Work work;
    private final Conveyor<Aggregate, HubCommand, HubChange, PreparedChange> conveyor;
    private final List<Thread> rounds = new ArrayList<>();
    private final Follower follower;
    private final Backorders backorders;
    private final Chores chores;
    private final Searchable searchable;
    private final AvailabilityNews news;
    private final Learned learned;
    private final Metrics metrics;

    private Engine(Database database, Limits limits) {
        this.database = database;
        this.work = new Work(limits, System::nanoTime);
        this.follower = new Follower(database, index);
        this.catalogue = new Catalogue(database.masterData(), FlowJson::stored, follower::tellOthers);
        Errands errands = new Errands(this);
        this.backorders = new Backorders(this, errands);
        this.chores = new Chores(this, errands, backorders);
        this.searchable = new Searchable(database.searchFollower(), this::waiting);
        this.metrics = new Metrics(this);
        this.news = new AvailabilityNews(this);
        this.learned = new Learned(database.arrivals());
        this.conveyor = new Conveyor<>(database.store(), index, limits, new Watch());
    }

    /** Loads what it must know and starts its threads. */
    public static Engine start(Database database, Limits limits, int threads) {
        Engine engine = new Engine(database, limits);
        engine.follower.start(engine.catalogue);
        for (int i = 1; i <= threads; i++) {
            engine.rounds.add(Thread.ofPlatform().name("round-" + i).start(engine::carry));
        }
        engine.chores.start();
        engine.searchable.start();
        engine.news.start();
        return engine;
    }

    /**
     * Puts a command about an order or about stock on its way.
     *
     * @param aggregate the order's or the stock document's number; {@link #nextId()} for a new one
     * @param creates whether the command begins it
     * @return completes when the answer is certain; refused as overloaded when the lane is full
     */
    public CompletableFuture<Answer<Order>> submit(
            Lane lane, long aggregate, boolean creates, HubCommand command, List<KeyClaim> keys, Audit audit) {
        return submit(Order.class, lane, aggregate, creates, command, keys, audit);
    }

    /** What became of a stock document. */
    public record Posted(Answer<Order> answer, List<LedgerEntry> entries) {}

    /** Puts a stock document on its way; its entries are in the order of its changes. */
    public CompletableFuture<Posted> post(Lane lane, StockDocument document, List<KeyClaim> keys, Audit audit) {
        CompletableFuture<Posted> posted = new CompletableFuture<>();
        AtomicReference<Job<Aggregate, HubCommand>> job = new AtomicReference<>();
        job.set(new Job<>(
                lane,
                Math.max(1, document.changes().size() / CHANGES_PER_PLACE),
                document.id(),
                true,
                0,
                new HubCommand.ForStock(document),
                keys,
                audit,
                done -> posted.complete(
                        new Posted(done.as(Order.class), job.get().booked()))));
        if (!work.offer(job.get())) {
            posted.complete(new Posted(overloaded(), List.of()));
        }
        return posted;
    }

    private static <S> Answer<S> overloaded() {
        return new Answer.Refused<>(
                Refusal.of(RefusalCode.OVERLOADED, "too much is waiting here; nothing was done, try again soon"));
    }

    /** Puts a command about a reservation on its way. */
    public CompletableFuture<Answer<Reservation>> submit(
            Lane lane, ReservationId id, ReservationCommand command, List<KeyClaim> keys, Audit audit) {
        return submit(
                Reservation.class,
                lane,
                id.aggregate(),
                command instanceof ReservationCommand.Reserve,
                new HubCommand.ForReservation(command),
                keys,
                audit);
    }

    /** Puts a command about an inbound shipment on its way. */
    public CompletableFuture<Answer<InboundShipment>> submit(
            Lane lane, ShipmentId id, InboundCommand command, List<KeyClaim> keys, Audit audit) {
        return submit(
                InboundShipment.class,
                lane,
                id.aggregate(),
                command instanceof InboundCommand.Announce && !keys.isEmpty(),
                new HubCommand.ForInbound(command),
                keys,
                audit);
    }

    private <S extends Aggregate> CompletableFuture<Answer<S>> submit(
            Class<S> kind,
            Lane lane,
            long aggregate,
            boolean creates,
            HubCommand command,
            List<KeyClaim> keys,
            Audit audit) {
        CompletableFuture<Answer<S>> answer = new CompletableFuture<>();
        long other =
                command instanceof HubCommand.ForOrder(OrderCommand.PlaceOrder(var draft)) && draft.reservation() != 0
                        ? new ReservationId(draft.reservation()).aggregate()
                        : 0;
        Job<Aggregate, HubCommand> job = new Job<>(lane, aggregate, creates, other, command, keys, audit, done -> {
            if (!looksForStock(command)
                    && done instanceof Answer.Done<Aggregate>(Aggregate next)
                    && next instanceof Order order
                    && order.in(UnitState.BACKORDERED) > 0) {
                backorders.beganToWait(order);
            }
            answer.complete(done.as(kind));
        });
        if (!work.offer(job)) {
            answer.complete(overloaded());
        }
        return answer;
    }

    /** Has just looked for stock because there might be some: if its order still waits, it would be asked again for ever. */
    private static boolean looksForStock(HubCommand command) {
        return command instanceof HubCommand.ForOrder(OrderCommand order)
                && (order instanceof OrderCommand.Signal || order instanceof OrderCommand.Wake);
    }

    private void learnt(int item) {
        news.touched(item);
    }

    /** What has been learned from what arrived. */
    public Learned learned() {
        return learned;
    }

    /** What channels can sell, as it changes. */
    public AvailabilityNews news() {
        return news;
    }

    /** Business time, to the microsecond, as the database keeps it. */
    public static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    public long nextId() {
        return database.ids().next();
    }

    public Catalogue catalogue() {
        return catalogue;
    }

    public AvailabilityIndex index() {
        return index;
    }

    /** The picture of the stock, less what is being claimed here at this moment. */
    public Stock overlay() {
        return conveyor.overlay();
    }

    public Reads reads() {
        return database.reads();
    }

    public OrderSearch search() {
        return database.search();
    }

    public Database database() {
        return database;
    }

    /** How long ago the picture of the stock was last brought up to date with the ledger. */
    public Duration staleness() {
        return follower.staleness();
    }

    public Metrics metrics() {
        return metrics;
    }

    /** Commands that wait. */
    public int waiting() {
        return work.waiting();
    }

    private void carry() {
        Sourcing sourcing = new Sourcing();
        Network network = catalogue.network();
        Hub hub = new Hub(network, catalogue.flows(), sourcing);
        try {
            for (List<Job<Aggregate, HubCommand>> jobs = work.take(); !jobs.isEmpty(); jobs = work.take()) {
                if (network != catalogue.network()) {
                    network = catalogue.network();
                    hub = new Hub(network, catalogue.flows(), sourcing);
                }
                work.giveBack(jobs, carriedOrAborted(conveyor.round(hub, jobs, now())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The edge of the conveyor: an error nobody foresaw ends this round and no more. */
    private static List<Job<Aggregate, HubCommand>> carriedOrAborted(
            Round<Aggregate, HubCommand, HubChange, PreparedChange> round) throws InterruptedException {
        try {
            return carried(round);
        } catch (RuntimeException | Error unforeseen) {
            LOG.error("ALARM: a round was given up", unforeseen);
            round.abort();
            return round.returned();
        }
    }

    private static List<Job<Aggregate, HubCommand>> carried(
            Round<Aggregate, HubCommand, HubChange, PreparedChange> round) throws InterruptedException {
        long pause = 10;
        while (!round.finished()) {
            round.step();
            if (round.troubled()) {
                LOG.warn("the database cannot be reached; trying again");
                Thread.sleep(pause);
                pause = Math.min(1000, pause * 2);
            }
        }
        if (round.troubled()) {
            Thread.sleep(pause);
        }
        return round.returned();
    }

    /** Stops taking commands in, carries those that are in, and stops. */
    @Override
    public void close() {
        work.close();
        chores.close();
        searchable.close();
        news.close();
        for (Thread round : rounds) {
            Stop.join(round);
        }
        follower.close();
    }

    /** Hears what the conveyor does. */
    private final class Watch implements Observer {
        @Override
        public void committed(int commands, List<Store.Posting> postings) {
            metrics.committed(commands, postings.size());
            if (!postings.isEmpty()) {
                follower.tellOthers();
                backorders.stockMoved(postings);
                chores.stockMoved(postings);
            }
        }

        @Override
        public void alarm(String what, Throwable cause) {
            metrics.alarm();
            LOG.error("ALARM: {}", what, cause);
        }
    }
}
