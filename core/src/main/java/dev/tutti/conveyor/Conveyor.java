package dev.tutti.conveyor;

import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Overlay;
import java.time.Instant;
import java.util.List;

/**
 * What all rounds of one server share: the store, the picture of the stock and the claims that are planned on it.
 *
 * <p>Rounds may run side by side, each on its own thread with its own domain; their transactions meet in the store and
 * nowhere else.
 */
public final class Conveyor<S, C, X, W> {
    private final Store<S, X, W> store;
    private final AvailabilityIndex index;
    private final Overlay overlay;
    private final KeysInFlight keysInFlight = new KeysInFlight();
    private final Limits limits;
    private final Observer observer;

    public Conveyor(Store<S, X, W> store, AvailabilityIndex index, Limits limits, Observer observer) {
        this.store = store;
        this.index = index;
        this.overlay = new Overlay(index);
        this.limits = limits;
        this.observer = observer;
    }

    /**
     * A round for these commands, not yet begun.
     *
     * @param domain decides; used by this round's thread alone
     * @param jobs in the order they arrived
     * @param now business time
     */
    public Round<S, C, X, W> round(Domain<S, C, X> domain, List<Job<S, C>> jobs, Instant now) {
        return new Round<>(this, domain, jobs, now, this::withinLimits);
    }

    /** What is one of many goes by itself, after those for whom somebody waits: they are answered before it is written. */
    private int withinLimits(List<Plan<S, C, W>> left) {
        int rows = 0;
        int most = Math.min(left.size(), limits.jobsPerBatch());
        boolean bulk = left.getFirst().job().lane() == Lane.BULK;
        for (int n = 0; n < most; n++) {
            rows += left.get(n).rows();
            if (rows > limits.rowsPerBatch() || bulk != (left.get(n).job().lane() == Lane.BULK)) {
                return n;
            }
        }
        return most;
    }

    /** A plan's claims and keys are in flight until {@link #settled}. */
    void planned(Plan<S, C, W> plan) {
        overlay.plan(plan.claims());
        keysInFlight.add(plan.job().keys());
    }

    void settled(Plan<S, C, W> plan) {
        overlay.settle(plan.claims());
        keysInFlight.remove(plan.job().keys());
    }

    /** Whether it has lost so often that it is shown an empty supply. If it loses even so, it is refused. */
    boolean seesNothing(Job<S, C> job) {
        return job.losses() >= limits.lossesBeforeGivingUp();
    }

    Store<S, X, W> store() {
        return store;
    }

    public AvailabilityIndex index() {
        return index;
    }

    public Overlay overlay() {
        return overlay;
    }

    KeysInFlight keysInFlight() {
        return keysInFlight;
    }

    Limits limits() {
        return limits;
    }

    Observer observer() {
        return observer;
    }
}
