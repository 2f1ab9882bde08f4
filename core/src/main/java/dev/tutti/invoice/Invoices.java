package dev.tutti.invoice;

import dev.tutti.decision.BrokenInvariant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All documents about an order.
 *
 * @param all by number, from 1 without a gap
 */
public record Invoices(List<Invoice> all) {
    public static final Invoices NONE = new Invoices(List.of());

    public Invoices {
        all = List.copyOf(all);
    }

    /** Units of each line that were billed and not credited, by the line's number; a line without documents has none. */
    public SortedMap<Integer, Integer> billed() {
        SortedMap<Integer, Integer> units = new TreeMap<>();
        for (Invoice document : all) {
            int sign = document.kind() == InvoiceKind.INVOICE ? 1 : -1;
            for (InvoiceLine line : document.lines()) {
                units.merge(line.line(), sign * line.quantity(), Integer::sum);
            }
        }
        return units;
    }

    public Invoices with(Invoice document) {
        BrokenInvariant.unless(document.number() == all.size() + 1, "documents are numbered without a gap");
        List<Invoice> next = new ArrayList<>(all);
        next.add(document);
        return new Invoices(next);
    }
}
