package dev.tutti.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Fences;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Stock;
import dev.tutti.promise.Option;
import dev.tutti.promise.Promises;
import dev.tutti.promise.Reliability;
import dev.tutti.promise.Wish;
import dev.tutti.sourcing.Sourcing;
import dev.tutti.sourcing.SourcingRequest;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Dates that were worked out by hand from decision 20, by somebody who had not seen the code. */
class DatesTest {
    private final List<String> wrong = new ArrayList<>();

    @Test
    void parcelsAreHandedOverAndArriveAsWorkedOutByHand() {
        Table table = Table.of("handed-over-and-arrived.txt");
        Map<String, Node> nodes = new HashMap<>();
        Map<String, CarrierService> services = new HashMap<>();
        table.rows("nodes").forEach(row -> nodes.put(row.get("node"), shippingNode(row)));
        table.rows("services").forEach(row -> services.put(row.get("service"), service(row)));

        for (Table.Row row : table.rows("cases")) {
            Node node = nodes.get(row.get("node"));
            CarrierService service = services.get(row.get("service"));
            Instant start = node.start(asked(row), due(row));
            HandOver handOver = start == null ? null : HandOver.of(node, service, start);
            CarrierService.Transit transit = service.transit().get(Integer.valueOf(row.get("zone")));
            LocalDate earliest = handOver == null ? null : service.arrival(handOver.day(), transit.fewest());
            LocalDate latest = handOver == null ? null : service.arrival(handOver.day(), transit.most());
            boolean promised = earliest != null && latest != null;
            compare(row, "handed over", promised ? handOver.day() : null);
            compare(row, "earliest", promised ? earliest : null);
            compare(row, "latest", promised ? latest : null);
        }

        assertThat(table.rows("cases")).hasSizeGreaterThan(200);
        assertThat(wrong).isEmpty();
    }

    @Test
    void goodsCanBeCollectedAsWorkedOutByHand() {
        Table table = Table.of("collected.txt");
        Map<String, Node> nodes = new HashMap<>();
        table.rows("nodes").forEach(row -> nodes.put(row.get("node"), store(row)));

        for (Table.Row row : table.rows("cases")) {
            Node node = nodes.get(row.get("node"));
            Set<Instant> full = new HashSet<>();
            words(row.get("full slots"))
                    .forEach(text -> full.add(OffsetDateTime.parse(text).toInstant()));
            Instant start = node.start(asked(row), due(row));
            PickUpHours hours = node.handling().pickUp();
            Instant ready = start == null || hours == null ? null : PickUpTime.ready(node.calendar(), hours, start);
            PickUpTime time = start == null ? null : PickUpTime.of(node, start, full::contains);
            compare(row, "ready", ready);
            compare(row, "from", time == null ? null : time.offered().from());
        }

        assertThat(table.rows("cases")).hasSizeGreaterThan(200);
        assertThat(wrong).isEmpty();
    }

    @Test
    void whatIsExpectedIsPromisedAsWorkedOutByHand() {
        Table table = Table.of("expected.txt");
        Map<String, Node> nodes = new HashMap<>();
        Map<String, CarrierService> services = new HashMap<>();
        table.rows("nodes").forEach(row -> nodes.put(row.get("node"), shippingNode(row)));
        table.rows("services").forEach(row -> services.put(row.get("service"), service(row)));

        for (Table.Row row : table.rows("cases")) {
            CarrierService service = services.get(row.get("service"));
            Network network =
                    new Network(1, List.of(nodes.get(row.get("node"))), List.of(), List.of(), List.of(service));
            SourcingRequest.Demand wanted =
                    new SourcingRequest.Demand(1, 1, Integer.parseInt(row.get("wanted")), 1, false, List.of());
            Wish wish = new Wish(asked(row), null, "", "", Fences.NONE, List.of(wanted), List.of(), 0);
            List<Option> options = Promises.options(network, stock(row), new Sourcing(), Reliability.UNKNOWN, wish);
            Option option = options.isEmpty() ? null : options.getFirst();
            compare(
                    row,
                    "handed over",
                    option == null ? null : option.parcels().getFirst().handedOver());
            compare(row, "earliest", option == null ? null : option.earliest());
            compare(row, "latest", option == null ? null : option.latest());
            String onHand = option == null ? "-" : option.isOnHand() ? "yes" : "no";
            if (!row.get("on hand now").equals(onHand)) {
                wrong.add("line " + row.line() + ": on hand is " + onHand + " (" + row.get("why") + ")");
            }
        }

        assertThat(table.rows("cases")).hasSizeGreaterThan(100);
        assertThat(wrong).isEmpty();
    }

    private static Stock stock(Table.Row row) {
        AvailabilityIndex stock = new AvailabilityIndex();
        stock.learn(
                new PositionKey(1, 1),
                new Position(row.has("on hand") ? Integer.parseInt(row.get("on hand")) : 0, 0, 0, 0, 0, 1));
        TreeMap<LocalDate, Integer> due = new TreeMap<>();
        for (String word : words(row.get("due"))) {
            String[] parts = word.split("=");
            due.merge(LocalDate.parse(parts[0]), Integer.valueOf(parts[1]), Integer::sum);
        }
        due.forEach((day, units) ->
                stock.learn(PositionKey.of(1, Place.ofDue(day, new NodeId(1))), new Position(units, 0, 0, 0, 0, 1)));
        int waiting = row.has("waiting") ? Integer.parseInt(row.get("waiting")) : 0;
        int most = row.has("may wait") ? waiting + Integer.parseInt(row.get("may wait")) : Position.MOST;
        stock.learn(PositionKey.ofWaiting(1), new Position(0, waiting, 0, most, 0, 1));
        return stock;
    }

    private void compare(Table.Row row, String column, @Nullable Object actual) {
        String text = row.get(column);
        Object expected = text.equals("-")
                ? null
                : text.contains("T") ? OffsetDateTime.parse(text).toInstant() : LocalDate.parse(text);
        if (expected == null ? actual != null : !expected.equals(actual)) {
            wrong.add("line " + row.line() + ", " + column + ": by hand " + expected + ", computed " + actual + " ("
                    + row.get("why") + ")");
        }
    }

    private static Instant asked(Table.Row row) {
        return OffsetDateTime.parse(row.get("asked")).toInstant();
    }

    private static @Nullable LocalDate due(Table.Row row) {
        return row.has("goods due") ? LocalDate.parse(row.get("goods due")) : null;
    }

    private static Node shippingNode(Table.Row row) {
        SortedMap<String, SortedMap<DayOfWeek, LocalTime>> cutOffs = new TreeMap<>();
        for (String word : words(row.get("own cut-offs"))) {
            String service = word.substring(0, word.indexOf('/'));
            String days = word.substring(word.indexOf('/') + 1, word.indexOf('='));
            for (DayOfWeek day : days(days)) {
                cutOffs.computeIfAbsent(service, s -> new TreeMap<>())
                        .put(day, LocalTime.parse(word.substring(word.indexOf('=') + 1)));
            }
        }
        Handling handling = new Handling(
                Integer.parseInt(row.get("processing")), Integer.parseInt(row.get("receiving")), cutOffs, null);
        return node(row, LocalTime.parse(row.get("cut-off")), handling);
    }

    private static Node store(Table.Row row) {
        SortedMap<DayOfWeek, List<PickUpHours.Window>> windows = new TreeMap<>();
        for (String word : words(row.get("hours"))) {
            List<PickUpHours.Window> list = new ArrayList<>();
            for (String window : word.substring(word.indexOf('=') + 1).split(",")) {
                String[] ends = window.split("-");
                list.add(new PickUpHours.Window(
                        LocalTime.parse(ends[0]),
                        ends[1].equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(ends[1])));
            }
            days(word.substring(0, word.indexOf('='))).forEach(day -> windows.put(day, list));
        }
        PickUpHours hours = new PickUpHours(
                windows,
                Integer.parseInt(row.get("lead")),
                row.has("slot") ? Integer.parseInt(row.get("slot")) : 0,
                row.has("takes") ? Integer.parseInt(row.get("takes")) : 0);
        return node(
                row,
                LocalTime.of(12, 0),
                new Handling(0, Integer.parseInt(row.get("receiving")), new TreeMap<>(), hours));
    }

    private static Node node(Table.Row row, LocalTime cutOff, Handling handling) {
        WorkCalendar calendar =
                new WorkCalendar(ZoneId.of(row.get("zone")), days(row.get("workdays")), holidays(row), cutOff);
        return new Node(
                new NodeId(1),
                row.get("node"),
                NodeType.STORE,
                null,
                calendar,
                handling,
                Node.UNLIMITED,
                NodeCosts.PUBLISHED,
                "",
                true,
                true,
                true,
                new TreeMap<>());
    }

    private static CarrierService service(Table.Row row) {
        SortedMap<Integer, CarrierService.Transit> transit = new TreeMap<>();
        for (String word : words(row.get("transit"))) {
            String[] parts = word.split("[=-]");
            transit.put(
                    Integer.valueOf(parts[0]),
                    new CarrierService.Transit(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), 0));
        }
        return new CarrierService(
                1,
                row.get("service"),
                "",
                days(row.get("collects")),
                days(row.get("delivers")),
                holidays(row),
                new Zones(List.of(), new TreeMap<>(Map.of(Integer.MAX_VALUE, 1))),
                transit);
    }

    private static TreeSet<LocalDate> holidays(Table.Row row) {
        TreeSet<LocalDate> holidays = new TreeSet<>();
        words(row.get("holidays")).forEach(day -> holidays.add(LocalDate.parse(day)));
        return holidays;
    }

    private static EnumSet<DayOfWeek> days(String text) {
        EnumSet<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String word : words(text)) {
            DayOfWeek from = day(word.substring(0, 3));
            DayOfWeek to = word.length() > 3 ? day(word.substring(4)) : from;
            days.addAll(EnumSet.range(from, to));
        }
        return days;
    }

    private static DayOfWeek day(String text) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().startsWith(text)) {
                return day;
            }
        }
        throw new IllegalArgumentException(text);
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" +"));
    }
}
