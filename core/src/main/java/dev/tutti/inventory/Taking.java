package dev.tutti.inventory;

import dev.tutti.network.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Claims units for somebody who may have those of some ring-fences: from their own fences first, then of what nobody keeps,
 * then of what others lend. Belongs to one decision, and knows what it has taken already.
 */
public final class Taking {
    private final Stock stock;
    private final IntFunction<Fences> ofItem;
    private final TreeMap<PositionKey, Integer> taken = new TreeMap<>();
    private final List<StockChange> claims = new ArrayList<>();

    /** @param ofItem whose units it may have of an item */
    public Taking(Stock stock, IntFunction<Fences> ofItem) {
        this.stock = stock;
        this.ofItem = ofItem;
    }

    /** Units of one item at one node, and the pool they came from. */
    public record Part(int pool, int quantity) {}

    /** What makes the units taken so far somebody's own, in order. */
    public List<StockChange> claims() {
        return claims;
    }

    /** What there is not is asked for all the same; the guard will say no. */
    public List<Part> take(int item, NodeId node, int quantity) {
        Fences fences = ofItem.apply(item);
        if (fences.isNone()) {
            claims.add(StockChange.of(item, node.value(), StockMove.RESERVE, quantity));
            return List.of(new Part(Place.Pool.STOCK, quantity));
        }
        List<Part> parts = new ArrayList<>();
        int left = from(fences.own(), item, node, quantity, parts);
        int seen = Math.max(0, available(PositionKey.of(item, Place.of(node))) - fences.threshold());
        int free = Math.min(left, seen);
        int rest = from(fences.lent(), item, node, left - free, parts);
        int stocked = free + rest;
        if (stocked > 0) {
            PositionKey key = PositionKey.of(item, Place.of(node));
            taken.merge(key, stocked, Integer::sum);
            claims.add(new StockChange(key, StockMove.RESERVE, stocked));
            parts.add(new Part(Place.Pool.STOCK, stocked));
        }
        return parts;
    }

    private int from(List<Integer> pools, int item, NodeId node, int quantity, List<Part> parts) {
        int left = quantity;
        for (int pool : pools) {
            PositionKey key = PositionKey.of(item, new Place(pool, node.value()));
            int units = Math.min(left, available(key));
            if (units > 0) {
                taken.merge(key, units, Integer::sum);
                claims.add(new StockChange(key, StockMove.WITHDRAW, units));
                parts.add(new Part(pool, units));
                left -= units;
            }
        }
        return left;
    }

    private int available(PositionKey key) {
        return Math.max(0, stock.balance(key).available() - taken.getOrDefault(key, 0));
    }
}
