package dev.tutti.simulator;

import dev.tutti.conveyor.Limits;
import dev.tutti.flow.Flows;
import dev.tutti.flow.StandardFlows;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelFlows;
import dev.tutti.network.ChannelId;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Handling;
import dev.tutti.network.ItemTerms;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.PickUpHours;
import dev.tutti.network.RingFence;
import dev.tutti.network.WorkCalendar;
import dev.tutti.reservation.Allowance;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a world begins with, drawn from its seed.
 *
 * @param calm one server, no fault, and no fact that takes stock away: then nothing may be lost at the guard
 * @param faultOnceIn calls to the store per fault; 0 for none
 */
public record Scenario(
        Network network,
        Flows flows,
        Limits limits,
        int items,
        int servers,
        int workers,
        Instant start,
        boolean calm,
        int faultOnceIn) {
    /** What some customers may hold without ordering, all together. */
    public static final Allowance ALLOWANCE = new Allowance(9, 40);

    /** The number of what has no stock but that of its parts. */
    static final int KIT = 7;

    /** Days around which some zone changes its clocks, and one on which none does. */
    private static final List<Instant> STARTS = List.of(
            Instant.parse("2026-03-06T18:00:00Z"),
            Instant.parse("2026-03-27T10:00:00Z"),
            Instant.parse("2026-04-03T06:00:00Z"),
            Instant.parse("2026-06-10T12:00:00Z"),
            Instant.parse("2026-10-02T09:30:00Z"),
            Instant.parse("2026-10-23T15:00:00Z"),
            Instant.parse("2026-10-30T20:00:00Z"));

    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("America/New_York"),
            ZoneId.of("America/St_Johns"),
            ZoneId.of("Asia/Tokyo"),
            ZoneId.of("Australia/Lord_Howe"));

    private static final List<LocalTime> CUT_OFFS = List.of(
            LocalTime.of(14, 0), LocalTime.of(2, 30), LocalTime.of(1, 45), LocalTime.of(0, 0), LocalTime.of(23, 45));

    static Scenario draw(Chance chance, int servers) {
        boolean calm = servers == 1 || (servers == 0 && chance.oneIn(8));
        Instant start = chance.of(STARTS);
        return new Scenario(
                network(chance, start),
                new Flows(List.of(
                        StandardFlows.shipAndWait(),
                        StandardFlows.shipOrRefuse(),
                        ApprovalFlow.flow(),
                        PaidFlow.flow(),
                        PartFlows.inTime(),
                        PartFlows.inspected())),
                limits(chance),
                chance.between(2, 6),
                calm ? 1 : servers > 0 ? servers : chance.between(2, 4),
                chance.between(1, 2),
                start,
                calm,
                calm ? 0 : chance.of(List.of(0, 25, 60, 200)));
    }

    private static Limits limits(Chance chance) {
        return new Limits(
                chance.between(4, 16),
                chance.between(1, 12),
                chance.between(10, 200),
                chance.between(8, 40),
                chance.between(1, 3),
                chance.between(1, 3),
                50);
    }

    private static Network network(Chance chance, Instant start) {
        List<Node> nodes = new ArrayList<>();
        int count = chance.between(2, 6);
        for (int n = 1; n <= count; n++) {
            nodes.add(node(chance, n, start));
        }
        Currency euro = Currency.getInstance("EUR");
        return new Network(
                1,
                nodes,
                List.of(
                        new Channel(
                                new ChannelId(1),
                                "web",
                                euro,
                                flows("ship", "", PartFlows.INSPECTED),
                                "brand",
                                "entity"),
                        new Channel(
                                new ChannelId(2),
                                "app",
                                euro,
                                flows("ship-or-refuse", PartFlows.IN_TIME, ""),
                                "brand",
                                "entity"),
                        new Channel(
                                new ChannelId(3), "trade", euro, flows(ApprovalFlow.NAME, "", ""), "brand", "entity"),
                        new Channel(
                                new ChannelId(4),
                                "shop",
                                euro,
                                flows(PaidFlow.NAME, PartFlows.IN_TIME, PartFlows.INSPECTED),
                                "brand",
                                "entity",
                                Duration.ofMinutes(30),
                                0),
                        new Channel(
                                new ChannelId(5),
                                "kiosk",
                                euro,
                                flows(PaidFlow.NAME, "", ""),
                                "brand",
                                "entity",
                                Duration.ofHours(6),
                                chance.between(0, 2))),
                List.of(
                        new RingFence(1, "web-only", new TreeSet<>(List.of("web")), new TreeSet<>(), true, null),
                        new RingFence(
                                2,
                                "campaign",
                                new TreeSet<>(List.of("app", "kiosk")),
                                new TreeSet<>(),
                                false,
                                chance.percent(50) ? null : start.plus(Duration.ofHours(chance.between(1, 200))))),
                List.of(),
                new TreeMap<>(Map.of(KIT, kit())));
    }

    /** Of the two items that every world has; not every channel sells it. */
    private static ItemTerms kit() {
        return new ItemTerms(
                true,
                true,
                new TreeSet<>(List.of("web", "app", "shop", "kiosk")),
                List.of(new ItemTerms.Part("1", 1, 2, 3), new ItemTerms.Part("2", 2, 1, 1)),
                null);
    }

    private static ChannelFlows flows(String order, String fulfilmentOrder, String returns) {
        return new ChannelFlows(order, fulfilmentOrder, returns);
    }

    /** Customers come in slots, which are few. */
    private static Handling inSlots(Chance chance) {
        TreeMap<DayOfWeek, List<PickUpHours.Window>> windows = new TreeMap<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            windows.put(day, List.of(new PickUpHours.Window(LocalTime.of(0, 30), LocalTime.of(23, 0))));
        }
        int slot = chance.of(List.of(30, 90, 240));
        return new Handling(0, 0, new TreeMap<>(), new PickUpHours(windows, 0, slot, chance.between(1, 3)));
    }

    private static Node node(Chance chance, int number, Instant start) {
        TreeSet<LocalDate> holidays = new TreeSet<>();
        if (chance.percent(50)) {
            holidays.add(start.atOffset(ZoneOffset.UTC).toLocalDate().plusDays(chance.between(0, 4)));
        }
        EnumSet<DayOfWeek> workdays = chance.percent(50)
                ? EnumSet.allOf(DayOfWeek.class)
                : EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.SATURDAY);
        boolean store = chance.percent(60);
        return new Node(
                new NodeId(number),
                "N" + number,
                store ? NodeType.STORE : NodeType.DISTRIBUTION_CENTRE,
                chance.percent(90) ? new GeoPoint(chance.between(30, 60), chance.between(-10, 30)) : null,
                new WorkCalendar(chance.of(ZONES), workdays, holidays, chance.of(CUT_OFFS)),
                store && chance.percent(60) ? inSlots(chance) : Handling.SAME_DAY,
                chance.percent(60) ? Node.UNLIMITED : chance.between(5, 30),
                NodeCosts.PUBLISHED,
                "entity",
                number == 1 || chance.percent(85),
                store,
                number == 1 || chance.percent(92),
                new TreeMap<>());
    }
}
