package dev.tutti.server.api;

import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a file that were sent off and are not answered yet, by the positions they change.
 *
 * <p>Documents are booked side by side, so a later one may come first. Mostly that does not matter, for sums are sums. It
 * does where a line takes what an earlier one brings, and where both count: then the later one waits.
 */
final class LinesUnderWay {
    private final AvailabilityIndex index;
    private final Map<PositionKey, Sum> sums = new ConcurrentHashMap<>();
    private CompletableFuture<?> answered = CompletableFuture.completedFuture(null);

    /** What lines under way do to a position. */
    private record Sum(int lines, boolean counts, long brought, long taken) {
        static final Sum NONE = new Sum(0, false, 0, 0);

        Sum and(StockChange change, int sign) {
            return new Sum(
                    lines + sign,
                    counts || change.move() == StockMove.COUNT,
                    brought + sign * brings(change),
                    taken + sign * takes(change));
        }
    }

    LinesUnderWay(AvailabilityIndex index) {
        this.index = index;
    }

    /** Whether it could come out otherwise if it came before lines that were sent off. */
    boolean mustFollow(List<StockChange> changes) {
        return changes.stream().anyMatch(this::mustFollow);
    }

    private boolean mustFollow(StockChange change) {
        Sum before = sums.get(change.position());
        if (before == null) {
            return false;
        }
        Position known = index.position(change.position());
        long least = (known == null ? 0 : known.onHand() - (long) known.reserved()) - before.taken();
        boolean takesWhatComes = before.brought() > 0 && takes(change) > Math.max(0, least);
        return takesWhatComes || (change.move() == StockMove.COUNT && before.counts());
    }

    /** They are under way until they are answered, whatever the answer is. */
    void sent(List<StockChange> changes, CompletableFuture<?> answer) {
        for (StockChange change : changes) {
            sums.merge(change.position(), Sum.NONE.and(change, 1), (before, one) -> before.and(change, 1));
        }
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

    /** Waits until all that was sent off is answered. */
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
