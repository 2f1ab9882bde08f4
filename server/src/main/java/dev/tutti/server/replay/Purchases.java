package dev.tutti.server.replay;

import dev.tutti.postgres.ReplayStore.Purchase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What customers have bought and still have, of those who give something back in this history: where a cancellation is
 * taken from the customer's latest earlier purchase of the item with enough left.
 */
final class Purchases {
    private final Set<String> customers;
    // Looked up only.
    private final Map<Bought, List<Left>> bought = new HashMap<>();

    private record Bought(String customer, int item) {}

    private static final class Left {
        final long order;
        final int line;
        int units;

        Left(long order, int line, int units) {
            this.order = order;
            this.line = line;
            this.units = units;
        }
    }

    /** @param customers those who give something back; others need not be remembered */
    Purchases(Set<String> customers) {
        this.customers = customers;
    }

    void add(Purchase purchase) {
        if (customers.contains(purchase.customer())) {
            bought.computeIfAbsent(new Bought(purchase.customer(), purchase.item()), b -> new ArrayList<>())
                    .add(new Left(purchase.order(), purchase.line(), purchase.left()));
        }
    }

    /** Takes units off the latest purchase that has so many left; null if there is none. */
    @Nullable
    Purchase take(String customer, int item, int units) {
        List<Left> purchases = bought.getOrDefault(new Bought(customer, item), List.of());
        for (Left purchase : purchases.reversed()) {
            if (purchase.units >= units) {
                purchase.units -= units;
                return new Purchase(customer, item, purchase.order, purchase.line, units);
            }
        }
        return null;
    }
}
