package dev.tutti.invoice;

import java.time.Instant;
import java.util.List;

/**
 * A document about the price of some of an order's units. Once issued it never changes: what turns out otherwise is
 * another document.
 *
 * @param number counts the order's documents from 1
 * @param total of its lines, in minor units of the order's currency
 */
public record Invoice(int number, InvoiceKind kind, Instant issuedAt, List<InvoiceLine> lines, long total) {
    public Invoice {
        lines = List.copyOf(lines);
    }

    public static Invoice of(int number, InvoiceKind kind, Instant issuedAt, List<InvoiceLine> lines) {
        long total = 0;
        for (InvoiceLine line : lines) {
            total = Math.addExact(total, line.amount());
        }
        return new Invoice(number, kind, issuedAt, lines, total);
    }
}
