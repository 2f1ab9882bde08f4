package dev.tutti.inventory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What came and went at a position, in order of moment: the books as they would be had everything been told of when it
 * happened.
 *
 * <p>There is never less than nothing, nor more than a position can hold. What left though the books did not
 * have it was <em>found</em>; what came before that and is told of later was just that, and then less was found. At one moment units come before others go.
 */
public final class Timeline {
    private static final Comparator<Move> IN_ORDER =
            Comparator.comparingLong(Move::at).thenComparing(move -> move.units() < 0);

    /** Units before the first move. */
    private final long level;

    private final List<Move> moves;
    private final int onHand;

    /**
     * Units came, or went.
     *
     * @param at when, in microseconds since 1970
     * @param units less than 0 where they went; 0 for a count
     * @param found by how many more units had left than the books knew of, once it was booked; less than 0 for fewer
     */
    public record Move(long at, int units, int found) {}

    private Timeline(long level, List<Move> moves) {
        this.level = level;
        this.moves = moves;
        this.onHand = replayed(level, moves);
    }

    /**
     * What the ledger says.
     *
     * @param onHand units that are there now
     * @param found sum of what was found since the last count, and by that count
     * @param moves all since that count; if nothing was found, all since some later moment will do; in any order
     */
    public static Timeline of(int onHand, int found, List<Move> moves) {
        long level = (long) onHand - found;
        for (Move move : moves) {
            level -= move.units();
        }
        return new Timeline(level, moves.stream().sorted(IN_ORDER).toList());
    }

    /** With units that come, or go; what that found is in the new move. */
    Timeline and(long at, int units) {
        List<Move> more = new ArrayList<>(moves);
        more.add(new Move(at, units, 0));
        more.sort(IN_ORDER);
        int found = replayed(level, more) - onHand - units;
        more.set(more.lastIndexOf(new Move(at, units, 0)), new Move(at, units, found));
        return new Timeline(level, more);
    }

    /** As it is if so many were counted at a moment: what came and went until then does not matter any more. */
    Timeline counted(long at, int units) {
        List<Move> since = new ArrayList<>(moves);
        since.removeIf(move -> move.at() < at || (move.at() == at && move.units() != 0));
        long known = units;
        for (Move move : since) {
            known += (long) move.units() + move.found();
        }
        int found = Math.toIntExact(replayed(units, since) - known);
        since.addFirst(new Move(at, 0, found));
        return new Timeline(units, since);
    }

    /** By how many units more the count it begins with found to have left since then. */
    int foundByCount() {
        return moves.getFirst().found();
    }

    int onHand() {
        return onHand;
    }

    private static int replayed(long level, List<Move> moves) {
        long units = level;
        for (Move move : moves) {
            units = Math.clamp(units + move.units(), 0, Position.MOST);
        }
        return Math.toIntExact(units);
    }
}
