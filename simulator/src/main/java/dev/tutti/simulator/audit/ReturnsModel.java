package dev.tutti.simulator.audit;

import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.order.Order;
import dev.tutti.order.OrderEvent.ReturnAnnounced;
import dev.tutti.order.OrderEvent.UnitsFrom;
import dev.tutti.order.OrderEvent.UnitsReturned;
import dev.tutti.returns.Return;
import dev.tutti.returns.ReturnLine;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/** What an order's returns come to, counted anew from its events. */
final class ReturnsModel {
    private record Part(int expected, int received, int decided, int kept) {}

    /** By number, then by line. */
    private final TreeMap<Integer, Map<Integer, Part>> returns = new TreeMap<>();

    void announced(ReturnAnnounced event) {
        Map<Integer, Part> parts = new TreeMap<>();
        for (LineQuantity line : event.lines()) {
            parts.put(line.line(), new Part(line.quantity(), 0, 0, 0));
        }
        returns.put(event.number(), parts);
    }

    /** @param atCustomer what the customer has of a line after it */
    void returned(UnitsReturned event, Map<Journey, ?> underWay, IntUnaryOperator atCustomer) {
        boolean decided = !underWay.containsKey(Journey.ofReturn(event.number()));
        for (UnitsFrom units : event.units()) {
            of(event.number())
                    .computeIfPresent(
                            units.line(),
                            (line, part) -> new Part(
                                    part.expected - units.quantity(),
                                    part.received + units.quantity(),
                                    part.decided + (decided ? units.quantity() : 0),
                                    part.kept));
        }
        for (UnitsFrom units : event.units()) {
            int line = units.line();
            int tooMany = returns.values().stream()
                            .mapToInt(parts -> expected(parts, line))
                            .sum()
                    - atCustomer.applyAsInt(line);
            for (Map<Integer, Part> parts : returns.descendingMap().values()) {
                int less = Math.min(Math.max(0, tooMany), expected(parts, line));
                tooMany -= less;
                parts.computeIfPresent(
                        line, (l, part) -> new Part(part.expected - less, part.received, part.decided, part.kept));
            }
        }
    }

    private Map<Integer, Part> of(int number) {
        return Objects.requireNonNull(returns.get(number), "nobody has announced return " + number);
    }

    private static int expected(Map<Integer, Part> parts, int line) {
        Part part = parts.get(line);
        return part == null ? 0 : part.expected;
    }

    void cancelled(int number) {
        of(number).replaceAll((line, part) -> new Part(0, part.received, part.decided, part.kept));
    }

    void decided(int number, boolean paidBack) {
        of(number)
                .replaceAll((line, part) -> new Part(
                        part.expected,
                        part.received,
                        part.received,
                        part.kept + (paidBack ? 0 : part.received - part.decided)));
    }

    /** Units of a line that are back, and paid for all the same. */
    int kept(int line) {
        return returns.values().stream()
                .mapToInt(parts -> parts.containsKey(line) ? parts.get(line).kept : 0)
                .sum();
    }

    /** Units of a line that are back, while nobody has decided about their price. */
    int undecided(int line) {
        int sum = 0;
        for (Map<Integer, Part> parts : returns.values()) {
            Part part = parts.get(line);
            sum += part == null ? 0 : part.received - part.decided;
        }
        return sum;
    }

    boolean agreesWith(Order order) {
        if (order.returns().all().size() != returns.size()) {
            return false;
        }
        for (Return one : order.returns().all()) {
            Map<Integer, Part> parts = new TreeMap<>();
            for (ReturnLine line : one.lines()) {
                parts.put(line.line(), new Part(line.expected(), line.received(), line.decided(), line.kept()));
            }
            if (!parts.equals(returns.get(one.number()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return returns.toString();
    }
}
