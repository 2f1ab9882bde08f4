package dev.tutti.hub;

import dev.tutti.conveyor.Circumstances;
import dev.tutti.conveyor.Decision;
import dev.tutti.conveyor.Domain;
import dev.tutti.conveyor.Mark;
import dev.tutti.decision.Aggregate;
import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Flows;
import dev.tutti.inbound.InboundCommand;
import dev.tutti.inbound.InboundDecision;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.inbound.Inbounds;
import dev.tutti.inventory.Fencing;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.Waking;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDecision;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderFacts;
import dev.tutti.order.OrderId;
import dev.tutti.order.Orders;
import dev.tutti.reservation.Reservation;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.reservation.ReservationDecision;
import dev.tutti.reservation.ReservationFacts;
import dev.tutti.reservation.Reservations;
import dev.tutti.sourcing.Sourcing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides every command with one version of the configuration. Belongs to one thread, whose sourcing memory it uses. */
public final class Hub implements Domain<Aggregate, HubCommand, HubChange> {
    /** Whoever says when a thing happened says so a little later. */
    private static final Duration STILL_NEWS = Duration.ofMinutes(10);

    private final Network network;
    private final Flows flows;
    private final Sourcing sourcing;

    public Hub(Network network, Flows flows, Sourcing sourcing) {
        this.network = network;
        this.flows = flows;
        this.sourcing = sourcing;
    }

    @Override
    public int version(Aggregate aggregate) {
        return aggregate.version();
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
    public Decision<Aggregate, HubChange> decide(
            @Nullable Aggregate state, HubCommand command, Circumstances<Aggregate> around) {
        return switch (command) {
            case HubCommand.ForOrder(OrderCommand forOrder) -> decide((Order) state, forOrder, around);
            case HubCommand.ForReservation(ReservationCommand forReservation) ->
                decide((Reservation) state, forReservation, around);
            case HubCommand.ForInbound(InboundCommand forInbound) ->
                decide((InboundShipment) state, forInbound, around);
            case HubCommand.ForStock(StockDocument document) -> decide(document, around);
        };
    }

    private static Decision<Aggregate, HubChange> decide(StockDocument document, Circumstances<Aggregate> around) {
        PositionKey lacking = document.kind() == StockDocument.Kind.FENCE
                ? Fencing.lacking(document.changes(), around.stock())
                : null;
        if (lacking != null) {
            return new Decision.Refused<>(Refusal.of(RefusalCode.INSUFFICIENT_SUPPLY, Fencing.sentence(lacking)));
        }
        if (document.kind() == StockDocument.Kind.CONVERSION && !around.stock().isShown()) {
            return new Decision.Refused<>(Refusal.of(
                    RefusalCode.INSUFFICIENT_SUPPLY,
                    "there are not so many units in that condition, or they were counted since"));
        }
        List<StockChange> changes = withKept(document.changes(), around);
        return new Decision.Accepted<>(null, new HubChange.StockPosted(document), changes, 1 + changes.size());
    }

    /** What comes, and that it is kept for those who wait. */
    private static List<StockChange> withKept(List<StockChange> coming, Circumstances<Aggregate> around) {
        List<StockChange> changes = new ArrayList<>(coming);
        // What is told late may not be there any more; nobody knows before the guard has said so.
        Instant since = around.losses() == 0 ? around.now().minus(STILL_NEWS) : Instant.MAX;
        changes.addAll(Waking.keeping(coming, around.stock(), since));
        return changes;
    }

    /** More than a position can hold. */
    private static boolean isTooMuch(List<StockChange> coming, Circumstances<Aggregate> around) {
        return coming.stream()
                .anyMatch(change ->
                        (long) around.stock().balance(change.position()).onHand() + change.quantity() > Position.MOST);
    }

    private static Decision<Aggregate, HubChange> decide(
            @Nullable InboundShipment shipment, InboundCommand command, Circumstances<Aggregate> around) {
        return switch (Inbounds.decide(shipment, command, around.now())) {
            case InboundDecision.Refused(var refusal) -> new Decision.Refused<>(refusal);
            case InboundDecision.Accepted(InboundShipment next, List<StockChange> coming) -> {
                if (isTooMuch(coming, around)) {
                    yield new Decision.Refused<>(Refusal.of(
                            RefusalCode.INVALID_FIELD, "with it there would be more than " + Position.MOST + " units"));
                }
                List<StockChange> changes = withKept(coming, around);
                yield new Decision.Accepted<>(
                        next,
                        new HubChange.InboundChanged(next, command),
                        changes,
                        next.equals(shipment) ? 0 : 2 + next.lines().size() + changes.size());
            }
        };
    }

    private Decision<Aggregate, HubChange> decide(
            @Nullable Order order, OrderCommand command, Circumstances<Aggregate> around) {
        OrderId duplicateOf = command instanceof OrderCommand.PlaceOrder(OrderDraft draft)
                ? Alike.first(draft, duplicatesWithin(draft), around.alike())
                : null;
        OrderFacts facts = new OrderFacts(
                around.now(), network, flows, around.stock(), sourcing, duplicateOf, (Reservation) around.other());
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
                                : 3 + a.next().lines().size() + a.claims().size(),
                        a.reservation() == null
                                ? null
                                : new Decision.Other<>(
                                        a.reservation(), HubChange.ReservationChanged.to(a.reservation())));
        };
    }

    private Decision<Aggregate, HubChange> decide(
            @Nullable Reservation reservation, ReservationCommand command, Circumstances<Aggregate> around) {
        ReservationFacts facts = new ReservationFacts(around.now(), network, around.stock(), sourcing);
        return switch (Reservations.decide(reservation, command, facts)) {
            case ReservationDecision.Refused(var refusal) -> new Decision.Refused<>(refusal);
            case ReservationDecision.Accepted(Reservation next, List<StockChange> claims) ->
                new Decision.Accepted<>(
                        next,
                        HubChange.ReservationChanged.to(next),
                        claims,
                        next.equals(reservation) ? 0 : 2 + claims.size());
        };
    }
}
