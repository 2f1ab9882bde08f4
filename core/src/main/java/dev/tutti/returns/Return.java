package dev.tutti.returns;

import dev.tutti.network.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Some of an order's units on their way back.
 *
 * @param number counts the order's returns from 1
 * @param node where they are expected; null if they may come anywhere
 * @param lines in the order of their numbers
 */
public record Return(int number, @Nullable NodeId node, String reason, Instant announcedAt, List<ReturnLine> lines) {
    public Return {
        lines = List.copyOf(lines);
    }

    /** What it has of an order line, or null. */
    public @Nullable ReturnLine line(int lineNumber) {
        return lines.stream()
                .filter(line -> line.line() == lineNumber)
                .findFirst()
                .orElse(null);
    }

    public int expected() {
        return sum(ReturnLine::expected);
    }

    public int received() {
        return sum(ReturnLine::received);
    }

    /** Units that are back, while it is not known whether their price is given back. */
    public int undecided() {
        return sum(ReturnLine::undecided);
    }

    private int sum(ToIntFunction<ReturnLine> units) {
        return lines.stream().mapToInt(units).sum();
    }

    public ReturnStatus status() {
        if (received() == 0) {
            return expected() > 0 ? ReturnStatus.EXPECTED : ReturnStatus.CANCELLED;
        }
        return expected() > 0 ? ReturnStatus.PARTLY_RECEIVED : ReturnStatus.RECEIVED;
    }

    /** After units of a line have come. */
    Return received(int lineNumber, int units, boolean decided) {
        return with(
                lineNumber,
                line -> new ReturnLine(
                        line.line(),
                        line.expected() - units,
                        line.received() + units,
                        line.decided() + (decided ? units : 0),
                        line.kept()));
    }

    /** After it is known that so many units of a line will not come any more. */
    Return expectingLess(int lineNumber, int units) {
        return with(
                lineNumber,
                line -> new ReturnLine(
                        line.line(), line.expected() - units, line.received(), line.decided(), line.kept()));
    }

    Return cancelled() {
        return withAll(line -> new ReturnLine(line.line(), 0, line.received(), line.decided(), line.kept()));
    }

    Return decided(boolean paidBack) {
        return withAll(line -> new ReturnLine(
                line.line(),
                line.expected(),
                line.received(),
                line.received(),
                line.kept() + (paidBack ? 0 : line.undecided())));
    }

    private Return with(int lineNumber, UnaryOperator<ReturnLine> change) {
        return withAll(line -> line.line() == lineNumber ? change.apply(line) : line);
    }

    private Return withAll(UnaryOperator<ReturnLine> change) {
        List<ReturnLine> next = new ArrayList<>(lines.size());
        lines.forEach(line -> next.add(change.apply(line)));
        return new Return(number, node, reason, announcedAt, next);
    }
}
