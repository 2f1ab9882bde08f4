package dev.tutti.server.api;

import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a file that are not answered yet, by the positions they change.
 *
 * <p>Documents are booked side by side, so a later one may come first. Mostly that does not matter, for sums are sums, and
 * what says itself when it was is booked in that order. It does where a line takes what an earlier one brings, or brings
 * what an earlier one takes though it is not there; and where both set the same figure: then the later one waits.
 */
final class LinesUnderWay {
    private final AvailabilityIndex index;
    private final Map<PositionKey, Sum> sums = new ConcurrentHashMap<>();
    private CompletableFuture<?> answered = CompletableFuture.completedFuture(null);

    /** What lines under way do to a position. */
    private record Sum(int lines, boolean sets, long brought, long taken) {
        static final Sum NONE = new Sum(0, false, 0, 0);

        Sum and(StockChange change, int sign) {
            return new Sum(
                    lines + sign,
                    sets || isSetting(change),
                    brought + sign * brings(change),
                    taken + sign * takes(change));
        }
    }

    LinesUnderWay(AvailabilityIndex index) {
        this.index = index;
    }

    /** Whether it could come out otherwise if it came before lines of earlier documents. */
    boolean mustFollow(List<StockChange> changes) {
        return changes.stream().anyMatch(this::mustFollow);
    }

    private boolean mustFollow(StockChange change) {
        Sum before = sums.get(change.position());
        if (before == null || isInOrderAnyhow(change)) {
            return false;
        }
        Position known = index.position(change.position());
        long least = (known == null ? 0 : known.onHand() - (long) known.reserved()) - before.taken();
        boolean takesWhatComes = before.brought() > 0 && takes(change) > Math.max(0, least);
        boolean bringsWhatWasTaken = brings(change) > 0 && least < 0 && before.taken() > 0;
        return takesWhatComes || bringsWhatWasTaken || (isSetting(change) && before.sets());
    }

    private static boolean isSetting(StockChange change) {
        return switch (change.move()) {
            case COUNT, CAP, SAFETY -> true;
            default -> false;
        };
    }

    /** The guard replays it at its moment, whenever it is told. */
    private static boolean isInOrderAnyhow(StockChange change) {
        return change.isTimed()
                && switch (change.move()) {
                    case SELL, ADJUST, RETURN -> true;
                    default -> false;
                };
    }

    void gathered(List<StockChange> changes) {
        for (StockChange change : changes) {
            sums.merge(change.position(), Sum.NONE.and(change, 1), (before, one) -> before.and(change, 1));
        }
    }

    /** A document of lines that were gathered is on its way until it is answered, whatever the answer is. */
    void sent(List<StockChange> changes, CompletableFuture<?> answer) {
        CompletableFuture<?> over = answer.handle((given, failure) -> {
            for (StockChange change : changes) {
                sums.computeIfPresent(change.position(), (key, sum) -> without(sum, change));
            }
            return given;
        });
        answered = CompletableFuture.allOf(answered, over);
    }

    private static @Nullable Sum without(Sum sum, StockChange change) {
        return sum.lines() == 1 ? null : sum.and(change, -1);
    }

    /** Waits until all documents that were sent are answered. */
    void await() {
        answered.join();
    }

    private static long brings(StockChange change) {
        return switch (change.move()) {
            case RELEASE, YIELD, DEPOSIT, RETURN -> change.quantity();
            case ADJUST -> Math.max(0, change.quantity());
            case RESERVE, WITHDRAW, CONVERT, ISSUE, LOSE, SELL, COUNT, CAP, SAFETY -> 0;
        };
    }

    private static long takes(StockChange change) {
        return switch (change.move()) {
            case RESERVE, WITHDRAW, CONVERT, ISSUE, LOSE, SELL -> change.quantity();
            case ADJUST -> Math.max(0, -change.quantity());
            case RELEASE, YIELD, DEPOSIT, RETURN, COUNT, CAP, SAFETY -> 0;
        };
    }
}
