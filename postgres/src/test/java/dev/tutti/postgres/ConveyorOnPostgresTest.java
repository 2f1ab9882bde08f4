package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Conveyor;
import dev.tutti.conveyor.Job;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.conveyor.Limits;
import dev.tutti.conveyor.Observer;
import dev.tutti.conveyor.Round;
import dev.tutti.flow.Flows;
import dev.tutti.flow.StandardFlows;
import dev.tutti.fulfilment.Method;
import dev.tutti.hub.Hub;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.WorkCalendar;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.OrderStatus;
import dev.tutti.order.ShipGroup;
import dev.tutti.sourcing.Sourcing;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The core's conveyor on the real database. */
class ConveyorOnPostgresTest {
    private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

    private Database database;
    private Conveyor<Order, HubCommand, HubChange, PreparedChange> conveyor;

    @BeforeEach
    void open() {
        database = Database.open(TestDatabase.fresh(), 4);
        conveyor = new Conveyor<>(database.store(), new AvailabilityIndex(), Limits.STANDARD, Observer.NONE);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void placesPicksPacksAndShipsAnOrder() {
        stock(7, 1, 10);
        Order placed = done(place("A-1", 7, 3));
        assertThat(placed.status()).isEqualTo(OrderStatus.RELEASED);
        done(order(placed, new OrderCommand.PickUnits(1, List.of())));
        done(order(placed, new OrderCommand.PackUnits(1, List.of())));
        Order shipped = done(order(placed, new OrderCommand.HandOver(1, List.of(), "UPS", "1Z")));
        assertThat(shipped.status()).isEqualTo(OrderStatus.FULFILLED);
        assertThat(shipped.closed()).isTrue();
        assertThat(database.store().load(new java.util.TreeSet<>(List.of(placed.id().value()))))
                .containsEntry(placed.id().value(), shipped);
    }

    private void stock(int item, int place, int units) {
        long id = database.ids().next();
        StockDocument count = new StockDocument(
                id,
                StockDocument.Kind.SNAPSHOT,
                "",
                List.of(StockChange.of(item, place, StockMove.COUNT, units)));
        answer(job(id, true, new HubCommand.ForStock(count), List.of()));
    }

    private Job<Order, HubCommand> place(String externalId, int item, int quantity) {
        long id = database.ids().next();
        OrderDraft draft = new OrderDraft(
                new OrderId(id),
                new ChannelId(1),
                externalId,
                "",
                "USD",
                NOW,
                0,
                List.of(new ShipGroup(1, Method.SHIP, null, null, "US", "10001")),
                List.of(new OrderDraft.Line(item, quantity, 1, true, 1000, 0, 0)),
                0,
                0,
                null,
                List.of(),
                new TreeMap<>());
        return job(
                id,
                true,
                new HubCommand.ForOrder(new OrderCommand.PlaceOrder(draft)),
                List.of(new KeyClaim(new Key(KeyKind.EXTERNAL_ORDER, "1|" + externalId), quantity, id)));
    }

    private final List<Answer<Order>> answers = new ArrayList<>();

    private Job<Order, HubCommand> order(Order order, OrderCommand command) {
        return job(order.id().value(), false, new HubCommand.ForOrder(command), List.of());
    }

    private Job<Order, HubCommand> job(long aggregate, boolean creates, HubCommand command, List<KeyClaim> keys) {
        return new Job<>(
                Lane.INTERACTIVE, aggregate, creates, command, keys, new Audit("test", "", NOW, ""), answers::add);
    }

    private Answer<Order> answer(Job<Order, HubCommand> job) {
        answers.clear();
        Round<Order, HubCommand, HubChange, PreparedChange> round = conveyor.round(hub(), List.of(job), NOW);
        while (!round.finished()) {
            round.step();
        }
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    private Order done(Job<Order, HubCommand> job) {
        Answer<Order> answer = answer(job);
        assertThat(answer).isInstanceOf(Answer.Done.class);
        return ((Answer.Done<Order>) answer).next();
    }

    private static Hub hub() {
        List<Node> nodes = new ArrayList<>();
        for (int n = 1; n <= 3; n++) {
            nodes.add(new Node(
                    new NodeId(n),
                    "N" + n,
                    NodeType.STORE,
                    null,
                    WorkCalendar.everyDay(ZoneOffset.UTC, LocalTime.of(15, 0)),
                    Node.UNLIMITED,
                    NodeCosts.PUBLISHED,
                    "",
                    true,
                    true,
                    true,
                    new TreeMap<>()));
        }
        Channel channel = new Channel(new ChannelId(1), "web", Currency.getInstance("USD"), "ship", "", "");
        return new Hub(
                new Network(1, nodes, List.of(channel)),
                new Flows(List.of(StandardFlows.shipAndWait())),
                new Sourcing());
    }
}
