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
import dev.tutti.decision.RefusalCode;
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
import dev.tutti.postgres.verify.Verification;
import dev.tutti.sourcing.Sourcing;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
        makeKnown(database);
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

    @Test
    void sellsExactlyWhatIsThereWhenTwoServersMeetOnTheSameRowsInOppositeOrder() throws Exception {
        for (int item = 1; item <= 10; item++) {
            stock(item, 1, 100);
        }
        List<Thread> threads = new ArrayList<>();
        List<Answer<Order>> all = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int server = 0; server < 2; server++) {
            boolean upwards = server == 0;
            Conveyor<Order, HubCommand, HubChange, PreparedChange> own =
                    new Conveyor<>(database.store(), new AvailabilityIndex(), Limits.STANDARD, Observer.NONE);
            database.stock().learn(own.index(), 0, 100);
            int number = server;
            threads.add(Thread.ofPlatform().start(() -> {
                Lanes<Order, HubCommand> lanes = new Lanes<>(Limits.STANDARD);
                for (int i = 0; i < 400; i++) {
                    int first = 1 + i % 10;
                    int second = 1 + (i + (upwards ? 1 : 9)) % 10;
                    lanes.offer(place(number + "-" + i, List.of(first, second), 1, "drop", all::add));
                }
                carry(own, lanes);
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(all).hasSize(800);
        assertThat(all.stream().filter(Answer.Done.class::isInstance)).hasSize(500);
        assertThat(all.stream().filter(a -> refusal(a) == RefusalCode.INSUFFICIENT_SUPPLY)).hasSize(300);
        assertInvariantsHold();
    }

    @Test
    void checksTwoLinesOfOneItemTogether() {
        stock(7, 1, 3);
        assertThat(refusal(answer(place("A", List.of(7, 7), 2, "drop", answers::add))))
                .isEqualTo(RefusalCode.INSUFFICIENT_SUPPLY);
        assertThat(answer(place("B", List.of(7, 7), 1, "drop", answers::add))).isInstanceOf(Answer.Done.class);
        assertInvariantsHold();
    }

    @Test
    void dropsThePoisonedOrderAndCommitsTheOthers() {
        stock(7, 1, 10);
        Lanes<Order, HubCommand> lanes = new Lanes<>(Limits.STANDARD);
        answers.clear();
        for (int i = 0; i < 9; i++) {
            lanes.offer(place(i == 4 ? "nul\0" : "A" + i, List.of(7), 1, "drop", answers::add));
        }
        carry(conveyor, lanes);
        assertThat(answers).hasSize(9);
        assertThat(answers.stream().filter(Answer.Done.class::isInstance)).hasSize(8);
        assertThat(answers.stream().filter(a -> refusal(a) == RefusalCode.NOT_STORABLE)).hasSize(1);
        assertInvariantsHold();
    }

    @Test
    void takesAnOrderOnceThoughItArrivesAtTwoServersAndTwiceAtOne() throws Exception {
        stock(7, 1, 1000);
        List<Answer<Order>> all = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int server = 0; server < 2; server++) {
            Conveyor<Order, HubCommand, HubChange, PreparedChange> own =
                    new Conveyor<>(database.store(), new AvailabilityIndex(), Limits.STANDARD, Observer.NONE);
            database.stock().learn(own.index(), 0, 100);
            threads.add(Thread.ofPlatform().start(() -> {
                Lanes<Order, HubCommand> lanes = new Lanes<>(Limits.STANDARD);
                for (int i = 0; i < 200; i++) {
                    lanes.offer(place("same-" + i, List.of(7), 1, "ship", all::add));
                    lanes.offer(place("same-" + i, List.of(7), 1, "ship", all::add));
                }
                carry(own, lanes);
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(all).hasSize(800);
        assertThat(all.stream().filter(Answer.Done.class::isInstance)).hasSize(200);
        assertThat(all.stream().filter(Answer.Repeated.class::isInstance)).hasSize(600);
        assertInvariantsHold();
    }

    @Test
    void refusesAKeyThatComesAgainWithAnotherContent() {
        stock(7, 1, 10);
        assertThat(answer(place("A", List.of(7), 1, "ship", answers::add))).isInstanceOf(Answer.Done.class);
        assertThat(refusal(answer(place("A", List.of(7), 2, "ship", answers::add))))
                .isEqualTo(RefusalCode.KEY_REUSED);
    }

    @Test
    void findsOutWhatBecameOfACommitWhoseAnswerIsLost() throws Exception {
        String url = TestDatabase.fresh();
        try (CuttingProxy proxy = new CuttingProxy(TestDatabase.port());
                Database direct = Database.open(url, 1);
                Database cut = Database.open(url.replace(":" + TestDatabase.port(), ":" + proxy.port()), 2)) {
            database.close();
            database = direct;
            makeKnown(database);
            stockBy(new Conveyor<>(direct.store(), new AvailabilityIndex(), Limits.STANDARD, Observer.NONE));
            for (CuttingProxy.Cut where : List.of(CuttingProxy.Cut.AFTER_COMMIT, CuttingProxy.Cut.BEFORE_COMMIT)) {
                Conveyor<Order, HubCommand, HubChange, PreparedChange> own =
                        new Conveyor<>(cut.store(), new AvailabilityIndex(), Limits.STANDARD, Observer.NONE);
                direct.stock().learn(own.index(), 0, 100);
                Lanes<Order, HubCommand> lanes = new Lanes<>(Limits.STANDARD);
                answers.clear();
                lanes.offer(place("cut-" + where.ordinal(), List.of(7), 1, "drop", answers::add));
                proxy.cutNext(where);
                carry(own, lanes);
                assertThat(answers).hasSize(1);
                assertThat(answers.getFirst()).isInstanceOf(Answer.Done.class);
            }
            direct.stock().learn(conveyor.index(), 0, 100);
            assertThat(direct.reads().orderByKey("EXTERNAL_ORDER", "2|cut-2")).isPositive();
            assertThat(direct.reads().orderByKey("EXTERNAL_ORDER", "2|cut-1")).isPositive();
            assertInvariantsHold();
        }
    }

    private void stockBy(Conveyor<Order, HubCommand, HubChange, PreparedChange> by) {
        conveyor = by;
        stock(7, 1, 10);
    }

    private void assertInvariantsHold() {
        List<Verification.Finding> violated = new ArrayList<>();
        new Verification(database.dataSource()).run(List.of(), finding -> {
            if (!finding.holds()) {
                violated.add(finding);
            }
        });
        assertThat(violated).isEmpty();
    }

    private static @Nullable RefusalCode refusal(Answer<Order> answer) {
        return answer instanceof Answer.Refused<Order>(var refusal) ? refusal.code() : null;
    }

    /** Carries all that waits, until nothing does. */
    private void carry(
            Conveyor<Order, HubCommand, HubChange, PreparedChange> conveyor, Lanes<Order, HubCommand> lanes) {
        Hub hub = hub();
        for (List<Job<Order, HubCommand>> jobs = lanes.take(); !jobs.isEmpty(); jobs = lanes.take()) {
            Round<Order, HubCommand, HubChange, PreparedChange> round = conveyor.round(hub, jobs, NOW);
            while (!round.finished()) {
                round.step();
            }
            lanes.giveBack(round.returned());
        }
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
        return place(externalId, List.of(item), quantity, "ship", answers::add);
    }

    private Job<Order, HubCommand> place(
            String externalId, List<Integer> items, int quantity, String channel, Consumer<Answer<Order>> reply) {
        int channelId = channel.equals("ship") ? 1 : 2;
        long id = database.ids().next();
        OrderDraft draft = new OrderDraft(
                new OrderId(id),
                new ChannelId(channelId),
                externalId,
                "",
                "USD",
                NOW,
                0,
                List.of(new ShipGroup(1, Method.SHIP, null, null, "US", "10001")),
                items.stream()
                        .map(item -> new OrderDraft.Line(item, quantity, 1, true, 1000, 0, 0))
                        .toList(),
                0,
                0,
                null,
                List.of(),
                new TreeMap<>());
        return new Job<>(
                Lane.INTERACTIVE,
                id,
                true,
                new HubCommand.ForOrder(new OrderCommand.PlaceOrder(draft)),
                List.of(new KeyClaim(new Key(KeyKind.EXTERNAL_ORDER, channelId + "|" + externalId), quantity, id)),
                new Audit("test", "", NOW, ""),
                reply);
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
        Lanes<Order, HubCommand> lanes = new Lanes<>(Limits.STANDARD);
        lanes.offer(job);
        carry(conveyor, lanes);
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    private Order done(Job<Order, HubCommand> job) {
        Answer<Order> answer = answer(job);
        assertThat(answer).isInstanceOf(Answer.Done.class);
        return ((Answer.Done<Order>) answer).next();
    }

    private static void makeKnown(Database database) {
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
        database.masterData().putNodes(nodes, audit);
        Currency dollar = Currency.getInstance("USD");
        database.masterData().putChannels(List.of(new Channel(new ChannelId(0), "web", dollar, "ship", "", "")), audit);
        database.masterData()
                .putChannels(
                        List.of(new Channel(new ChannelId(0), "drop", dollar, "ship-or-refuse", "", "")), audit);
    }

    private Hub hub() {
        return new Hub(
                database.masterData().network(),
                new Flows(List.of(StandardFlows.shipAndWait(), StandardFlows.shipOrRefuse())),
                new Sourcing());
    }
}
