package dev.tutti.conveyor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What of a round is to be decided anew, and what rests on it and must therefore be decided anew as well. */
final class DecidedAnew<S, C, W> {
    // Looked up only.
    private final Set<Integer> arrivals = new HashSet<>();

    /** Aggregates whose later commands in this round were decided on a state that will not be. */
    private final Set<Long> broken = new HashSet<>();

    /**
     * Keys of commands that come back. A transaction has claimed them, if at all, for those commands: others with the
     * same key come back too, to find the key free or owned by whoever was admitted.
     */
    private final Set<Key> brokenKeys = new HashSet<>();

    void add(int arrival) {
        arrivals.add(arrival);
    }

    /** All are answered: none comes back to be carried out after all. */
    void clear() {
        arrivals.clear();
    }

    /** @return in the order they arrived */
    List<Job<S, C>> among(List<Job<S, C>> jobs) {
        List<Job<S, C>> again = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            if (arrivals.contains(i)) {
                again.add(jobs.get(i));
            }
        }
        return again;
    }

    /** This plan will not be carried out: neither will what was decided after it for the same aggregate or key. */
    void breaks(Plan<S, C, W> plan) {
        breaks(plan.job());
        breaks(plan.claimedKeys());
    }

    /** Who claims one of these after this comes back too. */
    void breaks(List<KeyClaim> claims) {
        claims.forEach(claim -> brokenKeys.add(claim.key()));
    }

    /** Its aggregates will not change as was thought. */
    void breaks(Job<S, C> job) {
        broken.add(job.aggregate());
        if (job.other() != 0) {
            broken.add(job.other());
        }
    }

    /** The plan is tried again as it is. */
    void mends(Plan<S, C, W> plan) {
        broken.remove(plan.job().aggregate());
        broken.remove(plan.job().other());
        plan.claimedKeys().forEach(claim -> brokenKeys.remove(claim.key()));
    }

    boolean isBroken(Plan<S, C, W> plan) {
        return broken.contains(plan.job().aggregate())
                || broken.contains(plan.job().other())
                || plan.claimedKeys().stream().anyMatch(claim -> brokenKeys.contains(claim.key()));
    }
}
