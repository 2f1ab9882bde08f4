package dev.tutti.simulator;

import static dev.tutti.simulator.audit.Invariant.DECISIONS_SEE_EACH_OTHER;
import static dev.tutti.simulator.audit.Invariant.EVERYBODY_ANSWERED;
import static dev.tutti.simulator.audit.Invariant.LOSSES_BOUNDED;
import static dev.tutti.simulator.audit.Invariant.NOTHING_LEFT;
import static dev.tutti.simulator.audit.Invariant.NO_ALARM;
import static dev.tutti.simulator.audit.Invariant.VERSIONS_CONTIGUOUS;

import dev.tutti.conveyor.Conveyor;
import dev.tutti.conveyor.Domain;
import dev.tutti.conveyor.Job;
import dev.tutti.conveyor.Lanes;
import dev.tutti.conveyor.Observer;
import dev.tutti.conveyor.Round;
import dev.tutti.conveyor.Store;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.Hub;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.simulator.store.Database;
import dev.tutti.simulator.store.Faults;
import dev.tutti.simulator.store.LockWait;
import dev.tutti.simulator.store.Prepared;
import dev.tutti.simulator.store.ServerCrash;
import dev.tutti.simulator.store.Session;
import dev.tutti.sourcing.Sourcing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One process: what it remembers, and the rounds it has under way. A crash loses all of it. */
final class Server implements Observer {
    private final int number;
    private final Scenario scenario;
    private final Database database;
    private final Faults faults;
    private final List<Worker> workers = new ArrayList<>();

    private Session session;
    private AvailabilityIndex index;
    private Conveyor<Aggregate, HubCommand, HubChange, Prepared> conveyor;
    private Lanes<Aggregate, HubCommand> lanes;
    private boolean up;
    // Looked up only.
    private final Map<Job<Aggregate, HubCommand>, Delivery> deliveries = new IdentityHashMap<>();

    /** Ledger entries of others that are on their way here. */
    final List<Store.Posting> news = new ArrayList<>();

    int crashes;

    /** One thread's place: its domain and the round it carries. */
    private static final class Worker {
        final Domain<Aggregate, HubCommand, HubChange> domain;

        @Nullable
        Round<Aggregate, HubCommand, HubChange, Prepared> round;

        List<Job<Aggregate, HubCommand>> jobs = List.of();

        Worker(Domain<Aggregate, HubCommand, HubChange> domain) {
            this.domain = domain;
        }
    }

    Server(int number, Scenario scenario, Database database, Faults faults) {
        this.number = number;
        this.scenario = scenario;
        this.database = database;
        this.faults = faults;
        for (int i = 0; i < scenario.workers(); i++) {
            workers.add(new Worker(new Poison(new Hub(scenario.network(), scenario.flows(), new Sourcing()))));
        }
        session = database.connect(faults);
        index = new AvailabilityIndex();
        conveyor = new Conveyor<>(session, index, scenario.limits(), this);
        lanes = new Lanes<>(scenario.limits());
        start();
    }

    void start() {
        session = database.connect(faults);
        index = new AvailabilityIndex();
        conveyor = new Conveyor<>(session, index, scenario.limits(), this);
        lanes = new Lanes<>(scenario.limits());
        sweep();
        up = true;
    }

    void crash() {
        up = false;
        crashes++;
        session.abandon();
        news.clear();
        deliveries.clear();
        workers.forEach(worker -> {
            worker.round = null;
            worker.jobs = List.of();
        });
    }

    boolean isUp() {
        return up;
    }

    /** Takes a command on, or turns it away. */
    void offer(Job<Aggregate, HubCommand> job, Delivery delivery) {
        if (up && lanes.offer(job)) {
            deliveries.put(job, delivery);
        }
    }

    boolean isIdle() {
        return lanes.size() == 0 && workers.stream().allMatch(worker -> worker.round == null);
    }

    /** What it is busy with, or will be next. */
    List<Job<Aggregate, HubCommand>> busyWith() {
        for (Worker worker : workers) {
            if (worker.round != null) {
                return worker.jobs;
            }
        }
        return lanes.take(true);
    }

    int workers() {
        return workers.size();
    }

    /** One worker makes one move. */
    void step(int which, Instant now) {
        Worker worker = workers.get(which);
        Round<Aggregate, HubCommand, HubChange, Prepared> round = worker.round;
        if (round == null) {
            worker.jobs = lanes.take(true);
            if (!worker.jobs.isEmpty()) {
                worker.round = conveyor.round(worker.domain, worker.jobs, now);
            }
            return;
        }
        try {
            round.step();
        } catch (LockWait wait) {
            return;
        } catch (ServerCrash crash) {
            crash();
            return;
        }
        if (round.finished()) {
            List<Job<Aggregate, HubCommand>> returned = round.returned();
            returned.forEach(this::checkLosses);
            checkAnswers(worker.jobs, returned);
            lanes.giveBack(returned);
            worker.round = null;
        }
    }

    /** Of a round's commands each is answered once or comes back. */
    private void checkAnswers(List<Job<Aggregate, HubCommand>> jobs, List<Job<Aggregate, HubCommand>> returned) {
        for (Job<Aggregate, HubCommand> job : jobs) {
            Delivery delivery = deliveries.get(job);
            boolean comesBack = returned.contains(job);
            if (delivery == null || delivery.answers() != (comesBack ? 0 : 1)) {
                throw EVERYBODY_ANSWERED.violatedAt(
                        "order " + job.aggregate(),
                        job.audit().reason() + " was answered " + (delivery == null ? "before" : delivery.answers())
                                + " times" + (comesBack ? " and comes back" : ""));
            }
            if (!comesBack) {
                deliveries.remove(job);
            }
        }
    }

    private void checkLosses(Job<Aggregate, HubCommand> job) {
        String name = "order " + job.aggregate();
        if (scenario.calm() && job.losses() > 0) {
            throw DECISIONS_SEE_EACH_OTHER.violatedAt(name, "lost at the guard: " + job.command());
        }
        if (job.losses() > scenario.limits().lossesBeforeGivingUp() + 1) {
            throw LOSSES_BOUNDED.violatedAt(name, "lost " + job.losses() + " times: " + job.command());
        }
    }

    /** Hears of somebody's ledger entry. */
    void learn(Store.Posting posting) {
        PositionKey key = posting.entry().position();
        index.learn(key, posting.entry().after());
        Position known = index.position(key);
        if (known == null || known.version() < posting.entry().after().version()) {
            throw VERSIONS_CONTIGUOUS.violatedAt(
                    "position " + key.item() + " at " + key.place(),
                    "server " + number + " heard of " + posting + " and still knows " + known);
        }
    }

    /** Reads all positions anew. */
    void sweep() {
        database.positions().forEach(index::learn);
    }

    /** What this server knows must be what the store holds; true only when nothing is on its way. */
    void checkPicture() {
        database.positions().forEach((key, position) -> {
            if (conveyor.overlay().pendingAt(key) != null) {
                throw NOTHING_LEFT.violatedAt(
                        "position " + key.item() + " at " + key.place(),
                        "server " + number + " still plans claims that nobody is making");
            }
            if (!position.pictured().equals(index.position(key))) {
                throw VERSIONS_CONTIGUOUS.violatedAt(
                        "position " + key.item() + " at " + key.place(),
                        "is " + position + ", server " + number + " knows " + index.position(key));
            }
        });
    }

    @Override
    public void committed(int commands, List<Store.Posting> postings) {}

    @Override
    public void alarm(String what, Throwable cause) {
        if (!(cause instanceof Poison.Swallowed)) {
            throw NO_ALARM.violatedAt("server " + number, what + ": " + cause);
        }
    }
}
