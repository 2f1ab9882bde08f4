package dev.tutti.simulator.contract;

import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Store.Posting;
import dev.tutti.flow.Flows;
import dev.tutti.flow.Journey;
import dev.tutti.flow.StandardFlows;
import dev.tutti.fulfilment.Method;
import dev.tutti.hub.HubChange;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Guard;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelFlows;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.WorkCalendar;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDecision;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderFacts;
import dev.tutti.order.OrderId;
import dev.tutti.order.Orders;
import dev.tutti.order.ShipGroup;
import dev.tutti.sourcing.Sourcing;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Changes as the core really makes them, for cases to write. */
final class Samples {
    static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
    static final Audit AUDIT = new Audit("contract", "test", NOW, "");

    private static final Flows FLOWS = new Flows(List.of(StandardFlows.shipAndWait()));
    private static final Network NETWORK = new Network(
            1,
            List.of(node(1), node(2), node(3)),
            List.of(new Channel(
                    new ChannelId(1), "web", Currency.getInstance("EUR"), ChannelFlows.ofOrders("ship"), "", "")));

    private Samples() {}

    /** A new order that finds no stock and waits for it. */
    static HubChange.OrderChanged placed(long id, int... items) {
        List<OrderDraft.Line> lines = new ArrayList<>();
        for (int item : items) {
            lines.add(new OrderDraft.Line(item, 1, 1, true, 100, 0, 0));
        }
        OrderDraft draft = new OrderDraft(
                new OrderId(id),
                new ChannelId(1),
                "X" + id,
                "",
                "EUR",
                NOW,
                0,
                List.of(new ShipGroup(1, Method.SHIP, null, null, "DE", "10115")),
                lines,
                0,
                0,
                null,
                List.of(),
                new TreeMap<>());
        return changed(null, new OrderCommand.PlaceOrder(draft));
    }

    /** The stock it waits for is said to have come; it looks, finds none and waits on. */
    static HubChange.OrderChanged signalled(Order order) {
        return changed(order, new OrderCommand.Signal(Journey.ORDER, "supply-arrived"));
    }

    static HubChange.OrderChanged cancelled(Order order, String reason) {
        return changed(order, new OrderCommand.CancelUnits(List.of(), reason));
    }

    private static HubChange.OrderChanged changed(@Nullable Order before, OrderCommand command) {
        OrderFacts facts = new OrderFacts(NOW, NETWORK, FLOWS, new AvailabilityIndex(), new Sourcing(), null, null);
        if (!(Orders.decide(before, command, facts) instanceof OrderDecision.Accepted a)) {
            throw new AssertionError("a sample must be a valid command");
        }
        return new HubChange.OrderChanged(before, a.next(), command, a.events(), a.due(), a.sourcing(), a.contacts());
    }

    static HubChange.StockPosted posted(long id, StockChange... changes) {
        return new HubChange.StockPosted(new StockDocument(id, StockDocument.Kind.SNAPSHOT, "", List.of(changes)));
    }

    /** The ledger entries of changes on locked balances, made by the guard. */
    static List<Posting> postings(Map<PositionKey, Position> locked, long cause, StockChange... changes) {
        return postings(new Guard(locked), cause, changes);
    }

    static List<Posting> postings(Guard guard, long cause, StockChange... changes) {
        Expectation.that(guard.admit(List.of(changes)) == null, "the sample is admitted");
        return guard.entries().stream().map(entry -> new Posting(entry, cause)).toList();
    }

    private static Node node(int number) {
        return new Node(
                new NodeId(number),
                "N" + number,
                NodeType.STORE,
                null,
                WorkCalendar.everyDay(ZoneOffset.UTC, LocalTime.of(15, 0)),
                Node.UNLIMITED,
                NodeCosts.PUBLISHED,
                "",
                true,
                true,
                true,
                new TreeMap<>());
    }
}
