package dev.tutti.flow;

import java.util.Comparator;

/**
 * One way along a flow that is under way within an order: the order's own, that of one of its fulfilment orders, or that
 * of one of its returns.
 *
 * @param number of the fulfilment order or of the return; 0 for the order itself
 */
public record Journey(FlowKind kind, int number) implements Comparable<Journey> {
    /** The order's own. */
    public static final Journey ORDER = new Journey(FlowKind.ORDER, 0);

    private static final Comparator<Journey> BY_KIND =
            Comparator.comparing(Journey::kind).thenComparingInt(Journey::number);

    public static Journey ofFulfilmentOrder(int number) {
        return new Journey(FlowKind.FULFILMENT_ORDER, number);
    }

    public static Journey ofReturn(int number) {
        return new Journey(FlowKind.RETURN, number);
    }

    public boolean isOfOrder() {
        return kind == FlowKind.ORDER;
    }

    @Override
    public int compareTo(Journey other) {
        return BY_KIND.compare(this, other);
    }

    /** As it is written: {@code order}, {@code fulfilment-order-2}, {@code return-1}. */
    public String text() {
        return switch (kind) {
            case ORDER -> "order";
            case FULFILMENT_ORDER -> "fulfilment-order-" + number;
            case RETURN -> "return-" + number;
        };
    }

    /** @throws IllegalArgumentException if it is none */
    public static Journey parse(String text) {
        int dash = text.lastIndexOf('-');
        if (text.equals("order")) {
            return ORDER;
        }
        int number = dash < 0 ? 0 : Integer.parseInt(text, dash + 1, text.length(), 10);
        Journey journey = text.startsWith("return-") ? ofReturn(number) : ofFulfilmentOrder(number);
        if (number < 1 || !journey.text().equals(text)) {
            throw new IllegalArgumentException(text + " names nothing that travels");
        }
        return journey;
    }

    /** As a sentence says it: the order, fulfilment order 2, return 1. */
    @Override
    public String toString() {
        return switch (kind) {
            case ORDER -> "the order";
            case FULFILMENT_ORDER -> "fulfilment order " + number;
            case RETURN -> "return " + number;
        };
    }
}
