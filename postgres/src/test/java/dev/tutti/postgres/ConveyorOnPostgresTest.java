package dev.tutti.postgres;

import static dev.tutti.postgres.TestHub.PATIENT_CHANNEL;
import static dev.tutti.postgres.TestHub.STRICT_CHANNEL;
import static dev.tutti.postgres.TestHub.done;
import static dev.tutti.postgres.TestHub.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Conveyor;
import dev.tutti.conveyor.Lanes;
import dev.tutti.conveyor.Limits;
import dev.tutti.decision.Aggregate;
import dev.tutti.decision.RefusalCode;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The core's conveyor on the real database. */
class ConveyorOnPostgresTest {
    private TestHub hub;
    private final List<Answer<Aggregate>> answers = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void open() {
        hub = new TestHub(TestDatabase.fresh());
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void placesPicksPacksAndShipsAnOrder() {
        hub.stock(7, 1, 10);
        Order placed = done(hub.place(PATIENT_CHANNEL, "A-1", List.of(7), 3));
        assertThat(placed.status()).isEqualTo(OrderStatus.RELEASED);
        hub.command(placed, new OrderCommand.PickUnits(1, List.of()));
        hub.command(placed, new OrderCommand.PackUnits(1, List.of()));
        Order shipped = hub.command(placed, new OrderCommand.HandOver(1, List.of(), "UPS", "1Z"));
        assertThat(shipped.status()).isEqualTo(OrderStatus.FULFILLED);
        assertThat(shipped.closed()).isTrue();
        assertThat(hub.database.store().load(new TreeSet<>(List.of(placed.id().value()))))
                .containsEntry(placed.id().value(), shipped);
        hub.assertInvariantsHold();
    }

    @Test
    void sellsExactlyWhatIsThereWhenTwoServersMeetOnTheSameRowsInOppositeOrder() throws Exception {
        for (int item = 1; item <= 10; item++) {
            hub.stock(item, 1, 100);
        }
        onTwoServers((number, lanes) -> {
            for (int i = 0; i < 400; i++) {
                List<Integer> items = List.of(1 + i % 10, 1 + (i + (number == 0 ? 1 : 9)) % 10);
                lanes.offer(hub.place(STRICT_CHANNEL, number + "-" + i, items, 1, answers::add));
            }
        });
        assertThat(answers).hasSize(800);
        assertThat(answers.stream().filter(Answer.Done.class::isInstance)).hasSize(500);
        assertThat(answers.stream().filter(a -> refusal(a) == RefusalCode.INSUFFICIENT_SUPPLY))
                .hasSize(300);
        hub.assertInvariantsHold();
    }

    @Test
    void checksTwoLinesOfOneItemTogether() {
        hub.stock(7, 1, 3);
        assertThat(refusal(hub.place(STRICT_CHANNEL, "A", List.of(7, 7), 2)))
                .isEqualTo(RefusalCode.INSUFFICIENT_SUPPLY);
        assertThat(hub.place(STRICT_CHANNEL, "B", List.of(7, 7), 1)).isInstanceOf(Answer.Done.class);
        hub.assertInvariantsHold();
    }

    @Test
    void dropsThePoisonedOrderAndCommitsTheOthers() {
        hub.stock(7, 1, 10);
        Lanes<Aggregate, HubCommand> lanes = new Lanes<>(Limits.STANDARD);
        for (int i = 0; i < 9; i++) {
            lanes.offer(hub.place(STRICT_CHANNEL, i == 4 ? "nul\0" : "A" + i, List.of(7), 1, answers::add));
        }
        hub.carry(hub.conveyor, lanes);
        assertThat(answers).hasSize(9);
        assertThat(answers.stream().filter(Answer.Done.class::isInstance)).hasSize(8);
        assertThat(answers.stream().filter(a -> refusal(a) == RefusalCode.NOT_STORABLE))
                .hasSize(1);
        hub.assertInvariantsHold();
    }

    @Test
    void takesAnOrderOnceThoughItArrivesAtTwoServersAndTwiceAtEach() throws Exception {
        hub.stock(7, 1, 1000);
        onTwoServers((number, lanes) -> {
            for (int i = 0; i < 200; i++) {
                lanes.offer(hub.place(PATIENT_CHANNEL, "same-" + i, List.of(7), 1, answers::add));
                lanes.offer(hub.place(PATIENT_CHANNEL, "same-" + i, List.of(7), 1, answers::add));
            }
        });
        assertThat(answers).hasSize(800);
        assertThat(answers.stream().filter(Answer.Done.class::isInstance)).hasSize(200);
        assertThat(answers.stream().filter(Answer.Repeated.class::isInstance)).hasSize(600);
        hub.assertInvariantsHold();
    }

    @Test
    void refusesAKeyThatComesAgainWithAnotherContent() {
        hub.stock(7, 1, 10);
        assertThat(hub.place(PATIENT_CHANNEL, "A", List.of(7), 1)).isInstanceOf(Answer.Done.class);
        assertThat(refusal(hub.place(PATIENT_CHANNEL, "A", List.of(7), 2))).isEqualTo(RefusalCode.KEY_REUSED);
    }

    @Test
    void findsOutWhatBecameOfACommitWhoseAnswerIsLost() throws Exception {
        hub.close();
        String url = TestDatabase.fresh();
        hub = new TestHub(url);
        hub.stock(7, 1, 10);
        try (CuttingProxy proxy = new CuttingProxy(TestDatabase.port());
                Database cut = Database.open(url.replace(":" + TestDatabase.port(), ":" + proxy.port()), 2)) {
            for (CuttingProxy.Cut where : List.of(CuttingProxy.Cut.AFTER_COMMIT, CuttingProxy.Cut.BEFORE_COMMIT)) {
                Lanes<Aggregate, HubCommand> lanes = new Lanes<>(Limits.STANDARD);
                lanes.offer(hub.place(STRICT_CHANNEL, "cut-" + where.ordinal(), List.of(7), 1, answers::add));
                proxy.cutNext(where);
                hub.carry(hub.newServer(cut), lanes);
            }
            assertThat(answers).hasSize(2).allMatch(Answer.Done.class::isInstance);
            assertThat(hub.database.reads().orderByKey("EXTERNAL_ORDER", "2|cut-1"))
                    .isPositive();
            assertThat(hub.database.reads().orderByKey("EXTERNAL_ORDER", "2|cut-2"))
                    .isPositive();
            hub.assertInvariantsHold();
        }
    }

    /** Two servers, each with its own thread and its own picture of the stock, carry what is put on their lanes. */
    private void onTwoServers(BiConsumer<Integer, Lanes<Aggregate, HubCommand>> offer) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int server = 0; server < 2; server++) {
            int number = server;
            Conveyor<Aggregate, HubCommand, HubChange, PreparedChange> own = hub.newServer();
            threads.add(Thread.ofPlatform().start(() -> {
                Lanes<Aggregate, HubCommand> lanes = new Lanes<>(Limits.STANDARD);
                offer.accept(number, lanes);
                hub.carry(own, lanes);
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
