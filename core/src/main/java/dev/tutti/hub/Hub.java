package dev.tutti.hub;

import dev.tutti.conveyor.Circumstances;
import dev.tutti.conveyor.Decision;
import dev.tutti.conveyor.Domain;
import dev.tutti.conveyor.Mark;
import dev.tutti.flow.Flows;
import dev.tutti.inventory.StockDocument;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDecision;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderFacts;
import dev.tutti.order.OrderId;
import dev.tutti.order.Orders;
import dev.tutti.sourcing.Sourcing;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Decides every command with one version of the configuration. Belongs to one thread, whose sourcing memory it uses. */
public final class Hub implements Domain<Order, HubCommand, HubChange> {
    private final Network network;
    private final Flows flows;
    private final Sourcing sourcing;

    public Hub(Network network, Flows flows, Sourcing sourcing) {
        this.network = network;
        this.flows = flows;
        this.sourcing = sourcing;
    }

    @Override
    public int version(Order order) {
        return order.version();
    }

    @Override
    public @Nullable Mark mark(HubCommand command) {
        return command instanceof HubCommand.ForOrder(OrderCommand.PlaceOrder(OrderDraft draft))
                ? Alike.mark(draft, duplicatesWithin(draft))
                : null;
    }

    private Duration duplicatesWithin(OrderDraft draft) {
        Channel channel = network.channel(draft.channel());
        return channel == null ? Duration.ZERO : channel.duplicatesWithin();
    }

    @Override
    public Decision<Order, HubChange> decide(@Nullable Order order, HubCommand command, Circumstances around) {
        return switch (command) {
            case HubCommand.ForOrder(OrderCommand forOrder) -> decide(order, forOrder, around);
            case HubCommand.ForStock(StockDocument document) ->
                new Decision.Accepted<>(
                        null,
                        new HubChange.StockPosted(document),
                        document.changes(),
                        1 + document.changes().size());
        };
    }

    private Decision<Order, HubChange> decide(@Nullable Order order, OrderCommand command, Circumstances around) {
        OrderId duplicateOf = command instanceof OrderCommand.PlaceOrder(OrderDraft draft)
                ? Alike.first(draft, duplicatesWithin(draft), around.alike())
                : null;
        OrderFacts facts = new OrderFacts(around.now(), network, flows, around.supply(), sourcing, duplicateOf);
        return switch (Orders.decide(order, command, facts)) {
            case OrderDecision.Refused(var refusal) -> new Decision.Refused<>(refusal);
            case OrderDecision.Accepted a ->
                new Decision.Accepted<>(
                        a.next(),
                        new HubChange.OrderChanged(
                                order, a.next(), command, a.events(), a.due(), a.sourcing(), a.contacts()),
                        a.claims(),
                        a.events().isEmpty()
                                ? 0
                                : 3 + a.next().lines().size() + a.claims().size());
        };
    }
}
