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
import dev.tutti.conveyor.Lanes;
import dev.tutti.conveyor.Limits;
import dev.tutti.conveyor.Observer;
import dev.tutti.conveyor.Round;
import dev.tutti.decision.Aggregate;
import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Action;
import dev.tutti.flow.Condition;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Flows;
import dev.tutti.flow.StandardFlows;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import dev.tutti.fulfilment.Method;
import dev.tutti.hub.Hub;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelFlows;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.WorkCalendar;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.ShipGroup;
import dev.tutti.postgres.verify.Verification;
import dev.tutti.simulator.PaidFlow;
import dev.tutti.sourcing.Sourcing;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A small hub without a server: three nodes, two channels, and a conveyor that is driven by hand. */
final class TestHub implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
    /** Takes every order; what cannot be had waits. */
    static final int PATIENT_CHANNEL = 1;
    /** Refuses what cannot be had now. */
    static final int STRICT_CHANNEL = 2;
    /** Asks a service outside before anything else. */
    static final int ASKING_CHANNEL = 3;

    /** Whose orders are paid for here. */
    static final int PAYING_CHANNEL = 4;

    final Database database;
    final Conveyor<Aggregate, HubCommand, HubChange, PreparedChange> conveyor;

    TestHub(String url) {
        database = Database.open(url, 4);
        makeKnown();
        conveyor = newServer();
    }

    /** Another server's conveyor on the same database, which knows the stock as it is now. */
    Conveyor<Aggregate, HubCommand, HubChange, PreparedChange> newServer() {
        return newServer(database);
    }

    Conveyor<Aggregate, HubCommand, HubChange, PreparedChange> newServer(Database over) {
        Conveyor<Aggregate, HubCommand, HubChange, PreparedChange> server =
                new Conveyor<>(over.store(), new AvailabilityIndex(), Limits.STANDARD, Observer.NONE);
        database.stock().learn(server.index(), 0, Integer.MAX_VALUE);
        return server;
    }

    private void makeKnown() {
        List<Node> nodes = new ArrayList<>();
        for (int n = 1; n <= 3; n++) {
            nodes.add(new Node(
                    new NodeId(0),
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
        Audit audit = new Audit("test", "", NOW, "");
        Currency dollar = Currency.getInstance("USD");
        database.masterData().putNodes(nodes, audit);
        database.masterData()
                .putChannels(
                        List.of(new Channel(
                                new ChannelId(0), "patient", dollar, ChannelFlows.ofOrders("ship"), "", "")),
                        audit);
        database.masterData()
                .putChannels(
                        List.of(new Channel(
                                new ChannelId(0), "strict", dollar, ChannelFlows.ofOrders("ship-or-refuse"), "", "")),
                        audit);
        database.masterData()
                .putChannels(
                        List.of(new Channel(new ChannelId(0), "asking", dollar, ChannelFlows.ofOrders("ask"), "", "")),
                        audit);
        database.masterData()
                .putChannels(
                        List.of(new Channel(new ChannelId(0), "paying", dollar, ChannelFlows.ofOrders("paid"), "", "")),
                        audit);
    }

    private static Flow asking() {
        return new Flow(
                "ask",
                1,
                List.of(
                        new Step(
                                "ask",
                                Action.CALL,
                                "somebody",
                                List.of(
                                        new Step.Edge(Trigger.DONE, Condition.ALWAYS, "cancel"),
                                        new Step.Edge(
                                                new Trigger.After(Duration.ofDays(1)), Condition.ALWAYS, "cancel"))),
                        new Step(
                                "cancel",
                                Action.CANCEL,
                                List.of(new Step.Edge(Trigger.DONE, Condition.ALWAYS, "close"))),
                        new Step("close", Action.CLOSE, List.of())));
    }

    void stock(int item, int place, int units) {
        StockDocument count = new StockDocument(
                database.ids().next(),
                StockDocument.Kind.SNAPSHOT,
                "",
                List.of(StockChange.of(item, place, StockMove.COUNT, units)));
        answer(reply -> job(count.id(), true, new HubCommand.ForStock(count), List.of(), reply));
    }

    Job<Aggregate, HubCommand> place(
            int channel, String externalId, List<Integer> items, int quantity, Consumer<Answer<Aggregate>> reply) {
        long id = database.ids().next();
        OrderDraft draft = new OrderDraft(
                new OrderId(id),
                new ChannelId(channel),
                externalId,
                "",
                "USD",
                NOW,
                0,
                List.of(new ShipGroup(1, Method.SHIP, null, null, "US", "10001")),
                items.stream()
                        .map(item -> new OrderDraft.Line(item, quantity, 1, true, 1000, 0, 100))
                        .toList(),
                0,
                495,
                null,
                List.of(),
                new TreeMap<>());
        return job(
                id,
                true,
                new HubCommand.ForOrder(new OrderCommand.PlaceOrder(draft)),
                List.of(new KeyClaim(new Key(KeyKind.EXTERNAL_ORDER, channel + "|" + externalId), quantity, id)),
                reply);
    }

    Answer<Aggregate> place(int channel, String externalId, List<Integer> items, int quantity) {
        return answer(reply -> place(channel, externalId, items, quantity, reply));
    }

    Order command(Order order, OrderCommand command) {
        return done(
                answer(reply -> job(order.id().value(), false, new HubCommand.ForOrder(command), List.of(), reply)));
    }

    private static Job<Aggregate, HubCommand> job(
            long aggregate,
            boolean creates,
            HubCommand command,
            List<KeyClaim> keys,
            Consumer<Answer<Aggregate>> reply) {
        return new Job<>(Lane.INTERACTIVE, aggregate, creates, 0, command, keys, new Audit("test", "", NOW, ""), reply);
    }

    /** Makes a job, given where its answer goes. */
    interface JobWith {
        Job<Aggregate, HubCommand> reply(Consumer<Answer<Aggregate>> reply);
    }

    private Answer<Aggregate> answer(JobWith job) {
        List<Answer<Aggregate>> answers = new ArrayList<>();
        Lanes<Aggregate, HubCommand> lanes = new Lanes<>(Limits.STANDARD);
        lanes.offer(job.reply(answers::add));
        carry(conveyor, lanes);
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    /** Carries all that waits, until nothing does. */
    void carry(Conveyor<Aggregate, HubCommand, HubChange, PreparedChange> server, Lanes<Aggregate, HubCommand> lanes) {
        Hub hub = new Hub(
                database.masterData().network(),
                new Flows(
                        List.of(StandardFlows.shipAndWait(), StandardFlows.shipOrRefuse(), asking(), PaidFlow.flow())),
                new Sourcing());
        for (List<Job<Aggregate, HubCommand>> jobs = lanes.take(true); !jobs.isEmpty(); jobs = lanes.take(true)) {
            Round<Aggregate, HubCommand, HubChange, PreparedChange> round = server.round(hub, jobs, NOW);
            while (!round.finished()) {
                round.step();
            }
            lanes.giveBack(round.returned());
        }
    }

    static Order done(Answer<Aggregate> answer) {
        assertThat(answer).isInstanceOf(Answer.Done.class);
        return (Order) ((Answer.Done<Aggregate>) answer).next();
    }

    static @Nullable RefusalCode refusal(Answer<Aggregate> answer) {
        return answer instanceof Answer.Refused<Aggregate>(var refusal) ? refusal.code() : null;
    }

    /** The invariants that do not hold. */
    static List<Verification.Finding> violated(Database database, List<Long> acknowledged) {
        List<Verification.Finding> violated = new ArrayList<>();
        new Verification(database.dataSource()).run(acknowledged, finding -> {
            if (!finding.holds()) {
                violated.add(finding);
            }
        });
        return violated;
    }

    void assertInvariantsHold() {
        assertThat(violated(database, List.of())).isEmpty();
    }

    @Override
    public void close() {
        database.close();
    }
}
