package dev.tutti.simulator;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Job;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.Lane;
import dev.tutti.conveyor.Store;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.inbound.ShipmentId;
import dev.tutti.inventory.PositionKey;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.reservation.Reservation;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.simulator.audit.Auditor;
import dev.tutti.simulator.audit.Invariant;
import dev.tutti.simulator.audit.Submission;
import dev.tutti.simulator.audit.Violation;
import dev.tutti.simulator.store.Commit;
import dev.tutti.simulator.store.Database;
import dev.tutti.simulator.store.JournalRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One world: its seed decides everything that happens in it. */
final class World {
    private static final int RECOUNT_EVERY = 250;

    /** A message on its way to a server. */
    private record Message(Request request, Submission submission) {}

    final Chance chance;
    final Scenario scenario;
    final Database database;
    final List<Server> servers = new ArrayList<>();
    /** Orders that exist and are not closed, as far as anybody has looked. */
    final List<Long> openOrders = new ArrayList<>();
    /** Those that were found closed. */
    final List<Long> closedOrders = new ArrayList<>();

    /** All there have been. */
    final List<Long> reservations = new ArrayList<>();

    final List<Long> shipments = new ArrayList<>();

    /** Requests that wait for an answer. */
    final List<Request> waiting = new ArrayList<>();

    final Auditor auditor;
    private final History history;
    private final WorldFaults faults;
    private final Customers customers;
    private final NodeStaff staff;
    final StockKeepers keepers;
    private final Suppliers suppliers;
    private final ShortageSweep sweep;
    final Provider provider;
    private final List<Message> underWay = new ArrayList<>();
    private Instant now;
    private long ids;
    private long requests;
    private int step;
    private boolean quiet;
    private @Nullable Violation noted;

    /** @param servers how many; 0 leaves it to the seed */
    World(long seed, int servers, @Nullable Consumer<String> printer) {
        chance = new Chance(seed);
        scenario = Scenario.draw(chance, servers);
        now = scenario.start();
        history = new History(printer);
        faults = new WorldFaults(chance, scenario.faultOnceIn());
        database = new Database(this::committed, this::deadlock);
        auditor = new Auditor(scenario.network(), scenario.flows(), this::now);
        for (int n = 1; n <= scenario.servers(); n++) {
            this.servers.add(new Server(n, scenario, database, faults));
        }
        customers = new Customers(this);
        staff = new NodeStaff(this);
        keepers = new StockKeepers(this);
        suppliers = new Suppliers(this);
        sweep = new ShortageSweep(this);
        provider = new Provider(this);
    }

    /** Runs the world for so many steps and then until it is quiet. Never throws: what goes wrong is in the report. */
    @SuppressWarnings("CatchingUnchecked")
    Report run(int steps) {
        Violation violation = null;
        try {
            keepers.openingStock();
            while (step < steps) {
                step++;
                act();
                check();
            }
            quiet = true;
            faults.off();
            new QuietPhase(this, staff, sweep, customers).run();
        } catch (Violation found) {
            violation = found;
        } catch (RuntimeException bug) {
            violation = Invariant.NO_ALARM.violatedAt("the simulation", "threw " + bug);
            violation.initCause(bug);
        }
        int crashes = servers.stream().mapToInt(s -> s.crashes).sum();
        return new Report(step, history, crashes, requests, violation);
    }

    private void check() {
        if (noted != null) {
            throw noted;
        }
        if (step % RECOUNT_EVERY == 0) {
            auditor.recount(database);
        }
    }

    private void act() {
        int dice = chance.below(1000);
        if (dice < 530) {
            aServerMoves();
        } else if (dice < 560) {
            provider.answer();
        } else if (dice < 575) {
            customers.fillCart();
        } else if (dice < 650) {
            customers.place();
        } else if (dice < 780) {
            staff.work();
        } else if (dice < 808) {
            customers.changeTheirMind();
        } else if (dice < 824) {
            customers.sendBack();
        } else if (dice < 845) {
            keepers.file();
        } else if (dice < 850) {
            if (chance.oneIn(2)) {
                keepers.fence();
            } else {
                suppliers.send();
            }
        } else if (dice < 880) {
            aMessageArrives();
        } else if (dice < 900) {
            somebodyTriesAgain();
        } else if (dice < 945) {
            aServerHearsNews();
        } else if (dice < 960) {
            dueWork(4);
        } else if (dice < 975) {
            now = now.plus(Duration.ofMinutes(chance.percent(70) ? chance.between(1, 90) : chance.between(60, 1500)));
        } else if (dice < 985) {
            sweep.run();
        } else if (dice < 995) {
            database.noticeOneOrphan(chance.percent(50));
        } else {
            aServerFailsOrReturns();
        }
    }

    private void aServerMoves() {
        Server server = chance.of(servers);
        if (server.isUp()) {
            server.step(chance.below(server.workers()), now);
        } else if (chance.oneIn(8)) {
            server.start();
        }
    }

    private void aServerHearsNews() {
        Server server = chance.of(servers);
        if (!server.isUp() || server.news.isEmpty()) {
            return;
        }
        if (chance.oneIn(12)) {
            server.sweep();
            return;
        }
        int which = chance.below(server.news.size());
        Store.Posting posting = server.news.get(which);
        if (chance.percent(85)) {
            server.news.remove(which);
        }
        server.learn(posting);
    }

    private void aServerFailsOrReturns() {
        Server server = chance.of(servers);
        if (!server.isUp()) {
            server.start();
        } else if (scenario.faultOnceIn() > 0) {
            server.crash();
        }
    }

    private void somebodyTriesAgain() {
        if (!waiting.isEmpty()) {
            Request request = chance.of(waiting);
            if (request.repeatable()) {
                send(request);
            }
        }
    }

    private void aMessageArrives() {
        if (!underWay.isEmpty()) {
            int which = chance.below(underWay.size());
            Message message = underWay.get(which);
            if (!message.request().repeatable() || chance.percent(80)) {
                underWay.remove(which);
            }
            deliver(message);
        }
    }

    /** Orders whose time has come. */
    void dueWork(int most) {
        for (long id : database.due(now, most)) {
            if (id > 0) {
                ask("timer", Lane.DUE, id, new OrderCommand.Wake());
            } else {
                ask("timer", Lane.DUE, id, new HubCommand.ForReservation(new ReservationCommand.Wake()));
            }
        }
    }

    /** A command about an order that nobody will repeat. */
    void ask(String actor, Lane lane, long order, OrderCommand command) {
        ask(actor, lane, order, new HubCommand.ForOrder(command));
    }

    void ask(String actor, Lane lane, long aggregate, HubCommand command) {
        send(new Request(nextRequest(), actor, lane, aggregate, List.of(), 0, false, any -> command));
    }

    long nextRequest() {
        return ++requests;
    }

    Instant now() {
        return now;
    }

    void advanceTo(Instant then) {
        now = then;
    }

    boolean isQuiet() {
        return quiet;
    }

    /** Makes one attempt. */
    void send(Request request) {
        if (request.attempts++ == 0) {
            waiting.add(request);
        }
        long aggregate = request.creates() ? ++ids : request.aggregate;
        HubCommand command = request.command(aggregate);
        if (command instanceof HubCommand.ForReservation && request.creates()) {
            aggregate = -aggregate;
        }
        if (command instanceof HubCommand.ForInbound && request.creates()) {
            aggregate = new ShipmentId(aggregate).aggregate();
        }
        long under = aggregate;
        List<KeyClaim> claims = request.keys.stream()
                .map(key -> new KeyClaim(key, request.fingerprint, under))
                .toList();
        String tag = "r" + request.number + "." + request.attempts;
        Submission submission = new Submission(tag, request.number, under, command, claims, request.poisoned);
        auditor.submitted(submission);
        Message message = new Message(request, submission);
        if (quiet || chance.percent(80)) {
            deliver(message);
        } else {
            underWay.add(message);
        }
    }

    private void deliver(Message message) {
        Submission submission = message.submission();
        Request request = message.request();
        auditor.delivered(submission.tag());
        Delivery delivery = new Delivery(answer -> answered(request, submission.tag(), answer));
        Job<Aggregate, HubCommand> job = new Job<>(
                request.lane,
                submission.aggregate(),
                request.creates(),
                other(submission.command()),
                submission.command(),
                submission.keys(),
                new Audit(request.actor, "simulator", now, submission.tag()),
                delivery);
        chance.of(servers).offer(job, delivery);
    }

    private static long other(HubCommand command) {
        return command instanceof HubCommand.ForOrder(OrderCommand.PlaceOrder(var draft)) && draft.reservation() != 0
                ? -draft.reservation()
                : 0;
    }

    private void answered(Request request, String tag, Answer<Aggregate> answer) {
        history.answered(tag, answer);
        auditor.answered(tag, answer);
        if (quiet || chance.percent(90)) {
            request.hears(answer);
            if (request.settled()) {
                waiting.remove(request);
            }
        }
    }

    private void committed(Commit commit) {
        history.committed(commit);
        for (JournalRow row : commit.journal()) {
            if (row.change() instanceof HubChange.OrderChanged change) {
                provider.hears(row.aggregate(), change.events());
                if (change.before() == null) {
                    openOrders.add(row.aggregate());
                }
            }
            if (row.change() instanceof HubChange.ReservationChanged(var after, var due) && after.version() == 1) {
                reservations.add(row.aggregate());
            }
            if (row.change() instanceof HubChange.InboundChanged(var after, var said) && after.version() == 1) {
                shipments.add(row.aggregate());
            }
        }
        auditor.committed(commit, database);
        for (Server server : servers) {
            for (Store.Posting posting : commit.postings()) {
                if (chance.percent(85)) {
                    server.news.add(posting);
                }
            }
        }
    }

    private void deadlock(String what) {
        if (noted == null) {
            noted = Invariant.NO_DEADLOCK.violatedAt("the store", what);
        }
    }

    /** The reservation that was made last of those that hold units at a position, or null. */
    @Nullable
    Reservation latestThatHolds(PositionKey position) {
        for (long aggregate : reservations.reversed()) {
            Reservation one = database.reservation(aggregate);
            if (one != null
                    && one.isHeld()
                    && one.parcels().stream()
                            .filter(parcel -> parcel.node().value() == position.place())
                            .flatMap(parcel -> parcel.units().stream())
                            .anyMatch(held -> held.item() == position.item())) {
                return one;
            }
        }
        return null;
    }

    @Nullable
    Reservation someReservation() {
        return reservations.isEmpty() ? null : database.reservation(chance.of(reservations));
    }

    /** An open order, or null if none was found. */
    @Nullable
    Order someOrder() {
        for (int i = 0; i < 4 && !openOrders.isEmpty(); i++) {
            int at = chance.below(openOrders.size());
            Order order = order(openOrders.get(at));
            if (order != null && !order.closed()) {
                return order;
            }
            if (order != null) {
                closedOrders.add(openOrders.get(at));
            }
            openOrders.set(at, openOrders.getLast());
            openOrders.removeLast();
        }
        return null;
    }

    @Nullable
    Order someClosedOrder() {
        return closedOrders.isEmpty() ? null : order(closedOrders.get(chance.below(closedOrders.size())));
    }

    @Nullable
    Order order(long id) {
        var stored = database.order(id);
        return stored == null ? null : stored.state();
    }
}
