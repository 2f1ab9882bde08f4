package dev.tutti.flow.verify;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The graph of all places a flow can come to, as it is discovered: nearest first, so that stories are short. */
final class Situations<S> {
    private static final int MOST = 200_000;

    /** Where a flow is, and how things stand: there is one of each. */
    static final class Place<S> {
        private final String step;
        private final boolean waits;
        private final @Nullable S situation;
        private final @Nullable Place<S> from;
        private final Supplier<String> words;
        private final List<Move<S>> moves = new ArrayList<>(4);

        private Place(
                String step, boolean waits, @Nullable S situation, @Nullable Place<S> from, Supplier<String> words) {
            this.step = step;
            this.waits = waits;
            this.situation = situation;
            this.from = from;
            this.words = words;
        }

        String step() {
            return step;
        }

        /** Whether the step's action is over and it rests there. */
        boolean waits() {
            return waits;
        }

        S situation() {
            if (situation == null) {
                throw new IllegalStateException("the end is no situation");
            }
            return situation;
        }
    }

    /** Something that may happen at a place; where it leads is chosen by what is not known. */
    static final class Move<S> {
        private final Situations<S> situations;
        private final Place<S> from;
        private Supplier<String> words;
        private final boolean helps;
        /** Each once; there are few. */
        private final List<Place<S>> results = new ArrayList<>(2);

        private Move(Situations<S> situations, Place<S> from, Supplier<String> words, boolean helps) {
            this.situations = situations;
            this.from = from;
            this.words = words;
            this.helps = helps;
        }

        /** What is said of the results from here on. */
        void because(Supplier<String> reason) {
            words = reason;
        }

        Place<S> to(String step, boolean waits, S situation) {
            return add(situations.discover(step, waits, situation, from, words));
        }

        /** Whether it may be that nothing comes of it. */
        boolean staysAt(String step) {
            return results.stream()
                    .anyMatch(result -> result.waits() && result.step().equals(step));
        }

        void toTheEnd() {
            add(situations.end);
        }

        private Place<S> add(Place<S> result) {
            if (!results.contains(result)) {
                results.add(result);
            }
            return result;
        }
    }

    /** Steps that lead to each other without a wait, or too many of them in a row. */
    record Circle<S>(Place<S> at, List<String> steps) {}

    private final Place<S> end = new Place<>("", true, null, null, () -> "the end");
    private final Map<String, Map<S, Place<S>>> entered = new HashMap<>();
    private final Map<String, Map<S, Place<S>>> waiting = new HashMap<>();
    private final List<Place<S>> discovered = new ArrayList<>();
    private int looked;

    void begin(String step, S situation, Supplier<String> words) {
        discover(step, false, situation, null, words);
    }

    private Place<S> discover(
            String step, boolean waits, S situation, @Nullable Place<S> from, Supplier<String> words) {
        Map<S, Place<S>> there = (waits ? waiting : entered).computeIfAbsent(step, s -> new HashMap<>());
        Place<S> known = there.get(situation);
        if (known != null) {
            return known;
        }
        Place<S> place = new Place<>(step, waits, situation, from, words);
        there.put(situation, place);
        discovered.add(place);
        return place;
    }

    /** The nearest place that was not looked at yet, or null. */
    @Nullable
    Place<S> next() {
        return looked < discovered.size() ? discovered.get(looked++) : null;
    }

    boolean knows(String step, boolean waits, S situation) {
        return (waits ? waiting : entered).getOrDefault(step, Map.of()).containsKey(situation);
    }

    boolean isTooMany() {
        return discovered.size() > MOST;
    }

    /** @param helps whether the flow may count on it */
    Move<S> move(Place<S> from, Supplier<String> words, boolean helps) {
        Move<S> move = new Move<>(this, from, words, helps);
        from.moves.add(move);
        return move;
    }

    /** What happened from the beginning to a place, a line each. */
    List<String> story(Place<S> place) {
        ArrayDeque<String> lines = new ArrayDeque<>();
        for (Place<S> at = place; at != null; at = at.from) {
            lines.addFirst(at.words.get());
        }
        return List.copyOf(lines);
    }

    /**
     * Places from which nothing that helps is sure to lead to the end, the nearest first: found backwards from the end,
     * over moves all of whose results lead there.
     */
    List<Place<S>> thoseThatCannotEnd() {
        Map<Place<S>, List<Move<S>>> into = new IdentityHashMap<>();
        Map<Move<S>, Integer> missing = new IdentityHashMap<>();
        for (Place<S> place : discovered) {
            for (Move<S> move : place.moves) {
                if (!move.helps) {
                    continue;
                }
                missing.put(move, move.results.size());
                for (Place<S> result : move.results) {
                    into.computeIfAbsent(result, p -> new ArrayList<>()).add(move);
                }
            }
        }
        Set<Place<S>> ends = Collections.newSetFromMap(new IdentityHashMap<>());
        ends.add(end);
        ArrayDeque<Place<S>> news = new ArrayDeque<>(ends);
        for (Place<S> place = news.poll(); place != null; place = news.poll()) {
            for (Move<S> move : into.getOrDefault(place, List.of())) {
                if (missing.merge(move, -1, Integer::sum) == 0 && ends.add(move.from)) {
                    news.add(move.from);
                }
            }
        }
        return discovered.stream().filter(place -> !ends.contains(place)).toList();
    }

    /** The first place from which so many steps may follow each other without a wait, or null. */
    @Nullable
    Circle<S> circle(int most) {
        Map<Place<S>, Integer> longest = new IdentityHashMap<>();
        for (Place<S> place : discovered) {
            if (!place.waits() && length(place, most, longest) > most) {
                return new Circle<>(place, path(place, most, longest));
            }
        }
        return null;
    }

    /** How many steps may follow without a wait, this one included; more than {@code most} if it is a circle. */
    private int length(Place<S> from, int most, Map<Place<S>, Integer> longest) {
        Map<Place<S>, Integer> underWay = new IdentityHashMap<>();
        ArrayDeque<Place<S>> path = new ArrayDeque<>(List.of(from));
        while (!path.isEmpty()) {
            Place<S> place = path.peek();
            if (longest.containsKey(place)) {
                path.pop();
                continue;
            }
            int length = 1;
            boolean complete = true;
            boolean first = underWay.put(place, path.size()) == null;
            for (Place<S> next : without(place)) {
                Integer known = longest.get(next);
                if (known != null) {
                    length = Math.max(length, Math.min(most, known) + 1);
                } else if (first && !underWay.containsKey(next)) {
                    path.push(next);
                    complete = false;
                } else {
                    length = most + 1;
                }
            }
            if (complete) {
                longest.put(place, length);
                underWay.remove(place);
                path.pop();
            }
        }
        return longest.getOrDefault(from, 0);
    }

    private List<Place<S>> without(Place<S> place) {
        return place.moves.stream()
                .flatMap(move -> move.results.stream())
                .filter(result -> !result.waits())
                .distinct()
                .toList();
    }

    private List<String> path(Place<S> from, int most, Map<Place<S>, Integer> longest) {
        List<String> steps = new ArrayList<>();
        Set<Place<S>> seen = new LinkedHashSet<>();
        Place<S> place = from;
        while (place != null && steps.size() < most) {
            steps.add(place.step());
            if (!seen.add(place)) {
                break;
            }
            Place<S> farthest = null;
            for (Place<S> next : without(place)) {
                if (farthest == null || longest.getOrDefault(next, 0) > longest.getOrDefault(farthest, 0)) {
                    farthest = next;
                }
            }
            place = farthest;
        }
        return steps;
    }
}
