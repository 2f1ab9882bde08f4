package dev.tutti.simulator;

import static dev.tutti.simulator.audit.Invariant.EVERYBODY_ANSWERED;
import static dev.tutti.simulator.audit.Invariant.NOBODY_FORGOTTEN;

import dev.tutti.conveyor.Job;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.Order;
import dev.tutti.simulator.audit.Violation;
import java.time.Duration;
import java.util.List;

/**
 * The end of every run: nothing fails any more, everybody who waits asks again, all work is finished and a month goes
 * by. Then nothing may be left over.
 */
final class QuietPhase {
    private static final int PASSES_OF_RETURNS = 3;
    private static final int MOST_PASSES = 40;
    private static final int MOST_MOVES = 20_000;

    private final World world;
    private final NodeStaff staff;
    private final ShortageSweep sweep;
    private final Customers customers;
    private int moves;

    QuietPhase(World world, NodeStaff staff, ShortageSweep sweep, Customers customers) {
        this.world = world;
        this.staff = staff;
        this.sweep = sweep;
        this.customers = customers;
    }

    void run() {
        while (world.database.noticeOneOrphan(true)) {}
        for (Server server : world.servers) {
            if (!server.isUp()) {
                server.start();
            }
        }
        drain();
        spreadTheNews();
        for (int pass = 1; !finished(); pass++) {
            if (pass > MOST_PASSES) {
                throw NOBODY_FORGOTTEN.violatedAt(
                        "order " + world.openOrders.getFirst(),
                        "never comes to an end: " + world.order(world.openOrders.getFirst()));
            }
            boolean busy = sweep.run() | world.provider.answerAll();
            for (long id : world.openOrders) {
                Order order = world.order(id);
                if (order != null) {
                    busy |= workOn(order);
                }
            }
            drain();
            if (!busy) {
                world.advanceTo(world.now().plus(Duration.ofDays(31)));
                world.dueWork(Integer.MAX_VALUE);
                drain();
            }
        }
        while (sweep.run()) {
            drain();
        }
        for (int pass = 1; pass <= PASSES_OF_RETURNS; pass++) {
            handOut();
            sendBack();
        }
        finishReturns();
        payBack();
        spreadTheNews();
        world.servers.forEach(Server::checkPicture);
        world.auditor.recount(world.database);
        world.auditor.nothingIsLeft(world.database);
    }

    private boolean workOn(Order order) {
        if (order.flow().step().equals(ApprovalFlow.WAITING)) {
            customers.approve(order);
            return true;
        }
        return customers.letGo(order) | staff.finish(order);
    }

    private boolean finished() {
        world.openOrders.removeIf(id -> {
            Order order = world.order(id);
            boolean over = order == null || isOver(order);
            if (over) {
                world.closedOrders.add(id);
            }
            return over;
        });
        return world.openOrders.isEmpty();
    }

    private static boolean isOver(Order order) {
        return order.closed() && order.journeys().others().isEmpty();
    }

    /** Orders are closed, and stores still get what was sent to them. */
    private void handOut() {
        for (long id : world.closedOrders) {
            Order order = world.order(id);
            if (order != null) {
                staff.handOut(order);
            }
        }
        drain();
    }

    /** Orders are closed, and customers still come with what they bought. */
    private void sendBack() {
        for (long id : world.closedOrders) {
            Order order = world.order(id);
            if (order != null) {
                customers.sendBack(order);
            }
        }
        drain();
    }

    private void finishReturns() {
        for (int pass = 1; anyReturnIsUnderWay(); pass++) {
            if (pass > MOST_PASSES) {
                throw NOBODY_FORGOTTEN.violatedAt("some return", "never comes to an end");
            }
            if (!world.provider.answerAll()) {
                world.advanceTo(world.now().plus(Duration.ofDays(31)));
                world.dueWork(Integer.MAX_VALUE);
            }
            drain();
        }
    }

    private boolean anyReturnIsUnderWay() {
        return world.closedOrders.stream().map(world::order).anyMatch(order -> order != null && !isOver(order));
    }

    /** Whatever providers have refused is asked for again, and now they agree. */
    private void payBack() {
        for (int pass = 1; world.provider.answerAll(); pass++) {
            if (pass > MOST_PASSES) {
                throw EVERYBODY_ANSWERED.violatedAt("a payment provider", "is asked without an end");
            }
            drain();
        }
        for (long id : world.closedOrders) {
            Order order = world.order(id);
            if (order != null && order.exception() != null) {
                customers.askForMoney(order);
            }
        }
        drain();
        while (world.provider.answerAll()) {
            drain();
        }
        for (long id : world.closedOrders) {
            Order order = world.order(id);
            if (order != null && order.exception() != null) {
                customers.resolve(order);
            }
        }
        drain();
    }

    private void spreadTheNews() {
        for (Server server : world.servers) {
            server.news.forEach(server::learn);
            server.news.clear();
            server.sweep();
        }
    }

    private Violation restless() {
        for (Server server : world.servers) {
            if (!server.isIdle()) {
                Job<Aggregate, HubCommand> job = server.busyWith().getFirst();
                return EVERYBODY_ANSWERED.violatedAt(
                        "order " + job.aggregate(), "is never done with " + job.command() + ", for " + job.audit());
            }
        }
        return EVERYBODY_ANSWERED.violatedAt("the conveyor", "does not come to rest");
    }

    /** Lets the servers work until nothing is queued; whoever then still waits asks again. */
    private void drain() {
        moves = 0;
        workUntilIdle();
        while (!world.waiting.isEmpty()) {
            for (Request request : List.copyOf(world.waiting)) {
                if (request.repeatable()) {
                    world.send(request);
                } else {
                    // It was lost with the server that had it, and nobody may repeat it.
                    world.waiting.remove(request);
                }
            }
            if (moves++ > MOST_MOVES) {
                Request request = world.waiting.getFirst();
                throw EVERYBODY_ANSWERED.violatedAt(
                        "order " + request.aggregate, "request " + request.number + " is never answered");
            }
            workUntilIdle();
        }
    }

    private void workUntilIdle() {
        boolean idle = false;
        while (!idle) {
            idle = true;
            for (Server server : world.servers) {
                if (!server.isIdle()) {
                    idle = false;
                    for (int worker = 0; worker < server.workers(); worker++) {
                        server.step(worker, world.now());
                    }
                }
            }
            if (++moves > MOST_MOVES) {
                throw restless();
            }
        }
    }
}
