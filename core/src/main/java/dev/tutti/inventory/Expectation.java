package dev.tutti.inventory;

import dev.tutti.network.ItemTerms;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is left to promise of what is due: those who wait are served first, from what comes first, whoever they are. What is
 * overdue is not counted on before it is there, or has been announced for another day. Of what is made to order, as many as are
 * wanted are expected.
 */
public final class Expectation {
    private Expectation() {}

    /** Units that are waited for and are neither there nor kept for those who wait. */
    public static int waiting(Stock stock, int item) {
        return Math.max(0, stock.balance(PositionKey.ofWaiting(item)).reserved() - stock.kept(item, Place.Pool.WAKING));
    }

    /** What nobody waits for, the soonest first. */
    public static List<Stock.Due> of(Stock stock, int item, Instant now, Network network) {
        List<Stock.Due> due = stock.due(item);
        Stock.Due made = made(item, now, network);
        if (made != null) {
            due = new ArrayList<>(due);
            due.add(made);
            due.sort(Comparator.comparing(Stock.Due::day));
        }
        if (due.isEmpty()) {
            return due;
        }
        List<Stock.Due> left = new ArrayList<>();
        int waiting = waiting(stock, item);
        for (Stock.Due there : due) {
            Node node = network.node(there.node().value());
            if (node == null
                    || there.day()
                            .isBefore(LocalDate.ofInstant(now, node.calendar().zone()))) {
                continue;
            }
            // Of as many as are wanted, as many are left.
            int units = there.units() == Position.MOST ? Position.MOST : Math.max(0, there.units() - waiting);
            waiting -= Math.min(waiting, there.units());
            if (units > 0) {
                left.add(new Stock.Due(there.day(), there.node(), units));
            }
        }
        return left;
    }

    /** As many as are wanted, of what is made when it is ordered. */
    private static Stock.@Nullable Due made(int item, Instant now, Network network) {
        ItemTerms.MadeToOrder made = network.terms(item).madeToOrder();
        Node node = made == null ? null : network.node(made.node());
        if (made == null || node == null || !node.active()) {
            return null;
        }
        LocalDate day = made.day(
                node.calendar(), LocalDate.ofInstant(now, node.calendar().zone()));
        return day == null ? null : new Stock.Due(day, node.id(), Position.MOST);
    }
}
