package dev.tutti.postgres;

import static dev.tutti.postgres.TestHub.ASKING_CHANNEL;
import static dev.tutti.postgres.TestHub.PATIENT_CHANNEL;
import static dev.tutti.postgres.TestHub.PAYING_CHANNEL;
import static dev.tutti.postgres.TestHub.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.network.NodeId;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.postgres.verify.Verification;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each invariant, violated by hand, is found. */
class VerificationTest {
    private static final String LIVED = TestDatabase.lived(VerificationTest::live);

    /** Orders that are new, half picked, shipped and partly returned, partly cancelled, and waiting for stock. */
    private static void live(String url) {
        try (TestHub hub = new TestHub(url)) {
            hub.stock(7, 1, 100);
            hub.stock(8, 2, 100);
            for (int i = 0; i < 5; i++) {
                done(hub.place(PATIENT_CHANNEL, "new-" + i, List.of(7, 8), 2));
            }
            Order shipped = done(hub.place(PATIENT_CHANNEL, "shipped", List.of(7), 3));
            hub.command(shipped, new OrderCommand.PickUnits(1, List.of()));
            hub.command(shipped, new OrderCommand.PackUnits(1, List.of()));
            hub.command(shipped, new OrderCommand.HandOver(1, List.of(), "UPS", "1Z"));
            hub.command(
                    shipped,
                    new OrderCommand.ReturnUnits(List.of(new LineQuantity(1, 1)), new NodeId(1), true, "too small"));
            Order picked = done(hub.place(PATIENT_CHANNEL, "picked", List.of(7), 3));
            hub.command(picked, new OrderCommand.PickUnits(1, List.of(new LineQuantity(1, 1))));
            Order cancelled = done(hub.place(PATIENT_CHANNEL, "cancelled", List.of(8), 3));
            hub.command(cancelled, new OrderCommand.CancelUnits(List.of(new LineQuantity(1, 2)), "changed my mind"));
            done(hub.place(PATIENT_CHANNEL, "waiting", List.of(9), 1));
            done(hub.place(ASKING_CHANNEL, "asking", List.of(7), 1));
            Order answered = done(hub.place(ASKING_CHANNEL, "answered", List.of(7), 1));
            hub.command(answered, new OrderCommand.AnswerEffect(1, true, new TreeMap<>(Map.of("risk", "low")), ""));
            Order paid = done(hub.place(PAYING_CHANNEL, "paid", List.of(7), 1));
            hub.command(paid, new OrderCommand.AnswerEffect(1, true, new TreeMap<>(), ""));
            hub.command(paid, new OrderCommand.PickUnits(1, List.of()));
            hub.command(paid, new OrderCommand.PackUnits(1, List.of()));
            hub.command(paid, new OrderCommand.HandOver(1, List.of(), "UPS", "1Z"));
            hub.command(paid, new OrderCommand.AnswerEffect(2, true, new TreeMap<>(), ""));
        }
    }

    private static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of(1, "update stock_ledger set on_hand_delta = on_hand_delta + 1 where move = 'COUNT'"),
                Arguments.of(1, "delete from stock_ledger where move = 'RESERVE' and item_id = 7"),
                Arguments.of(1, "update stock_ledger set version = version + 1 where move = 'RELEASE'"),
                Arguments.of(
                        2,
                        "alter table position drop constraint position_guard;"
                                + " update position set reserved = on_hand + 1 where item_id = 7"),
                Arguments.of(2, "update position set shortage = 1 where item_id = 7"),
                Arguments.of(3, "update position set reserved = reserved + 1 where item_id = 7"),
                Arguments.of(4, "update stock_ledger set reserved = on_hand + 1 where move = 'RESERVE'"),
                Arguments.of(
                        5,
                        "alter table order_line drop constraint units_add_up;"
                                + " update order_line set released = released + 1 where shipped > 0"),
                Arguments.of(5, "update orders set status = 'ALLOCATED' where external_id = 'waiting'"),
                Arguments.of(6, "update fulfilment_line set released = released + 1 where shipped > 0"),
                Arguments.of(6, "update stock_ledger set reserved_delta = -1 where move = 'ISSUE'"),
                Arguments.of(6, "update stock_ledger set on_hand_delta = on_hand_delta + 1 where move = 'RETURN'"),
                Arguments.of(
                        8,
                        "update order_journal set events = replace(events, '\"number\":2,\"done\":true', '\"number\":2,\"done\":false')"),
                Arguments.of(
                        16,
                        "update order_journal set events = replace(events, '\"kind\":\"CAPTURE\",\"payment\":1,\"amount\":', '\"kind\":\"CAPTURE\",\"payment\":1,\"amount\":9')"),
                Arguments.of(9, "update orders set total = total + 1 where external_id = 'cancelled'"),
                Arguments.of(10, "delete from effect"),
                Arguments.of(10, "update effect set state = 'answered'"),
                Arguments.of(
                        10, "insert into effect (order_id, number, destination) select id, 9, 'x' from orders limit 1"),
                Arguments.of(10, "update effect set destination = 'elsewhere'"),
                Arguments.of(12, "delete from claimed_key where key = '1|picked'"),
                Arguments.of(12, "insert into claimed_key values ('EXTERNAL_ORDER', '1|nobody', 42, 0)"),
                Arguments.of(13, "delete from due_work"),
                Arguments.of(
                        15, "update order_journal set version_from = version_from - 1 where command = 'hand-over'"),
                Arguments.of(15, "delete from order_journal where command = 'pick-units'"),
                Arguments.of(16, "update orders set step = 'source' where external_id = 'picked'"),
                Arguments.of(16, "update order_line set released = released - 1, picked = picked + 1 where picked = 1"),
                Arguments.of(17, "update sourcing_record set cost = cost - 1 where run = 1"),
                Arguments.of(17, "update order_journal set events = replace(events, '\"node\":1', '\"node\":3')"),
                Arguments.of(19, "update order_journal set actor = '' where command = 'cancel-units'"),
                Arguments.of(19, "delete from stock_document"),
                Arguments.of(21, "update fulfilment_order set dispatch_by = dispatch_by + interval '1 hour'"),
                Arguments.of(3, "update position set reserved = reserved + 1 where item_id > 0 and place_id = 0"),
                Arguments.of(22, "insert into inbound_line values (1, 1, 7, 1, '2027-01-01', 5, 2, 100, false)"));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void findsWhatViolates(int number, String violation) {
        try (Database database = Database.open(TestDatabase.copyOf(LIVED), 1)) {
            database.execute(violation);
            assertThat(TestHub.violated(database, List.of()))
                    .extracting(Verification.Finding::number)
                    .contains(number);
        }
    }

    @Test
    void findsNothingWhereNothingIsWrong() {
        try (Database database = Database.open(TestDatabase.copyOf(LIVED), 1)) {
            assertThat(TestHub.violated(database, List.of())).isEmpty();
        }
    }

    @Test
    void findsAnAcknowledgedOrderThatIsNotThere() {
        try (Database database = Database.open(TestDatabase.copyOf(LIVED), 1)) {
            assertThat(TestHub.violated(database, List.of(42L)))
                    .extracting(Verification.Finding::number)
                    .containsExactly(14);
        }
    }
}
