package dev.tutti.order;

import dev.tutti.network.ItemTerms;
import dev.tutti.network.Network;
import dev.tutti.quantity.Proration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kits are ordered whole and carried as their parts: each on a line of its own, with its share of what the kit costs. The
 * shares of a kit's line come to exactly what the line came to.
 */
final class Kits {
    private Kits() {}

    /** A line as it is carried. */
    record Opened(OrderDraft.Line line, @Nullable Kit kit) {}

    static List<Opened> opened(List<OrderDraft.Line> lines, Network network) {
        List<Opened> opened = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            OrderDraft.Line line = lines.get(i);
            List<ItemTerms.Part> parts = network.terms(line.item()).parts();
            if (parts.isEmpty()) {
                opened.add(new Opened(line, null));
            } else {
                open(line, new Kit(line.item(), i + 1, line.quantity()), parts, opened);
            }
        }
        return opened;
    }

    private static void open(OrderDraft.Line line, Kit kit, List<ItemTerms.Part> parts, List<Opened> into) {
        long[] value = parts.stream()
                .mapToLong(part -> (long) part.value() * part.quantity())
                .toArray();
        long[] goods = Proration.byLargestRemainder(line.unitPrice() * line.quantity(), value);
        long[] discount = Proration.byLargestRemainder(line.discount(), goods);
        long[] tax = Proration.byLargestRemainder(line.tax(), value);
        for (int i = 0; i < parts.size(); i++) {
            int units = Math.multiplyExact(parts.get(i).quantity(), line.quantity());
            // A unit has a price in whole minor units: what is too much of it is taken off the line.
            long unitPrice = Math.ceilDiv(goods[i], units);
            into.add(new Opened(
                    new OrderDraft.Line(
                            parts.get(i).item(),
                            units,
                            line.shipGroup(),
                            line.splittable(),
                            unitPrice,
                            unitPrice * units - goods[i] + discount[i],
                            tax[i]),
                    kit));
        }
    }
}
