package dev.tutti.order;

import dev.tutti.flow.Flow;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.NodeId;
import dev.tutti.sourcing.SourcingPlan;
import java.util.ArrayList;
import java.util.List;

/** A decision in the making: the state so far, what has happened, what is claimed. */
final class Change {
    private Order order;
    private final OrderFacts facts;
    private final List<OrderEvent> events = new ArrayList<>();
    private final List<StockChange> claims = new ArrayList<>();
    private final List<SourcingPlan> sourcing = new ArrayList<>();

    Change(Order order, OrderFacts facts) {
        this.order = order;
        this.facts = facts;
    }

    static Change placing(OrderEvent.OrderPlaced placed, OrderFacts facts) {
        Change change = new Change(Order.apply(null, placed), facts);
        change.events.add(placed);
        return change;
    }

    Order order() {
        return order;
    }

    OrderFacts facts() {
        return facts;
    }

    Flow flow() {
        return facts.flows().of(order.flow().flow(), order.flow().version());
    }

    void happens(OrderEvent event) {
        order = Order.apply(order, event);
        events.add(event);
    }

    void claim(int line, NodeId node, StockMove move, int quantity) {
        int item = order.lines().get(line - 1).item();
        claims.add(StockChange.of(item, node.value(), move, quantity));
    }

    void sourced(SourcingPlan plan) {
        sourcing.add(plan);
    }

    boolean isPlacing() {
        return events.getFirst() instanceof OrderEvent.OrderPlaced;
    }

    OrderDecision accepted() {
        return accepted(List.of());
    }

    OrderDecision accepted(List<Contact> contacts) {
        return new OrderDecision.Accepted(order, events, claims, FlowRun.nextDue(order, facts), sourcing, contacts);
    }
}
