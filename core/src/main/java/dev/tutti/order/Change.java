package dev.tutti.order;

import dev.tutti.flow.Flow;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.order.OrderEvent.UnitsFrom;
import dev.tutti.sourcing.SourcingPlan;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

    /** Claims what a parcel takes: its units, and the node's capacity on the day it leaves. */
    void claim(SourcingPlan.Parcel parcel) {
        int units = 0;
        for (LineQuantity part : parcel.lines()) {
            claim(part.line(), parcel.node(), StockMove.RESERVE, part.quantity());
            units += part.quantity();
        }
        LocalDate day = parcel.capacityDay();
        if (day != null) {
            PositionKey capacity = PositionKey.ofDay(parcel.node(), day);
            // The first to claim of a day says what the node can do. Later changes are the network's, not an order's.
            int limit = capacityOf(parcel.node());
            if (facts.supply().balance(capacity).version() == 0) {
                claims.add(new StockChange(capacity, StockMove.CAP, limit));
            }
            claims.add(new StockChange(capacity, StockMove.RESERVE, units));
        }
    }

    private int capacityOf(NodeId id) {
        Node node = facts.network().node(id.value());
        return node == null ? 0 : node.dailyCapacity();
    }

    /** Gives up what nodes hold of these units, and the capacity they would have taken up there. */
    void giveBack(List<UnitsFrom> units, StockMove move) {
        Map<Integer, Integer> byWork = new TreeMap<>();
        for (UnitsFrom part : units) {
            if (part.from().holdsStock()) {
                claim(part.line(), work(part.fulfilmentOrder()).node(), move, part.quantity());
                byWork.merge(part.fulfilmentOrder(), part.quantity(), Integer::sum);
            }
        }
        byWork.forEach((number, sum) -> {
            FulfilmentOrder work = work(number);
            @Nullable LocalDate day = work.capacityDay();
            if (day != null) {
                claims.add(new StockChange(PositionKey.ofDay(work.node(), day), StockMove.RELEASE, sum));
            }
        });
    }

    private FulfilmentOrder work(int number) {
        return order.fulfilmentOrders().get(number - 1);
    }

    void sourced(SourcingPlan plan) {
        sourcing.add(plan);
    }

    /** Whether the newest run found the line's units, but no node that could take them on. */
    boolean lacksCapacity(int line) {
        return !sourcing.isEmpty()
                && sourcing.getLast().lackingCapacity().stream().anyMatch(part -> part.line() == line);
    }

    boolean isPlacing() {
        return !events.isEmpty() && events.getFirst() instanceof OrderEvent.OrderPlaced;
    }

    OrderDecision accepted() {
        return accepted(List.of());
    }

    OrderDecision accepted(List<Contact> contacts) {
        boolean forgotten = !order.closed() && order.exception() == null && FlowRun.nextDue(order, facts) == null;
        if (forgotten) {
            happens(new OrderEvent.ExceptionOpened("it waits at " + order.flow().step() + ", and no timer runs"));
        }
        return new OrderDecision.Accepted(order, events, claims, FlowRun.nextDue(order, facts), sourcing, contacts);
    }
}
