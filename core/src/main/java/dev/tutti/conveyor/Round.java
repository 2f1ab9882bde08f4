package dev.tutti.conveyor;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.inventory.Stock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One round of the conveyor: some commands, decided together and carried through one transaction or a few.
 *
 * <p>A round is a small machine. Each {@link #step} makes at most one call to the store and, if that call returns,
 * moves on; so the same code runs on a thread that blocks in the store, and in a simulation that puts one server's call
 * on hold, lets another server run, or kills a server between any two calls.
 *
 * <p>Decisions see the stock through an overlay of all claims planned before them, and the aggregates as the round's
 * earlier commands leave them. So admitting them equals processing the same plans one by one in the order they arrived,
 * whichever way they are cut into transactions. What cannot be carried now (its aggregate was locked or had moved on,
 * the guard said no) comes back to be decided anew; it is never patched. An answer is given only when it is certain.
 */
public final class Round<S, C, X, W> {
    private enum Stage {
        LOAD,
        LOOK_FOR_MARKS,
        DECIDE,
        LOOK_UP,
        CLAIM,
        LOCK,
        BEGIN,
        LOCK_POSITIONS,
        RECALL,
        GUARD,
        WRITE,
        COMMIT,
        RESOLVE,
        FINISHED
    }

    /** Says how many of the plans that are left share the next transaction. */
    @FunctionalInterface
    interface Cut<S, C, W> {
        int next(List<Plan<S, C, W>> left);
    }

    private final Conveyor<S, C, X, W> conveyor;
    private final Domain<S, C, X> domain;
    private final List<Job<S, C>> jobs;
    private final Instant now;
    private final Cut<S, C, W> cut;

    private Stage stage = Stage.LOAD;
    private boolean troubled;
    private final DecidedAnew<S, C, W> anew = new DecidedAnew<>();
    private final RefusedJobs<S, C> refused;
    // Looked up only.
    private Map<Long, S> states = Map.of();
    /** By arrival. */
    private final TreeMap<Integer, Mark> marks = new TreeMap<>();
    // Looked up only.
    private Map<Key, KeyOwner> left = Map.of();
    /** Those that are in no batch yet. */
    private final List<Plan<S, C, W>> plans = new ArrayList<>();

    private final ArrayDeque<List<Plan<S, C, W>>> waiting = new ArrayDeque<>();
    private Batch<S, C, X, W> batch;
    /** The batch whose COMMIT has not been answered. */
    private long unresolved;

    Round(Conveyor<S, C, X, W> conveyor, Domain<S, C, X> domain, List<Job<S, C>> jobs, Instant now, Cut<S, C, W> cut) {
        this.conveyor = conveyor;
        this.domain = domain;
        this.jobs = jobs;
        this.now = now;
        this.cut = cut;
        this.refused = new RefusedJobs<>(jobs);
        this.batch = new Batch<>(conveyor, anew, List.of());
    }

    public boolean finished() {
        return stage == Stage.FINISHED;
    }

    /** Whether the store could not be reached; whoever drives the round should wait a little. */
    public boolean troubled() {
        return troubled;
    }

    /** The commands to be decided anew, in the order they arrived. */
    public List<Job<S, C>> returned() {
        return anew.among(jobs);
    }

    /** Makes one call to the store and moves on. What the simulated store throws to make it wait changes nothing. */
    public void step() {
        troubled = false;
        try {
            stage = switch (stage) {
                case LOAD -> load();
                case LOOK_FOR_MARKS -> lookForMarks();
                case DECIDE -> decide();
                case LOOK_UP -> lookUp();
                case CLAIM -> {
                    batch.claim();
                    yield Stage.LOCK;
                }
                case LOCK -> {
                    batch.lock();
                    yield Stage.BEGIN;
                }
                case BEGIN -> {
                    batch.begin();
                    yield Stage.LOCK_POSITIONS;
                }
                case LOCK_POSITIONS -> batch.lockPositions() ? Stage.RECALL : Stage.GUARD;
                case RECALL -> {
                    batch.recall();
                    yield Stage.GUARD;
                }
                case GUARD -> batch.guard(now) ? Stage.WRITE : settled(false);
                case WRITE -> {
                    batch.write();
                    yield Stage.COMMIT;
                }
                case COMMIT -> {
                    batch.commit();
                    yield settled(true);
                }
                // The answer to COMMIT was lost; the database knows.
                case RESOLVE -> conveyor.store().committed(unresolved) ? settled(true) : again();
                case FINISHED -> throw new IllegalStateException("the round is over");
            };
        } catch (StoreFailure failure) {
            stage = afterFailure(failure);
        }
    }

    private Stage load() {
        TreeSet<Long> ids = new TreeSet<>();
        for (Job<S, C> job : jobs) {
            if (!job.creates()) {
                ids.add(job.aggregate());
            }
            if (job.other() != 0) {
                ids.add(job.other());
            }
        }
        states = ids.isEmpty() ? Map.of() : conveyor.store().load(ids);
        for (int i = 0; i < jobs.size(); i++) {
            Mark mark = domain.mark(jobs.get(i).command());
            if (mark != null) {
                marks.put(i, mark);
            }
        }
        return marks.isEmpty() ? Stage.DECIDE : Stage.LOOK_FOR_MARKS;
    }

    private Stage lookForMarks() {
        TreeSet<Key> keys = new TreeSet<>();
        for (Mark mark : marks.values()) {
            mark.claims().forEach(claim -> keys.add(claim.key()));
        }
        left = conveyor.store().owners(keys);
        return Stage.DECIDE;
    }

    private List<KeyOwner> alike(@Nullable Mark mark) {
        return mark == null
                ? List.of()
                : mark.claims().stream()
                        .map(claim -> left.get(claim.key()))
                        .filter(Objects::nonNull)
                        .toList();
    }

    private Stage decide() {
        Map<Long, S> folded = new HashMap<>(states);
        Set<Long> changed = new HashSet<>();
        Set<Long> undecided = new HashSet<>();
        for (int i = 0; i < jobs.size(); i++) {
            Job<S, C> job = jobs.get(i);
            long id = job.aggregate();
            // An aggregate that this round creates cannot be locked in its batch, but could in a later one: it waits.
            long other = job.other();
            boolean beingCreated = (!job.creates() && changed.contains(id) && !states.containsKey(id))
                    || (changed.contains(other) && !states.containsKey(other));
            if (beingCreated || undecided.contains(id) || undecided.contains(other)) {
                anew.add(i);
                continue;
            }
            S state = folded.get(id);
            S otherState = folded.get(other);
            Decision<S, X> decision = decision(job, state, alike(marks.get(i)), otherState);
            Plan<S, C, W> plan = null;
            if (decision instanceof Decision.Accepted<S, X> a && a.rows() > 0) {
                try {
                    plan = plan(i, job, state, otherState, a);
                } catch (StoreFailure.Unstorable content) {
                    decision = new Decision.Refused<>(
                            Refusal.of(RefusalCode.NOT_STORABLE, String.valueOf(content.getMessage())));
                }
            }
            if (plan != null) {
                plans.add(plan);
                conveyor.planned(plan);
                changed.add(id);
                if (plan.next() != null) {
                    folded.put(id, plan.next());
                }
                if (plan.other() != null) {
                    changed.add(other);
                    folded.put(other, plan.other().next());
                }
            } else if (changed.contains(id)
                    || changed.contains(other)
                    || conveyor.keysInFlight().hasAny(job.keys())) {
                // An answer that rests on commands which are not yet admitted would not be certain.
                undecided.add(id);
                if (other != 0) {
                    undecided.add(other);
                }
                anew.add(i);
            } else {
                switch (decision) {
                    case Decision.Refused<S, X>(Refusal refusal) -> refused.add(i, refusal);
                    case Decision.Accepted<S, X> a -> job.answer(new Answer.Done<>(a.next()));
                }
            }
        }
        while (!plans.isEmpty()) {
            int n = Math.clamp(cut.next(plans), 1, plans.size());
            waiting.add(List.copyOf(plans.subList(0, n)));
            plans.subList(0, n).clear();
        }
        return refused.isEmpty() ? nextBatch() : Stage.LOOK_UP;
    }

    /** An exception here is poison: the command is refused and nothing else is harmed. */
    @SuppressWarnings("CatchingUnchecked")
    private Decision<S, X> decision(Job<S, C> job, @Nullable S state, List<KeyOwner> alike, @Nullable S other) {
        Stock stock = conveyor.seesNothing(job) ? conveyor.overlay().withNothing() : conveyor.overlay();
        try {
            return domain.decide(state, job.command(), new Circumstances<>(now, stock, alike, job.losses(), other));
        } catch (RuntimeException poison) {
            conveyor.observer().alarm("a decision about " + job.aggregate() + " failed", poison);
            return new Decision.Refused<>(
                    Refusal.of(RefusalCode.DECISION_FAILED, "this could not be decided because of an error in Tutti"));
        }
    }

    private Plan<S, C, W> plan(
            int arrival, Job<S, C> job, @Nullable S state, @Nullable S other, Decision.Accepted<S, X> decision) {
        Mark mark = marks.get(arrival);
        Decision.Other<S, X> changed = decision.other();
        return new Plan<>(
                arrival,
                job,
                state == null ? 0 : domain.version(state),
                decision.next(),
                decision.next() == null ? 0 : domain.version(decision.next()),
                decision.claims(),
                conveyor.store().prepare(decision.change(), job.audit()),
                decision.rows(),
                notLeft(mark),
                other == null ? 0 : domain.version(other),
                changed == null
                        ? null
                        : new Plan.Other<>(
                                changed.next(),
                                domain.version(changed.next()),
                                conveyor.store().prepare(changed.change(), job.audit())));
    }

    private List<KeyClaim> notLeft(@Nullable Mark mark) {
        return mark == null
                ? List.of()
                : mark.claims().stream()
                        .filter(claim -> !left.containsKey(claim.key()))
                        .toList();
    }

    private Stage lookUp() {
        refused.lookUp(conveyor.store());
        return refused.isEmpty() ? nextBatch() : Stage.LOOK_UP;
    }

    private Stage nextBatch() {
        while (!waiting.isEmpty()) {
            List<Plan<S, C, W>> unbroken = new ArrayList<>();
            for (Plan<S, C, W> plan : waiting.remove()) {
                if (anew.isBroken(plan)) {
                    anew.breaks(plan);
                    conveyor.settled(plan);
                    anew.add(plan.arrival());
                } else {
                    unbroken.add(plan);
                }
            }
            batch = new Batch<>(conveyor, anew, unbroken);
            if (!unbroken.isEmpty()) {
                return Stage.CLAIM;
            }
        }
        batch = new Batch<>(conveyor, anew, List.of());
        return Stage.FINISHED;
    }

    private Stage settled(boolean committed) {
        batch.settle(committed);
        return nextBatch();
    }

    private Stage afterFailure(StoreFailure failure) {
        return switch (failure) {
            case StoreFailure.CommitUnknown unknown -> {
                unresolved = unknown.transaction();
                yield Stage.RESOLVE;
            }
            case StoreFailure.Unreachable gone -> {
                troubled = true;
                yield notDone();
            }
            case StoreFailure.Conflict conflict -> notDone();
            case StoreFailure.LockTimeout timeout -> notDone();
            case StoreFailure.Unstorable content ->
                switch (stage) {
                    case LOOK_UP -> lookUpWithoutIt();
                    case LOAD, LOOK_FOR_MARKS ->
                        throw new IllegalStateException("what is only looked up is not stored", content);
                    default -> bisected(content);
                };
            case StoreFailure.GuardViolated bug -> {
                conveyor.observer().alarm("the schema's check on a position fired", bug);
                yield batchRefused(RefusalCode.DECISION_FAILED, "this contradicts the books");
            }
        };
    }

    /** The call was not done. */
    private Stage notDone() {
        return switch (stage) {
            case RESOLVE -> Stage.RESOLVE;
            case LOAD, LOOK_FOR_MARKS, LOOK_UP -> abandoned();
            case DECIDE, CLAIM, LOCK, BEGIN, LOCK_POSITIONS, RECALL, GUARD, WRITE, COMMIT, FINISHED -> again();
        };
    }

    /** Nothing of this round has been begun: all of it comes back. */
    private Stage abandoned() {
        refused.comeBack(anew);
        if (stage == Stage.LOAD || stage == Stage.LOOK_FOR_MARKS) {
            for (int i = 0; i < jobs.size(); i++) {
                anew.add(i);
            }
        }
        for (List<Plan<S, C, W>> next : waiting) {
            for (Plan<S, C, W> plan : next) {
                conveyor.settled(plan);
                anew.add(plan.arrival());
            }
        }
        waiting.clear();
        return Stage.FINISHED;
    }

    private Stage again() {
        batch.runAgain();
        return nextBatch();
    }

    private Stage lookUpWithoutIt() {
        refused.lookUpWithoutIt();
        return refused.isEmpty() ? nextBatch() : Stage.LOOK_UP;
    }

    /** Somebody's content cannot be stored: halve the batch until it is alone. */
    private Stage bisected(StoreFailure.Unstorable content) {
        if (batch.isOneCommand()) {
            return batchRefused(RefusalCode.NOT_STORABLE, String.valueOf(content.getMessage()));
        }
        List<List<Plan<S, C, W>>> halves = batch.halves();
        waiting.addFirst(halves.getLast());
        waiting.addFirst(halves.getFirst());
        return nextBatch();
    }

    private Stage batchRefused(RefusalCode code, String detail) {
        batch.refuse(Refusal.of(code, detail));
        return nextBatch();
    }

    /**
     * Gives the round up after an error nobody foresaw: what is under way is rolled back, and whoever still waits is
     * told that it could not be done.
     */
    public void abort() {
        batch.refuse(FAILED);
        waiting.forEach(next -> new Batch<>(conveyor, anew, next).refuse(FAILED));
        waiting.clear();
        refused.refuse(FAILED);
        if (stage == Stage.LOAD || stage == Stage.LOOK_FOR_MARKS || stage == Stage.DECIDE) {
            plans.forEach(conveyor::settled);
            plans.clear();
            anew.clear();
            jobs.forEach(job -> job.answer(new Answer.Refused<>(FAILED)));
        }
        stage = Stage.FINISHED;
    }

    private static final Refusal FAILED =
            Refusal.of(RefusalCode.DECISION_FAILED, "this could not be done because of an error in Tutti");
}
