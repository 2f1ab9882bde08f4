package dev.tutti.server.replay;

import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.inventory.PositionKey;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Has orders follow what happened to stock: as a running server does, but at once, in a fixed order, and item by item wherever it is. */
final class StockSettling {
    private final Bookkeeper books;
    private final Waiting waiting;

    StockSettling(Bookkeeper books, Waiting waiting) {
        this.books = books;
        this.waiting = waiting;
    }

    /** Wakes who waits for what has come, and has claims given up on what is not there. */
    void settle(Instant at) {
        while (!books.arrived.isEmpty() || !books.shortages.isEmpty()) {
            while (!books.shortages.isEmpty()) {
                giveUpWeakest(Objects.requireNonNull(books.shortages.pollFirst()), at);
            }
            Map.Entry<Integer, Integer> item = books.arrived.pollFirstEntry();
            if (item != null) {
                for (long order : waiting.first(item.getKey(), item.getValue())) {
                    books.ask(order, new OrderCommand.Signal(Journey.ORDER, "supply-arrived"), at, "supply");
                }
            }
        }
    }

    /** As a running server does: of the least important, latest orders first. */
    private void giveUpWeakest(PositionKey key, Instant at) {
        record Claim(Order order, FulfilmentOrder work, int line, int units) {}
        List<Claim> claims = new ArrayList<>();
        for (Order order : books.orders()) {
            for (FulfilmentOrder work : order.fulfilmentOrders()) {
                if (work.node().value() == key.place()) {
                    for (FulfilmentLine line : work.lines()) {
                        int units = line.units().in(UnitState.ALLOCATED)
                                + line.units().in(UnitState.RELEASED);
                        if (line.item() == key.item() && units > 0) {
                            claims.add(new Claim(order, work, line.line(), units));
                        }
                    }
                }
            }
        }
        claims.sort(Comparator.<Claim>comparingInt(c -> c.order().header().priority())
                .thenComparing(c -> c.order().header().placedAt(), Comparator.reverseOrder())
                .thenComparing(c -> c.order().id().value(), Comparator.reverseOrder())
                .thenComparing(c -> c.work().number(), Comparator.reverseOrder())
                .thenComparing(Claim::line, Comparator.reverseOrder()));
        for (Claim claim : claims) {
            int left = books.index().balance(key).shortage();
            if (left == 0) {
                return;
            }
            books.must(
                    claim.order().id().value(),
                    new OrderCommand.YieldUnits(claim.work().number(), claim.line(), Math.min(left, claim.units())),
                    at,
                    "shortage");
        }
    }
}
