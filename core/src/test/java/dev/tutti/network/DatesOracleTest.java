package dev.tutti.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Dates are those that {@link WalkedDates} come to, around the days on which clocks are changed. */
class DatesOracleTest {
    private static final int CASES = Boolean.getBoolean("tutti.deep") ? 100_000 : 4_000;

    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("America/New_York"),
            ZoneId.of("Australia/Lord_Howe"),
            ZoneId.of("America/Sao_Paulo"),
            ZoneId.of("Africa/Cairo"),
            ZoneId.of("Asia/Kolkata"),
            ZoneId.of("America/Havana"),
            ZoneOffset.UTC);

    /** Shortly before clocks are changed somewhere, or a year ends, or February does. */
    private static final List<Instant> TIMES = List.of(
            Instant.parse("2027-03-27T00:00:00Z"),
            Instant.parse("2027-10-30T00:00:00Z"),
            Instant.parse("2027-03-13T12:00:00Z"),
            Instant.parse("2027-11-06T12:00:00Z"),
            Instant.parse("2027-04-02T22:00:00Z"),
            Instant.parse("2027-10-02T00:00:00Z"),
            Instant.parse("2017-10-14T00:00:00Z"),
            Instant.parse("2018-02-17T00:00:00Z"),
            Instant.parse("2027-04-29T12:00:00Z"),
            Instant.parse("2027-12-30T12:00:00Z"),
            Instant.parse("2028-02-27T12:00:00Z"));

    private final SplittableRandom random = new SplittableRandom(20);

    @Test
    void whoeverWalksMinuteByMinuteComesToTheSameDates() {
        int promised = 0;
        for (int i = 0; i < CASES; i++) {
            Node node = node();
            CarrierService service = service();
            Instant asked = TIMES.get(random.nextInt(TIMES.size())).plusSeconds(60L * random.nextInt(4 * 1440));
            LocalDate due = random.nextInt(3) > 0
                    ? null
                    : asked.atZone(ZoneOffset.UTC).toLocalDate().plusDays(random.nextInt(-3, 9));
            String about = i + ": " + node + " " + service + " asked " + asked + " due " + due;

            Instant start = node.start(asked, due);
            assertThat(start).as(about).isEqualTo(WalkedDates.start(node, asked, due));
            if (start == null) {
                continue;
            }
            HandOver handOver = HandOver.of(node, service, start);
            LocalDate walked = WalkedDates.handOver(node, service, start);
            assertThat(handOver == null ? null : handOver.day()).as(about).isEqualTo(walked);
            if (handOver != null) {
                promised++;
                assertThat(handOver.isFor(start)).as(about).isTrue();
                assertSteady(node, service, handOver, about);
                for (int days = 0; days <= 4; days++) {
                    assertThat(service.arrival(handOver.day(), days))
                            .as(about)
                            .isEqualTo(WalkedDates.arrival(service, handOver.day(), days));
                }
            }
            collected(node, start, about);
        }
        assertThat(promised).isGreaterThan(CASES / 2);
    }

    /** The answer is the same for every start that it says it is for. */
    private void assertSteady(Node node, CarrierService service, HandOver handOver, String about) {
        Instant other = handOver.from()
                .plusSeconds(random.nextLong(Math.max(
                        1, handOver.until().getEpochSecond() - handOver.from().getEpochSecond())));
        HandOver then = HandOver.of(node, service, other);
        assertThat(then == null ? null : then.day()).as(about + " or " + other).isEqualTo(handOver.day());
    }

    private void collected(Node node, Instant start, String about) {
        Set<Instant> full = new HashSet<>();
        for (int round = 0; round < 4; round++) {
            PickUpTime time = PickUpTime.of(node, start, full::contains);
            Instant from = WalkedDates.collection(node, start, full);
            assertThat(time == null ? null : time.offered().from())
                    .as(about + " full " + full)
                    .isEqualTo(from);
            if (from == null) {
                return;
            }
            full.add(from);
        }
    }

    // Networks

    private Node node() {
        ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
        TreeSet<LocalDate> holidays = new TreeSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            holidays.add(TIMES.get(random.nextInt(TIMES.size()))
                    .atZone(ZoneOffset.UTC)
                    .toLocalDate()
                    .plusDays(random.nextInt(8)));
        }
        SortedMap<String, SortedMap<DayOfWeek, LocalTime>> cutOffs = new TreeMap<>();
        if (random.nextBoolean()) {
            SortedMap<DayOfWeek, LocalTime> own = new TreeMap<>();
            days().forEach(day -> own.put(day, time()));
            cutOffs.put("S", own);
        }
        SortedMap<DayOfWeek, List<PickUpHours.Window>> windows = new TreeMap<>();
        days().forEach(day -> windows.put(day, windows()));
        PickUpHours hours = new PickUpHours(
                windows,
                random.nextInt(3) == 0 ? 0 : random.nextInt(400),
                random.nextBoolean() ? 0 : random.nextInt(15, 120),
                1);
        Handling handling = new Handling(random.nextInt(3), random.nextInt(3), cutOffs, hours);
        return new Node(
                new NodeId(1),
                "N",
                NodeType.STORE,
                null,
                new WorkCalendar(zone, days(), holidays, time()),
                handling,
                Node.UNLIMITED,
                NodeCosts.PUBLISHED,
                "",
                true,
                true,
                true,
                new TreeMap<>());
    }

    private CarrierService service() {
        TreeSet<LocalDate> holidays = new TreeSet<>();
        if (random.nextBoolean()) {
            holidays.add(TIMES.get(random.nextInt(TIMES.size()))
                    .atZone(ZoneOffset.UTC)
                    .toLocalDate()
                    .plusDays(random.nextInt(8)));
        }
        return new CarrierService(1, "S", "C", days(), days(), holidays, Zones.POSTAL, new TreeMap<>());
    }

    private EnumSet<DayOfWeek> days() {
        EnumSet<DayOfWeek> days = EnumSet.of(DayOfWeek.of(random.nextInt(1, 8)));
        for (DayOfWeek day : DayOfWeek.values()) {
            if (random.nextInt(4) > 0) {
                days.add(day);
            }
        }
        return days;
    }

    /** Often in the hours in which clocks are changed. */
    private LocalTime time() {
        return random.nextBoolean()
                ? LocalTime.of(random.nextInt(24), random.nextInt(60))
                : LocalTime.of(random.nextInt(4), random.nextInt(4) * 15);
    }

    private List<PickUpHours.Window> windows() {
        TreeSet<LocalTime> ends = new TreeSet<>();
        for (int i = random.nextInt(1, 3); i > 0; i--) {
            ends.add(time());
            ends.add(time());
        }
        List<LocalTime> times = new ArrayList<>(ends);
        List<PickUpHours.Window> windows = new ArrayList<>();
        for (int i = 0; i + 1 < times.size(); i += 2) {
            windows.add(new PickUpHours.Window(times.get(i), times.get(i + 1)));
        }
        if (windows.isEmpty() || random.nextInt(6) == 0) {
            windows.clear();
            windows.add(new PickUpHours.Window(time(), LocalTime.MIDNIGHT));
        }
        return windows;
    }
}
