package dev.tutti.benchmarks;

import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Fences;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.network.CarrierService;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Handling;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.PickUpHours;
import dev.tutti.network.WorkCalendar;
import dev.tutti.network.Zones;
import dev.tutti.promise.Promises;
import dev.tutti.promise.Reliability;
import dev.tutti.promise.Wish;
import dev.tutti.sourcing.Sourcing;
import dev.tutti.sourcing.SourcingRequest;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code bench promise}: all ways to have carts of 1 to 10 lines, in-process: three carrier services, and the three nearest
 * stores, collected there or sent there first. Each item is at a tenth of the nodes.
 */
final class PromiseBenchmark {
    private static final int ITEMS = 20_000;
    private static final int WARM_UP = 50_000;
    private static final ZoneId[] ZONES = {
        ZoneId.of("America/New_York"),
        ZoneId.of("America/Chicago"),
        ZoneId.of("America/Denver"),
        ZoneId.of("America/Los_Angeles")
    };

    private PromiseBenchmark() {}

    static void run(Options options) {
        int asked = options.quick() ? 20_000 : 200_000;
        for (int nodes : new int[] {200, 1_000}) {
            SplittableRandom random = new SplittableRandom(nodes);
            Network network = network(nodes, random);
            AvailabilityIndex stock = stock(nodes, random);
            Sourcing sourcing = new Sourcing();
            long[] nanos = new long[asked];
            long ways = 0;
            for (int i = -WARM_UP; i < asked; i++) {
                Wish wish = wish(random, i);
                long begun = System.nanoTime();
                int found = Promises.options(network, stock, sourcing, Reliability.UNKNOWN, wish)
                        .size();
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - begun;
                    ways += found;
                }
            }
            Arrays.sort(nanos);
            new Line("promise")
                    .with("nodes", nodes)
                    .with("lines", "1-10")
                    .with("carts", asked)
                    .with("options_per_cart", (double) ways / asked)
                    .with("p50_us", nanos[asked / 2] / 1000.0)
                    .with("p99_us", nanos[asked - asked / 100] / 1000.0)
                    .print();
        }
    }

    /** A new moment each time, over some weeks: what was looked up for the last cart is not always for this one. */
    private static Wish wish(SplittableRandom random, int number) {
        List<SourcingRequest.Demand> demands = new ArrayList<>();
        int lines = random.nextInt(1, 11);
        for (int line = 1; line <= lines; line++) {
            demands.add(new SourcingRequest.Demand(
                    line, random.nextInt(1, ITEMS + 1), random.nextInt(1, 3), 1, true, List.of()));
        }
        Instant now = Instant.parse("2027-03-01T00:00:00Z").plusSeconds(20L * Math.abs(number));
        return new Wish(now, place(random), "US", "", Fences.NONE, demands, List.of(), 3);
    }

    private static GeoPoint place(SplittableRandom random) {
        return new GeoPoint(random.nextDouble(30, 47), random.nextDouble(-122, -72));
    }

    private static AvailabilityIndex stock(int nodes, SplittableRandom random) {
        AvailabilityIndex stock = new AvailabilityIndex();
        for (int item = 1; item <= ITEMS; item++) {
            for (int n = 0; n < nodes / 10; n++) {
                stock.learn(
                        new PositionKey(item, random.nextInt(1, nodes + 1)),
                        new Position(random.nextInt(1, 20), 0, 0, 0, 0, 1));
            }
        }
        return stock;
    }

    private static Network network(int count, SplittableRandom random) {
        TreeSet<LocalDate> holidays = new TreeSet<>(List.of(LocalDate.of(2027, 3, 26), LocalDate.of(2027, 3, 29)));
        TreeMap<DayOfWeek, List<PickUpHours.Window>> windows = new TreeMap<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            windows.put(day, List.of(new PickUpHours.Window(LocalTime.of(9, 0), LocalTime.of(20, 0))));
        }
        TreeMap<String, java.util.SortedMap<DayOfWeek, LocalTime>> cutOffs = new TreeMap<>();
        TreeMap<DayOfWeek, LocalTime> late = new TreeMap<>();
        for (DayOfWeek day : EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY)) {
            late.put(day, LocalTime.of(18, 30));
        }
        cutOffs.put("EXPRESS", late);
        List<Node> nodes = new ArrayList<>();
        for (int n = 1; n <= count; n++) {
            nodes.add(new Node(
                    new NodeId(n),
                    "N" + n,
                    n % 20 == 0 ? NodeType.DISTRIBUTION_CENTRE : NodeType.STORE,
                    place(random),
                    new WorkCalendar(
                            ZONES[n % ZONES.length],
                            EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.SATURDAY),
                            holidays,
                            LocalTime.of(15, 0)),
                    new Handling(n % 3 == 0 ? 1 : 0, 1, cutOffs, new PickUpHours(windows, 90, 30, 10)),
                    Node.UNLIMITED,
                    NodeCosts.PUBLISHED,
                    "",
                    true,
                    n % 20 != 0,
                    true,
                    new TreeMap<>()));
        }
        EnumSet<DayOfWeek> weekdays = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
        return new Network(
                1,
                nodes,
                List.of(),
                List.of(),
                List.of(
                        service(1, "GROUND", weekdays, 1, 1),
                        service(2, "TWO-DAY", weekdays, 0, 2),
                        service(3, "EXPRESS", EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.SATURDAY), 0, 1)));
    }

    /** Transit days that grow with the zone, or do not. */
    private static CarrierService service(int number, String code, EnumSet<DayOfWeek> days, int perZone, int least) {
        TreeMap<Integer, CarrierService.Transit> transit = new TreeMap<>();
        for (int zone = 2; zone <= 8; zone++) {
            int fewest = least + perZone * (zone - 2) / 2;
            transit.put(zone, new CarrierService.Transit(fewest, fewest + perZone, 100_000_000L * number));
        }
        return new CarrierService(number, code, "", days, days, new TreeSet<>(), Zones.POSTAL, transit);
    }
}
