package dev.tutti.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.Method;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Network;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Since when an order should have been there. */
class OverdueTest {
    @ParameterizedTest
    @CsvSource({
        // placed, told for the first group, for the second, now, hours
        "2026-03-01T10:00:00Z, , , 2026-03-02T11:30:00Z, 25",
        "2026-03-01T10:00:00Z, 2026-03-04, , 2026-03-04T23:00:00Z, 0",
        "2026-03-01T10:00:00Z, 2026-03-04, , 2026-03-06T01:00:00Z, 25",
        "2026-03-01T10:00:00Z, 2026-03-04, 2026-06-30, 2026-06-01T00:00:00Z, 0",
        "2026-03-01T10:00:00Z, 2026-06-30, 2026-03-04, 2026-07-02T00:00:00Z, 24",
        "2026-03-01T10:00:00Z, 2026-02-01, , 2026-03-01T12:00:00Z, 2"
    })
    void isReckonedFromTheLastDayThatWasTold(
            Instant placed, @Nullable LocalDate first, @Nullable LocalDate second, Instant now, long hours) {
        OrderHeader header = new OrderHeader(
                new OrderId(1),
                new ChannelId(1),
                "x",
                "",
                Currency.getInstance("EUR"),
                placed,
                0,
                List.of(group(1, first), group(2, second)),
                new TreeMap<>(),
                null);
        Order order = Order.apply(null, new OrderEvent.OrderPlaced(header, List.of(), "ship", 1));
        Network network = new Network(1, List.of(), List.of());
        assertThat(OrderFact.of(order, Journey.ORDER, network, now).value("order.overdueHours"))
                .isEqualTo(hours);
    }

    private static ShipGroup group(int number, @Nullable LocalDate told) {
        return new ShipGroup(
                number,
                Method.SHIP,
                null,
                null,
                "DE",
                "",
                null,
                "",
                null,
                told == null ? null : new DatePromise(told, told, null));
    }
}
