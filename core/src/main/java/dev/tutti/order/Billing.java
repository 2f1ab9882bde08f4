package dev.tutti.order;

import dev.tutti.flow.Journey;
import dev.tutti.flow.Trigger;
import dev.tutti.invoice.Invoice;
import dev.tutti.invoice.InvoiceKind;
import dev.tutti.invoice.InvoiceLine;
import dev.tutti.order.OrderEvent.InvoiceIssued;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Bills what the customer has and credits what came back. Amounts follow running totals, as all that is shared out over
 * units does: documents issued one after the other sum exactly to the price of the units they leave billed.
 */
final class Billing {
    private Billing() {}

    /** What came back is credited by whoever travels; what has gone is billed by the order alone. */
    static Trigger bill(Change change, Journey journey) {
        Order order = change.order();
        List<InvoiceLine> billed = new ArrayList<>();
        List<InvoiceLine> credited = new ArrayList<>();
        SortedMap<Integer, Integer> known = order.invoices().billed();
        for (OrderLine line : order.lines()) {
            int before = known.getOrDefault(line.number(), 0);
            int now = order.toBill(line);
            int units = line.units().total();
            if (now > before) {
                billed.add(new InvoiceLine(
                        line.number(), now - before, line.money().ofUnits(units, before, now)));
            } else if (now < before) {
                credited.add(new InvoiceLine(
                        line.number(), before - now, line.money().ofUnits(units, now, before)));
            }
        }
        if (journey.isOfOrder()) {
            issue(change, InvoiceKind.INVOICE, billed);
        }
        issue(change, InvoiceKind.CREDIT_NOTE, credited);
        return Trigger.DONE;
    }

    private static void issue(Change change, InvoiceKind kind, List<InvoiceLine> lines) {
        if (!lines.isEmpty()) {
            int number = change.order().invoices().all().size() + 1;
            change.happens(
                    new InvoiceIssued(Invoice.of(number, kind, change.facts().now(), lines)));
        }
    }
}
