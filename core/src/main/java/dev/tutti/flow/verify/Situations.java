package dev.tutti.flow.verify;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The graph of all places a flow can come to, as it is discovered: nearest first, so that stories are short. */
final class Situations<S> {
    private static final int MOST = 200_000;

    /**
     * Where a flow is, and how things stand.
     *
     * @param waits whether the step's action is over and it rests there
     */
    record Place<S>(String step, boolean waits, @Nullable S situationOrEnd) {
        S situation() {
            if (situationOrEnd == null) {
                throw new IllegalStateException("the end is no situation");
            }
            return situationOrEnd;
        }
    }

    /** Something that may happen at a place; where it leads is chosen by what is not known. */
    static final class Move<S> {
        private final Situations<S> situations;
        private final Place<S> from;
        private Supplier<String> words;
        private final boolean helps;
        private final Set<Place<S>> results = new LinkedHashSet<>();

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
            return add(new Place<>(step, waits, situation));
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
            results.add(result);
            situations.discover(result, new Origin<>(from, words));
            return result;
        }
    }

    /** How a place was first come to. */
    private record Origin<S>(@Nullable Place<S> from, Supplier<String> words) {}

    /** Steps that lead to each other without a wait, or too many of them in a row. */
    record Circle<S>(Place<S> at, List<String> steps) {}

    private final Place<S> end = new Place<>("", true, null);
    private final Map<Place<S>, Origin<S>> origins = new LinkedHashMap<>();
    private final Map<Place<S>, List<Move<S>>> moves = new HashMap<>();
    private final ArrayDeque<Place<S>> open = new ArrayDeque<>();

    void begin(String step, S situation, Supplier<String> words) {
        discover(new Place<>(step, false, situation), new Origin<>(null, words));
    }

    private void discover(Place<S> place, Origin<S> origin) {
        if (origins.putIfAbsent(place, origin) == null && place.situationOrEnd() != null) {
            open.add(place);
        }
    }

    /** The nearest place that was not looked at yet, or null. */
    @Nullable
    Place<S> next() {
        return open.poll();
    }

    boolean knows(Place<S> place) {
        return origins.containsKey(place);
    }

    boolean isTooMany() {
        return origins.size() > MOST;
    }

    /** @param helps whether the flow may count on it */
    Move<S> move(Place<S> from, Supplier<String> words, boolean helps) {
        Move<S> move = new Move<>(this, from, words, helps);
        moves.computeIfAbsent(from, p -> new ArrayList<>()).add(move);
        return move;
    }

    /** What happened from the beginning to a place, a line each. */
    List<String> story(Place<S> place) {
        ArrayDeque<String> lines = new ArrayDeque<>();
        for (Place<S> at = place; at != null; ) {
            Origin<S> origin = origins.get(at);
            if (origin == null) {
                break;
            }
            lines.addFirst(origin.words().get());
            at = origin.from();
        }
        return List.copyOf(lines);
    }

    private List<Move<S>> movesOf(Place<S> place) {
        return moves.getOrDefault(place, List.of());
    }

    /**
     * Places from which nothing that helps is sure to lead to the end, the nearest first: found backwards from the end,
     * over moves all of whose results lead there.
     */
    List<Place<S>> thoseThatCannotEnd() {
        Map<Place<S>, List<Move<S>>> into = new HashMap<>();
        Map<Move<S>, Integer> missing = new HashMap<>();
        for (Place<S> place : origins.keySet()) {
            for (Move<S> move : movesOf(place)) {
                if (!move.helps) {
                    continue;
                }
                missing.put(move, move.results.size());
                move.results.forEach(result ->
                        into.computeIfAbsent(result, p -> new ArrayList<>()).add(move));
            }
        }
        Set<Place<S>> ends = new LinkedHashSet<>(List.of(end));
        ArrayDeque<Place<S>> news = new ArrayDeque<>(ends);
        for (Place<S> place = news.poll(); place != null; place = news.poll()) {
            for (Move<S> move : into.getOrDefault(place, List.of())) {
                if (missing.merge(move, -1, Integer::sum) == 0 && ends.add(move.from)) {
                    news.add(move.from);
                }
            }
        }
        return origins.keySet().stream().filter(place -> !ends.contains(place)).toList();
    }

    /** The first place from which so many steps may follow each other without a wait, or null. */
    @Nullable
    Circle<S> circle(int most) {
        Map<Place<S>, Integer> longest = new HashMap<>();
        for (Place<S> place : origins.keySet()) {
            if (!place.waits() && length(place, most, longest) > most) {
                return new Circle<>(place, path(place, most, longest));
            }
        }
        return null;
    }

    /** How many steps may follow without a wait, this one included; more than {@code most} if it is a circle. */
    private int length(Place<S> from, int most, Map<Place<S>, Integer> longest) {
        Map<Place<S>, Integer> underWay = new HashMap<>();
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
        return movesOf(place).stream()
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
