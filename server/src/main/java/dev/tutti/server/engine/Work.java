package dev.tutti.server.engine;

import dev.tutti.conveyor.Job;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.Lane;
import dev.tutti.conveyor.Lanes;
import dev.tutti.conveyor.Limits;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** The lanes, for many threads: callers put commands in, the conveyor's threads take them out. */
final class Work {
    private static final long GATHERING_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final int ENOUGH = 64;
    /** For so long after a command for which somebody waits, others are expected. */
    private static final long ABOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Lanes<Aggregate, HubCommand> lanes;
    /** Keys of the commands in rounds that are under way, and of how many. */
    private final Map<Key, Integer> carried = new HashMap<>();

    private int underWay;
    /** Rounds under way with commands of the bulk lane. */
    private int bulkUnderWay;

    private final LongSupplier nanos;
    private long lastAwaited;
    private boolean closed;

    /** @param nanos what time passes by, of no known beginning */
    Work(Limits limits, LongSupplier nanos) {
        this.lanes = new Lanes<>(limits);
        this.nanos = nanos;
        this.lastAwaited = nanos.getAsLong() - ABOUT_NANOS;
    }

    boolean offer(Job<Aggregate, HubCommand> job) {
        lock.lock();
        try {
            if (closed || !lanes.offer(job)) {
                return false;
            }
            if (job.lane() == Lane.INTERACTIVE) {
                lastAwaited = nanos.getAsLong();
            }
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next round's commands; waits for some. Empty when there will be no more.
     *
     * <p>A command whose key is being carried in another round waits for the end of that: whoever came first under a key
     * is the one that is done, also when rounds overtake each other.
     *
     * <p>While people wait for answers, only one round at a time carries what is one of many: it may take long, and the
     * others are soon there for whoever comes next.
     */
    List<Job<Aggregate, HubCommand>> take() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                while (nothingYet()) {
                    arrived.await();
                }
                gather(); // meanwhile another may have taken all
                List<Job<Aggregate, HubCommand>> taken = new ArrayList<>();
                List<Job<Aggregate, HubCommand>> kept = new ArrayList<>();
                for (Job<Aggregate, HubCommand> job : lanes.take(bulkToo())) {
                    (isCarried(job) ? kept : taken).add(job);
                }
                lanes.giveBack(kept);
                if (!taken.isEmpty()) {
                    underWay++;
                    bulkUnderWay += isBulk(taken) ? 1 : 0;
                    taken.forEach(job -> job.keys().forEach(claim -> carried.merge(claim.key(), 1, Integer::sum)));
                    if (lanes.size() > 0) {
                        arrived.signal();
                    }
                    return taken;
                }
                if (lanes.size() > 0) {
                    arrived.await(); // what waits may not go yet
                } else if (closed && underWay == 0) {
                    return List.of();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isCarried(Job<Aggregate, HubCommand> job) {
        return job.keys().stream().anyMatch(claim -> carried.containsKey(claim.key()));
    }

    private boolean bulkToo() {
        return bulkUnderWay == 0 || closed || nanos.getAsLong() - lastAwaited >= ABOUT_NANOS;
    }

    private int mayGo() {
        return lanes.size() - (bulkToo() ? 0 : lanes.size(Lane.BULK));
    }

    private static boolean isBulk(List<Job<Aggregate, HubCommand>> taken) {
        return taken.getLast().lane() == Lane.BULK;
    }

    private boolean nothingYet() {
        return lanes.size() == 0 && !(closed && underWay == 0);
    }

    /**
     * While another round is under way, its callers are about to come back with their next commands: a few more
     * milliseconds make one round of what would be a small one now and a large one behind it, and each costs the same
     * dozen statements. Nobody waits when nothing is under way.
     */
    private void gather() throws InterruptedException {
        long left = GATHERING_NANOS;
        while (underWay > 0 && !closed && lanes.size() > 0 && mayGo() < ENOUGH && left > 0) {
            left = arrived.awaitNanos(left);
        }
    }

    /** A round is over; what it could not carry goes to the head of the lanes. */
    void giveBack(List<Job<Aggregate, HubCommand>> taken, List<Job<Aggregate, HubCommand>> again) {
        lock.lock();
        try {
            taken.forEach(job -> job.keys()
                    .forEach(claim -> carried.computeIfPresent(claim.key(), (k, n) -> n == 1 ? null : n - 1)));
            lanes.giveBack(again);
            underWay--;
            bulkUnderWay -= isBulk(taken) ? 1 : 0;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return lanes.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more in; what is in goes through. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
