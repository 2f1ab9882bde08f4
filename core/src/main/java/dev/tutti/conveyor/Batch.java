package dev.tutti.conveyor;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.inventory.Guard;
import dev.tutti.inventory.LedgerEntry;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.Timeline;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
 * Plans that share one transaction. Keys are claimed, aggregates locked, what is new is written, positions are locked
 * in one order; then each plan is admitted whole or not at all, in the order the commands arrived, and what was
 * admitted is written and committed.
 *
 * <p>Each of {@link #claim} to {@link #commit} makes one call to the store, after the transaction was begun by the first
 * that needs it. Whoever carries the batch calls them in turn, and ends with {@link #settle}, {@link #runAgain},
 * {@link #halves} or {@link #refuse}.
 */
final class Batch<S, C, X, W> {
    private final Conveyor<S, C, X, W> conveyor;
    private final DecidedAnew<S, C, W> anew;
    private final List<Plan<S, C, W>> plans;

    private Store.@Nullable Transaction<W> transaction;
    // The sets and maps that are not sorted are looked up, or gone through where the order does not matter.
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

    /** Of what moment at the earliest something is told late, by position. */
    private final SortedMap<PositionKey, Long> late = new TreeMap<>();

    private Map<PositionKey, Timeline> timelines = Map.of();

    Batch(Conveyor<S, C, X, W> conveyor, DecidedAnew<S, C, W> anew, List<Plan<S, C, W>> plans) {
        this.conveyor = conveyor;
        this.anew = anew;
        this.plans = List.copyOf(plans);
    }

    private Store.Transaction<W> transaction() {
        if (transaction == null) {
            transaction = conveyor.store().begin();
        }
        return transaction;
    }

    void claim() {
        SortedMap<Key, KeyClaim> claims = new TreeMap<>();
        for (Plan<S, C, W> plan : plans) {
            plan.claimedKeys().forEach(claim -> claims.putIfAbsent(claim.key(), claim));
        }
        if (!claims.isEmpty()) {
            ownedBefore = transaction().claim(List.copyOf(claims.values()));
            claims.keySet().removeAll(ownedBefore.keySet());
            claimedKeys.addAll(claims.keySet());
        }
    }

    void lock() {
        TreeSet<Long> ids = new TreeSet<>();
        boolean patient = false;
        for (Plan<S, C, W> plan : plans) {
            if (!plan.job().creates()) {
                ids.add(plan.job().aggregate());
            }
            if (plan.otherSeen() != 0) {
                ids.add(plan.job().other());
            }
            patient |= plan.job().skips() >= conveyor.limits().skipsBeforeWaiting();
        }
        if (!ids.isEmpty()) {
            versions = new TreeMap<>(transaction().lock(ids, patient));
        }
    }

    /** What nobody else can want is written before anything is locked that others want. */
    void begin() {
        List<Plan<S, C, W>> beginnings = new ArrayList<>();
        Set<Long> aggregates = new HashSet<>();
        Set<Key> keys = new HashSet<>();
        for (Plan<S, C, W> plan : plans) {
            Job<S, C> job = plan.job();
            if (job.creates()
                    && Answer.earlier(job.keys(), ownedBefore) == null
                    && aggregates.add(job.aggregate())
                    && plan.knew(ownedBefore)
                    && plan.claimedKeys().stream().allMatch(claim -> keys.add(claim.key()))) {
                beginnings.add(plan);
            }
        }
        if (!beginnings.isEmpty()) {
            transaction().begin(beginnings.stream().map(Plan::prepared).toList());
        }
        beginnings.forEach(plan -> begun.put(plan.arrival(), plan.job().aggregate()));
    }

    /** @return whether anything is told late, and it must be known what moved since */
    boolean lockPositions() {
        TreeSet<PositionKey> wanted = new TreeSet<>();
        TreeSet<PositionKey> mayCreate = new TreeSet<>();
        for (Plan<S, C, W> plan : plans) {
            for (StockChange change : plan.claims()) {
                wanted.add(change.position());
                if (change.mayCreate()) {
                    mayCreate.add(change.position());
                }
            }
        }
        if (!wanted.isEmpty()) {
            locked = transaction().lockPositions(wanted, mayCreate);
        }
        for (Plan<S, C, W> plan : plans) {
            for (StockChange change : plan.claims()) {
                if (Guard.isLate(change, locked)) {
                    late.merge(change.position(), change.at(), Math::min);
                }
            }
        }
        return !late.isEmpty();
    }

    void recall() {
        timelines = transaction().timelines(late);
    }

    /** @return whether anything was admitted, and is to be written */
    boolean guard(Instant now) {
        Guard guard = new Guard(locked, ChronoUnit.MICROS.between(Instant.EPOCH, now), timelines);
        for (Plan<S, C, W> plan : plans) {
            admit(plan, guard);
        }
        return !admitted.isEmpty();
    }

    /** One command against keys, version and guard, from the cheapest to the dearest; it is admitted whole or loses. */
    private void admit(Plan<S, C, W> plan, Guard guard) {
        Job<S, C> job = plan.job();
        if (anew.isBroken(plan)) {
            anew.breaks(plan);
            return;
        }
        Answer<S> earlier = Answer.earlier(job.keys(), ownedBefore);
        if (earlier != null) {
            answers.put(plan.arrival(), earlier);
            anew.breaks(job);
            anew.breaks(plan.marks());
            return;
        }
        boolean cameHere = plan.claimedKeys().stream().anyMatch(claim -> keptKeys.contains(claim.key()));
        if (cameHere || !plan.knew(ownedBefore)) {
            // The same key came earlier in this very batch: next round it will find that one's answer. Or somebody else
            // has left the same mark meanwhile: next round it is decided knowing that.
            anew.breaks(plan);
            return;
        }
        if (job.creates()) {
            if (!begun.containsKey(plan.arrival())) {
                anew.breaks(plan);
                return;
            }
        } else {
            if (!isAsSeen(job, job.aggregate(), plan.versionSeen())) {
                anew.breaks(plan);
                return;
            }
        }
        if (plan.otherSeen() != 0 && !isAsSeen(job, job.other(), plan.otherSeen())) {
            anew.breaks(plan);
            return;
        }
        int before = guard.entries().size();
        if (!admittedByGuard(plan, guard)) {
            return;
        }
        job.booked(guard.entries().subList(before, guard.entries().size()));
        for (LedgerEntry entry : job.booked()) {
            postings.add(new Store.Posting(entry, job.aggregate()));
        }
        plan.claimedKeys().forEach(claim -> keptKeys.add(claim.key()));
        if (!job.creates()) {
            versions.put(job.aggregate(), plan.versionAfter());
        }
        if (plan.other() != null) {
            versions.put(job.other(), plan.other().versionAfter());
        }
        admitted.add(plan);
        answers.put(plan.arrival(), new Answer.Done<>(plan.next()));
    }

    private boolean isAsSeen(Job<S, C> job, long aggregate, int seen) {
        Integer version = versions.get(aggregate);
        if (version == null) {
            job.skipped();
        }
        return version != null && version == seen;
    }

    private boolean admittedByGuard(Plan<S, C, W> plan, Guard guard) {
        try {
            if (guard.admit(plan.claims()) == null) {
                return true;
            }
            losers.add(plan.job());
            if (conveyor.seesNothing(plan.job())) {
                answers.put(
                        plan.arrival(),
                        new Answer.Refused<>(Refusal.of(
                                RefusalCode.UNITS_NOT_IN_STATE, "the stock does not, or no longer, allow this")));
            }
        } catch (BrokenInvariant bug) {
            conveyor.observer()
                    .alarm(
                            "the guard found " + bug.getMessage() + ", of "
                                    + plan.job().aggregate(),
                            bug);
            answers.put(
                    plan.arrival(),
                    new Answer.Refused<>(Refusal.of(
                            RefusalCode.DECISION_FAILED, "this contradicts the books: " + bug.getMessage())));
        }
        anew.breaks(plan);
        return false;
    }

    void write() {
        List<W> changes = new ArrayList<>();
        for (Plan<S, C, W> plan : admitted) {
            if (!plan.job().creates()) {
                changes.add(plan.prepared());
            }
            if (plan.other() != null) {
                changes.add(plan.other().prepared());
            }
        }
        List<Key> abandoned =
                claimedKeys.stream().filter(key -> !keptKeys.contains(key)).toList();
        TreeMap<Integer, Long> takenBack = new TreeMap<>(begun);
        admitted.forEach(plan -> takenBack.remove(plan.arrival()));
        transaction().write(changes, List.copyOf(postings), abandoned, List.copyOf(takenBack.values()));
    }

    void commit() {
        transaction().commit();
    }

    /** The batch is over: what was read and done becomes known, and whoever can be answered is. */
    void settle(boolean committed) {
        if (!committed) {
            rollBack();
        }
        losers.forEach(Job::lost);
        locked.forEach(conveyor.index()::learn);
        if (committed) {
            conveyor.index().learn(postings.stream().map(Store.Posting::entry).toList());
            conveyor.observer().committed(admitted.size(), List.copyOf(postings));
        }
        for (Plan<S, C, W> plan : plans) {
            conveyor.settled(plan);
            Answer<S> answer = answers.get(plan.arrival());
            if (answer == null) {
                anew.add(plan.arrival());
            } else {
                plan.job().answer(answer);
            }
        }
    }

    /** Nothing has happened: the batch's commands are run again from the beginning, here and nowhere else. */
    void runAgain() {
        rollBack();
        for (Plan<S, C, W> plan : plans) {
            conveyor.settled(plan);
            anew.breaks(plan);
            plan.job().rerun();
            if (plan.job().reruns() > conveyor.limits().rerunsBeforeGivingUp()) {
                plan.job()
                        .answer(new Answer.Refused<>(Refusal.of(
                                RefusalCode.OVERLOADED, "others changed the same things too often; try again")));
            } else {
                anew.add(plan.arrival());
            }
        }
    }

    /** Nothing has happened, and some content cannot be stored: two halves to be tried, one of which is without it. */
    List<List<Plan<S, C, W>>> halves() {
        rollBack();
        plans.forEach(anew::mends);
        int middle = plans.size() / 2;
        return List.of(plans.subList(0, middle), plans.subList(middle, plans.size()));
    }

    boolean isOneCommand() {
        return plans.size() == 1;
    }

    /** Nothing has happened, and none of it ever will. */
    void refuse(Refusal refusal) {
        rollBack();
        for (Plan<S, C, W> plan : plans) {
            conveyor.settled(plan);
            anew.breaks(plan.job());
            plan.job().answer(new Answer.Refused<>(refusal));
        }
    }

    private void rollBack() {
        if (transaction != null) {
            transaction.rollback();
            transaction = null;
        }
    }
}
