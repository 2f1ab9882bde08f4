package dev.tutti.conveyor;

import dev.tutti.decision.Refusal;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A round's refused commands, before they are told so. One of them may have been carried out before, and is refused
 * only because what it asks for is done: its keys are looked up, and it gets the answer it got then.
 *
 * <p>All keys are looked up at once. If the store cannot even be asked for one of them, the commands are looked up one
 * by one, and the keys of the one it belongs to one by one.
 */
final class RefusedJobs<S, C> {
    private final List<Job<S, C>> jobs;
    /** By arrival. */
    private final TreeMap<Integer, Refusal> refusals = new TreeMap<>();

    private boolean singly;
    /** The keys of the first refused command that are still to be looked up one by one, and who owns the others. */
    private final ArrayDeque<Key> keysLeft = new ArrayDeque<>();

    private final Map<Key, KeyOwner> keysFound = new HashMap<>();

    RefusedJobs(List<Job<S, C>> jobs) {
        this.jobs = jobs;
    }

    void add(int arrival, Refusal refusal) {
        refusals.put(arrival, refusal);
    }

    boolean isEmpty() {
        return refusals.isEmpty();
    }

    /** Answers those whose keys one call to the store can tell. */
    void lookUp(Store<S, ?, ?> store) {
        if (!keysLeft.isEmpty()) {
            TreeSet<Key> one = new TreeSet<>();
            one.add(keysLeft.element());
            keysFound.putAll(store.owners(one));
            keyLookedUp();
            return;
        }
        List<Integer> some = singly ? List.of(refusals.firstKey()) : List.copyOf(refusals.keySet());
        TreeSet<Key> keys = new TreeSet<>();
        some.forEach(i -> jobs.get(i).keys().forEach(claim -> keys.add(claim.key())));
        Map<Key, KeyOwner> owners = keys.isEmpty() ? Map.of() : store.owners(keys);
        some.forEach(i -> answer(i, owners));
    }

    /** Among the keys of the last call was one that cannot be stored: so it was never used. */
    void lookUpWithoutIt() {
        if (!keysLeft.isEmpty()) {
            keyLookedUp();
        } else if (!singly && refusals.size() > 1) {
            singly = true;
        } else {
            jobs.get(refusals.firstKey()).keys().forEach(claim -> keysLeft.add(claim.key()));
        }
    }

    private void keyLookedUp() {
        keysLeft.remove();
        if (keysLeft.isEmpty()) {
            answer(refusals.firstKey(), keysFound);
            keysFound.clear();
        }
    }

    private void answer(int arrival, Map<Key, KeyOwner> owners) {
        Refusal refusal = refusals.remove(arrival);
        Answer<S> earlier = Answer.earlier(jobs.get(arrival).keys(), owners);
        if (earlier != null) {
            jobs.get(arrival).answer(earlier);
        } else if (refusal != null) {
            jobs.get(arrival).answer(new Answer.Refused<>(refusal));
        }
    }

    /** None of them is told: they are decided anew. */
    void comeBack(DecidedAnew<S, C, ?> anew) {
        refusals.keySet().forEach(anew::add);
        refusals.clear();
    }

    void refuse(Refusal refusal) {
        refusals.keySet().forEach(i -> jobs.get(i).answer(new Answer.Refused<>(refusal)));
        refusals.clear();
    }
}
