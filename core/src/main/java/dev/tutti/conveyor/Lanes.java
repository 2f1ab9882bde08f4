package dev.tutti.conveyor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The commands that wait, by lane. Not for several threads at once.
 *
 * <p>A round takes from all lanes: interactive first, but a quarter of the places is kept for each of the others as long
 * as they have something. A command takes as many places as it weighs; the heaviest is taken alone from its lane.
 * Commands that come back from a round go to the head of their lane, in their order.
 */
public final class Lanes<S, C> {
    private final Map<Lane, ArrayDeque<Job<S, C>>> waiting = new EnumMap<>(Lane.class);
    private final Limits limits;

    public Lanes(Limits limits) {
        this.limits = limits;
        for (Lane lane : Lane.values()) {
            waiting.put(lane, new ArrayDeque<>());
        }
    }

    /**
     * @return false if the lane is full; nothing was done then
     */
    public boolean offer(Job<S, C> job) {
        ArrayDeque<Job<S, C>> lane = lane(job.lane());
        if (lane.size() >= limits.queued()) {
            return false;
        }
        lane.add(job);
        return true;
    }

    /** Commands that come back from a round; there is always room for them. */
    public void giveBack(List<Job<S, C>> jobs) {
        for (Job<S, C> job : jobs.reversed()) {
            lane(job.lane()).addFirst(job);
        }
    }

    /**
     * The commands of the next round, in the order they are decided; empty if none wait.
     *
     * @param bulkToo whether the round may be one that takes long
     */
    public List<Job<S, C>> take(boolean bulkToo) {
        int kept = limits.jobsPerRound() / 4;
        int due = Math.min(kept, lane(Lane.DUE).size());
        int bulk = bulkToo ? Math.min(kept, lane(Lane.BULK).size()) : 0;
        List<Job<S, C>> taken = new ArrayList<>();
        int places = limits.jobsPerRound();
        places -= take(Lane.INTERACTIVE, places - due - bulk, taken);
        places -= take(Lane.DUE, places - bulk, taken);
        if (bulkToo) {
            take(Lane.BULK, places, taken);
        }
        return taken;
    }

    /** @return how many places were taken */
    private int take(Lane from, int most, List<Job<S, C>> into) {
        ArrayDeque<Job<S, C>> lane = lane(from);
        int places = 0;
        while (!lane.isEmpty()
                && places < most
                && (places == 0 || places + lane.element().weight() <= most)) {
            Job<S, C> job = lane.remove();
            places += job.weight();
            into.add(job);
        }
        return places;
    }

    public int size(Lane lane) {
        return lane(lane).size();
    }

    public int size() {
        return waiting.values().stream().mapToInt(ArrayDeque::size).sum();
    }

    private ArrayDeque<Job<S, C>> lane(Lane lane) {
        ArrayDeque<Job<S, C>> jobs = waiting.get(lane);
        if (jobs == null) {
            throw new AssertionError("every lane has a queue");
        }
        return jobs;
    }
}
