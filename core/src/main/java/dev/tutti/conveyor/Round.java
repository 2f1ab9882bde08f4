package dev.tutti.conveyor;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.inventory.Guard;
import dev.tutti.inventory.LedgerEntry;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.Supply;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
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
        DECIDE,
        LOOK_UP,
        CLAIM,
        LOCK,
        BEGIN,
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
    // The sets and maps below are looked up only, or gone through where the order does not matter.
    private final Set<Integer> returned = new HashSet<>();

    /** Aggregates whose later commands in this round were decided on a state that will not be. */
    private final Set<Long> broken = new HashSet<>();

    /**
     * Keys of commands that come back. A transaction has claimed them, if at all, for those commands: others with the
     * same key come back too, to find the key free or owned by whoever was admitted.
     */
    private final Set<Key> brokenKeys = new HashSet<>();

    private Map<Long, S> states = Map.of();
    private final TreeMap<Integer, Refusal> refusals = new TreeMap<>();
    private boolean lookUpSingly;
    /** The keys of the first refused command that are still to be looked up one by one, and who owns the others. */
    private final ArrayDeque<Key> keysLeft = new ArrayDeque<>();

    private final Map<Key, KeyOwner> keysFound = new HashMap<>();
    /** Those that are in no batch yet. */
    private final List<Plan<S, C, W>> plans = new ArrayList<>();

    private final ArrayDeque<List<Plan<S, C, W>>> batches = new ArrayDeque<>();

    // The batch under way.
    private List<Plan<S, C, W>> batch = List.of();
    private Store.@Nullable Transaction<W> transaction;
    private Map<Key, KeyOwner> ownedBefore = Map.of();
    private SortedMap<Long, Integer> versions = new TreeMap<>();
    private Map<PositionKey, Position> locked = Map.of();
    /** The aggregates that are written already, by arrival. */
    private final TreeMap<Integer, Long> begun = new TreeMap<>();

    private final List<Plan<S, C, W>> admitted = new ArrayList<>();
    private final List<Job<S, C>> losers = new ArrayList<>();
    private final List<Store.Posting> postings = new ArrayList<>();
    private final Set<Key> keptKeys = new HashSet<>();
    private final Set<Key> claimedKeys = new TreeSet<>();
    /** By arrival. */
    private final Map<Integer, Answer<S>> answers = new HashMap<>();

    private long unresolved;

    Round(Conveyor<S, C, X, W> conveyor, Domain<S, C, X> domain, List<Job<S, C>> jobs, Instant now, Cut<S, C, W> cut) {
        this.conveyor = conveyor;
        this.domain = domain;
        this.jobs = jobs;
        this.now = now;
        this.cut = cut;
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
        List<Job<S, C>> again = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            if (returned.contains(i)) {
                again.add(jobs.get(i));
            }
        }
        return again;
    }

    /** Makes one call to the store and moves on. What the simulated store throws to make it wait changes nothing. */
    public void step() {
        troubled = false;
        try {
            stage = switch (stage) {
                case LOAD -> load();
                case DECIDE -> decide();
                case LOOK_UP -> lookUp();
                case CLAIM -> claim();
                case LOCK -> lock();
                case BEGIN -> begin();
                case GUARD -> guard();
                case WRITE -> write();
                case COMMIT -> commit();
                case RESOLVE -> resolve();
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
        }
        states = ids.isEmpty() ? Map.of() : conveyor.store().load(ids);
        return Stage.DECIDE;
    }

    private Stage decide() {
        Map<Long, S> folded = new HashMap<>(states);
        Set<Long> changed = new HashSet<>();
        Set<Long> undecided = new HashSet<>();
        for (int i = 0; i < jobs.size(); i++) {
            Job<S, C> job = jobs.get(i);
            long id = job.aggregate();
            // An aggregate that this round creates cannot be locked in its batch, but could in a later one: it waits.
            boolean beingCreated = !job.creates() && changed.contains(id) && !states.containsKey(id);
            if (beingCreated || undecided.contains(id)) {
                returned.add(i);
                continue;
            }
            S state = folded.get(id);
            Decision<S, X> decision = decision(job, state);
            Plan<S, C, W> plan = null;
            if (decision instanceof Decision.Accepted<S, X> a && a.rows() > 0) {
                try {
                    plan = plan(i, job, state, a);
                } catch (StoreFailure.Unstorable content) {
                    decision = new Decision.Refused<>(
                            Refusal.of(RefusalCode.NOT_STORABLE, String.valueOf(content.getMessage())));
                }
            }
            if (plan != null) {
                plans.add(plan);
                conveyor.overlay().plan(plan.claims());
                conveyor.keysInFlight().add(job.keys());
                changed.add(id);
                if (plan.next() != null) {
                    folded.put(id, plan.next());
                }
            } else if (changed.contains(id) || conveyor.keysInFlight().hasAny(job.keys())) {
                // An answer that rests on commands which are not yet admitted would not be certain.
                undecided.add(id);
                returned.add(i);
            } else {
                switch (decision) {
                    case Decision.Refused<S, X>(Refusal refusal) -> refusals.put(i, refusal);
                    case Decision.Accepted<S, X> a -> job.answer(new Answer.Done<>(a.next()));
                }
            }
        }
        while (!plans.isEmpty()) {
            int n = Math.clamp(cut.next(plans), 1, plans.size());
            batches.add(List.copyOf(plans.subList(0, n)));
            plans.subList(0, n).clear();
        }
        return refusals.isEmpty() ? nextBatch() : Stage.LOOK_UP;
    }

    /** An exception here is poison: the command is refused and nothing else is harmed. */
    @SuppressWarnings("CatchingUnchecked")
    private Decision<S, X> decision(Job<S, C> job, @Nullable S state) {
        Supply supply = seesNothing(job) ? Supply.none() : conveyor.overlay();
        try {
            return domain.decide(state, job.command(), new Circumstances(now, supply));
        } catch (RuntimeException poison) {
            conveyor.observer().alarm("a decision failed: " + job.command(), poison);
            return new Decision.Refused<>(
                    Refusal.of(RefusalCode.DECISION_FAILED, "this could not be decided because of an error in Tutti"));
        }
    }

    /** Whether it has lost so often that it is shown an empty supply. If it loses even so, it is refused. */
    private boolean seesNothing(Job<S, C> job) {
        return job.losses() >= conveyor.limits().lossesBeforeGivingUp();
    }

    private Plan<S, C, W> plan(int arrival, Job<S, C> job, @Nullable S state, Decision.Accepted<S, X> decision) {
        return new Plan<>(
                arrival,
                job,
                state == null ? 0 : domain.version(state),
                decision.next(),
                decision.next() == null ? 0 : domain.version(decision.next()),
                decision.claims(),
                conveyor.store().prepare(decision.change(), job.audit()),
                decision.rows());
    }

    /** A refused command may be one that was carried out before: then it gets the answer it got then. */
    private Stage lookUp() {
        if (!keysLeft.isEmpty()) {
            TreeSet<Key> one = new TreeSet<>();
            one.add(keysLeft.element());
            keysFound.putAll(conveyor.store().owners(one));
            return oneKeyLookedUp();
        }
        List<Integer> some = lookUpSingly ? List.of(firstRefused()) : List.copyOf(refusals.keySet());
        TreeSet<Key> keys = new TreeSet<>();
        some.forEach(i -> jobs.get(i).keys().forEach(claim -> keys.add(claim.key())));
        Map<Key, KeyOwner> owners = keys.isEmpty() ? Map.of() : conveyor.store().owners(keys);
        some.forEach(i -> answerRefused(i, owners));
        return refusals.isEmpty() ? nextBatch() : Stage.LOOK_UP;
    }

    /** A key that cannot be stored was never used; the others are looked up without it, in the end one by one. */
    private Stage lookUpWithout() {
        if (!keysLeft.isEmpty()) {
            return oneKeyLookedUp();
        }
        if (!lookUpSingly && refusals.size() > 1) {
            lookUpSingly = true;
        } else {
            jobs.get(firstRefused()).keys().forEach(claim -> keysLeft.add(claim.key()));
        }
        return Stage.LOOK_UP;
    }

    private Stage oneKeyLookedUp() {
        keysLeft.remove();
        if (keysLeft.isEmpty()) {
            answerRefused(firstRefused(), keysFound);
            keysFound.clear();
        }
        return refusals.isEmpty() ? nextBatch() : Stage.LOOK_UP;
    }

    private int firstRefused() {
        return refusals.firstKey();
    }

    private void answerRefused(int arrival, Map<Key, KeyOwner> owners) {
        Refusal refusal = refusals.remove(arrival);
        Answer<S> earlier = earlierAnswer(jobs.get(arrival), owners);
        if (earlier != null) {
            jobs.get(arrival).answer(earlier);
        } else if (refusal != null) {
            jobs.get(arrival).answer(new Answer.Refused<>(refusal));
        }
    }

    private @Nullable Answer<S> earlierAnswer(Job<S, C> job, Map<Key, KeyOwner> owners) {
        for (KeyClaim claim : job.keys()) {
            KeyOwner owner = owners.get(claim.key());
            if (owner != null) {
                return owner.fingerprint() == claim.fingerprint()
                        ? new Answer.Repeated<>(owner.owner())
                        : new Answer.Refused<>(Refusal.of(
                                RefusalCode.KEY_REUSED,
                                "the key " + claim.key().text() + " was used before, with another content"));
            }
        }
        return null;
    }

    private Stage nextBatch() {
        begun.clear();
        admitted.clear();
        losers.clear();
        postings.clear();
        keptKeys.clear();
        claimedKeys.clear();
        answers.clear();
        ownedBefore = Map.of();
        versions = new TreeMap<>();
        locked = Map.of();
        transaction = null;
        while (!batches.isEmpty()) {
            batch = new ArrayList<>(batches.remove());
            batch.removeIf(this::returnedIfBroken);
            if (!batch.isEmpty()) {
                return Stage.CLAIM;
            }
        }
        batch = List.of();
        return Stage.FINISHED;
    }

    private boolean isBroken(Plan<S, C, W> plan) {
        return broken.contains(plan.job().aggregate())
                || plan.job().keys().stream().anyMatch(claim -> brokenKeys.contains(claim.key()));
    }

    private boolean returnedIfBroken(Plan<S, C, W> plan) {
        if (!isBroken(plan)) {
            return false;
        }
        comesBack(plan);
        settle(plan);
        returned.add(plan.arrival());
        return true;
    }

    private Store.Transaction<W> transaction() {
        if (transaction == null) {
            transaction = conveyor.store().begin();
        }
        return transaction;
    }

    private Stage claim() {
        SortedMap<Key, KeyClaim> claims = new TreeMap<>();
        for (Plan<S, C, W> plan : batch) {
            plan.job().keys().forEach(claim -> claims.putIfAbsent(claim.key(), claim));
        }
        if (!claims.isEmpty()) {
            ownedBefore = transaction().claim(List.copyOf(claims.values()));
            claims.keySet().removeAll(ownedBefore.keySet());
            claimedKeys.addAll(claims.keySet());
        }
        return Stage.LOCK;
    }

    private Stage lock() {
        TreeSet<Long> ids = new TreeSet<>();
        boolean patient = false;
        for (Plan<S, C, W> plan : batch) {
            if (!plan.job().creates()) {
                ids.add(plan.job().aggregate());
                patient |= plan.job().skips() >= conveyor.limits().skipsBeforeWaiting();
            }
        }
        versions = ids.isEmpty() ? new TreeMap<>() : new TreeMap<>(transaction().lock(ids, patient));
        return Stage.BEGIN;
    }

    /** What nobody else can want is written before anything is locked that others want. */
    private Stage begin() {
        List<Plan<S, C, W>> beginnings = new ArrayList<>();
        Set<Long> aggregates = new HashSet<>();
        Set<Key> keys = new HashSet<>();
        for (Plan<S, C, W> plan : batch) {
            Job<S, C> job = plan.job();
            if (job.creates()
                    && earlierAnswer(job, ownedBefore) == null
                    && aggregates.add(job.aggregate())
                    && job.keys().stream().allMatch(claim -> keys.add(claim.key()))) {
                beginnings.add(plan);
            }
        }
        if (!beginnings.isEmpty()) {
            transaction().begin(beginnings.stream().map(Plan::prepared).toList());
        }
        beginnings.forEach(plan -> begun.put(plan.arrival(), plan.job().aggregate()));
        return Stage.GUARD;
    }

    private Stage guard() {
        TreeSet<PositionKey> wanted = new TreeSet<>();
        TreeSet<PositionKey> mayCreate = new TreeSet<>();
        for (Plan<S, C, W> plan : batch) {
            for (StockChange change : plan.claims()) {
                wanted.add(change.position());
                if (change.move().mayCreate()) {
                    mayCreate.add(change.position());
                }
            }
        }
        if (!wanted.isEmpty()) {
            locked = transaction().lockPositions(wanted, mayCreate);
        }
        Guard guard = new Guard(locked);
        for (Plan<S, C, W> plan : batch) {
            admit(plan, guard);
        }
        if (admitted.isEmpty()) {
            return settled(false);
        }
        return Stage.WRITE;
    }

    /** One command against keys, version and guard, from the cheapest to the dearest; it is admitted whole or loses. */
    private void admit(Plan<S, C, W> plan, Guard guard) {
        Job<S, C> job = plan.job();
        if (isBroken(plan)) {
            comesBack(plan);
            return;
        }
        Answer<S> earlier = earlierAnswer(job, ownedBefore);
        if (earlier != null) {
            answers.put(plan.arrival(), earlier);
            broken.add(job.aggregate());
            return;
        }
        if (job.keys().stream().anyMatch(claim -> keptKeys.contains(claim.key()))) {
            // The same key came earlier in this very batch: next round it will find that one's answer.
            comesBack(plan);
            return;
        }
        if (job.creates()) {
            if (!begun.containsKey(plan.arrival())) {
                comesBack(plan);
                return;
            }
        } else {
            Integer version = versions.get(job.aggregate());
            if (version == null) {
                job.skipped();
            }
            if (version == null || version != plan.versionSeen()) {
                comesBack(plan);
                return;
            }
        }
        int before = guard.entries().size();
        if (!admittedByGuard(plan, guard)) {
            return;
        }
        for (LedgerEntry entry : guard.entries().subList(before, guard.entries().size())) {
            postings.add(new Store.Posting(entry, job.aggregate()));
        }
        job.keys().forEach(claim -> keptKeys.add(claim.key()));
        if (!job.creates()) {
            versions.put(job.aggregate(), plan.versionAfter());
        }
        admitted.add(plan);
        answers.put(plan.arrival(), new Answer.Done<>(plan.next()));
    }

    private boolean admittedByGuard(Plan<S, C, W> plan, Guard guard) {
        try {
            if (guard.admit(plan.claims()) == null) {
                return true;
            }
            losers.add(plan.job());
            if (seesNothing(plan.job())) {
                answers.put(
                        plan.arrival(),
                        new Answer.Refused<>(Refusal.of(
                                RefusalCode.UNITS_NOT_IN_STATE, "the stock does not, or no longer, allow this")));
            }
        } catch (BrokenInvariant bug) {
            conveyor.observer()
                    .alarm(
                            "the guard found " + bug.getMessage() + ", in "
                                    + plan.job().command(),
                            bug);
            answers.put(
                    plan.arrival(),
                    new Answer.Refused<>(Refusal.of(
                            RefusalCode.DECISION_FAILED, "this contradicts the books: " + bug.getMessage())));
        }
        comesBack(plan);
        return false;
    }

    /** This plan is over: what was decided after it for the same aggregate, or wants the same key, is decided anew. */
    private void comesBack(Plan<S, C, W> plan) {
        broken.add(plan.job().aggregate());
        plan.job().keys().forEach(claim -> brokenKeys.add(claim.key()));
    }

    private Stage write() {
        List<W> changes = admitted.stream()
                .filter(plan -> !plan.job().creates())
                .map(Plan::prepared)
                .toList();
        List<Key> abandoned =
                claimedKeys.stream().filter(key -> !keptKeys.contains(key)).toList();
        TreeMap<Integer, Long> takenBack = new TreeMap<>(begun);
        admitted.forEach(plan -> takenBack.remove(plan.arrival()));
        transaction().write(changes, List.copyOf(postings), abandoned, List.copyOf(takenBack.values()));
        return Stage.COMMIT;
    }

    private Stage commit() {
        transaction().commit();
        return settled(true);
    }

    /** The answer to COMMIT was lost; the database knows. */
    private Stage resolve() {
        return conveyor.store().committed(unresolved) ? settled(true) : again();
    }

    /** The batch is over: what was read and done becomes known, and whoever can be answered is. */
    private Stage settled(boolean committed) {
        if (!committed) {
            rollBack();
        }
        losers.forEach(Job::lost);
        locked.forEach(conveyor.index()::learn);
        if (committed) {
            postings.forEach(
                    p -> conveyor.index().learn(p.entry().position(), p.entry().after()));
            conveyor.observer().committed(admitted.size(), List.copyOf(postings));
        }
        for (Plan<S, C, W> plan : batch) {
            settle(plan);
            Answer<S> answer = answers.get(plan.arrival());
            if (answer == null) {
                returned.add(plan.arrival());
            } else {
                plan.job().answer(answer);
            }
        }
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
            case StoreFailure.Unstorable content -> stage == Stage.LOOK_UP ? lookUpWithout() : bisected(content);
            case StoreFailure.GuardViolated bug -> {
                conveyor.observer().alarm("the schema's check on a position fired", bug);
                yield refused(RefusalCode.DECISION_FAILED, "this contradicts the books");
            }
        };
    }

    /** The call was not done. */
    private Stage notDone() {
        return switch (stage) {
            case RESOLVE -> Stage.RESOLVE;
            case LOAD, LOOK_UP -> abandoned();
            case DECIDE, CLAIM, LOCK, BEGIN, GUARD, WRITE, COMMIT, FINISHED -> again();
        };
    }

    /** Nothing of this round has been begun: all of it comes back. */
    private Stage abandoned() {
        refusals.keySet().forEach(returned::add);
        if (stage == Stage.LOAD) {
            for (int i = 0; i < jobs.size(); i++) {
                returned.add(i);
            }
        }
        batches.forEach(plans -> plans.forEach(plan -> {
            settle(plan);
            returned.add(plan.arrival());
        }));
        batches.clear();
        return Stage.FINISHED;
    }

    /** Nothing has happened: the batch's commands are run again from the beginning, here and nowhere else. */
    private Stage again() {
        rollBack();
        for (Plan<S, C, W> plan : batch) {
            settle(plan);
            comesBack(plan);
            plan.job().rerun();
            if (plan.job().reruns() > conveyor.limits().rerunsBeforeGivingUp()) {
                plan.job()
                        .answer(new Answer.Refused<>(Refusal.of(
                                RefusalCode.OVERLOADED, "others changed the same things too often; try again")));
            } else {
                returned.add(plan.arrival());
            }
        }
        return nextBatch();
    }

    /** Somebody's content cannot be stored: halve the batch until it is alone. */
    private Stage bisected(StoreFailure.Unstorable content) {
        if (batch.size() == 1) {
            return refused(RefusalCode.NOT_STORABLE, String.valueOf(content.getMessage()));
        }
        rollBack();
        int middle = batch.size() / 2;
        batches.addFirst(List.copyOf(batch.subList(middle, batch.size())));
        batches.addFirst(List.copyOf(batch.subList(0, middle)));
        batch.forEach(plan -> {
            broken.remove(plan.job().aggregate());
            plan.job().keys().forEach(claim -> brokenKeys.remove(claim.key()));
        });
        return nextBatch();
    }

    private Stage refused(RefusalCode code, String detail) {
        rollBack();
        for (Plan<S, C, W> plan : batch) {
            settle(plan);
            broken.add(plan.job().aggregate());
            plan.job().answer(new Answer.Refused<>(Refusal.of(code, detail)));
        }
        return nextBatch();
    }

    /**
     * Gives the round up after an error nobody foresaw: what is under way is rolled back, and whoever still waits is
     * told that it could not be done.
     */
    public void abort() {
        rollBack();
        batches.addFirst(batch);
        batch = List.of();
        for (List<Plan<S, C, W>> plans : batches) {
            for (Plan<S, C, W> plan : plans) {
                settle(plan);
                plan.job().answer(new Answer.Refused<>(FAILED));
            }
        }
        batches.clear();
        refusals.keySet().forEach(i -> jobs.get(i).answer(new Answer.Refused<>(FAILED)));
        refusals.clear();
        if (stage == Stage.LOAD || stage == Stage.DECIDE) {
            plans.forEach(this::settle);
            plans.clear();
            // All are answered: none comes back to be carried out after all.
            returned.clear();
            jobs.forEach(job -> job.answer(new Answer.Refused<>(FAILED)));
        }
        stage = Stage.FINISHED;
    }

    private static final Refusal FAILED =
            Refusal.of(RefusalCode.DECISION_FAILED, "this could not be done because of an error in Tutti");

    /** A plan's claims and keys are no longer in flight. */
    private void settle(Plan<S, C, W> plan) {
        conveyor.overlay().settle(plan.claims());
        conveyor.keysInFlight().remove(plan.job().keys());
    }

    private void rollBack() {
        if (transaction != null) {
            transaction.rollback();
            transaction = null;
        }
    }
}
