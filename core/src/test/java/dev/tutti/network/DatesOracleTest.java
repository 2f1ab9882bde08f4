package dev.tutti.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The same dates, found by walking. The oracle looks at what clocks show, minute after minute, and knows nothing of
 * transitions, instants of local times or the next of anything: a cut-off has passed once a clock has shown it or a later
 * time of that day, a node is open while its clock has come to the beginning of a window and not to its end.
 */
class DatesOracleTest {
    private static final int CASES = Boolean.getBoolean("tutti.deep") ? 100_000 : 4_000;
    private static final int MOST_MINUTES = 40 * 1440;

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
            assertThat(start).as(about).isEqualTo(walkedStart(node, asked, due));
            if (start == null) {
                continue;
            }
            HandOver handOver = HandOver.of(node, service, start);
            LocalDate walked = walkedHandOver(node, service, start);
            assertThat(handOver == null ? null : handOver.day()).as(about).isEqualTo(walked);
            if (handOver != null) {
                promised++;
                assertThat(handOver.isFor(start)).as(about).isTrue();
                assertSteady(node, service, handOver, about);
                for (int days = 0; days <= 4; days++) {
                    assertThat(service.arrival(handOver.day(), days))
                            .as(about)
                            .isEqualTo(walkedArrival(service, handOver.day(), days));
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
            Instant from = walkedCollection(node, start, full);
            assertThat(time == null ? null : time.offered().from())
                    .as(about + " full " + full)
                    .isEqualTo(from);
            if (from == null) {
                return;
            }
            full.add(from);
        }
    }

    // The oracle

    private static LocalDateTime clock(Node node, Instant at) {
        return LocalDateTime.ofInstant(at, node.calendar().zone());
    }

    private static boolean works(Node node, LocalDate day) {
        return node.calendar().workdays().contains(day.getDayOfWeek())
                && !node.calendar().holidays().contains(day);
    }

    private static @Nullable Instant walkedStart(Node node, Instant asked, @Nullable LocalDate due) {
        if (due == null) {
            return asked;
        }
        LocalDate from = clock(node, asked).toLocalDate();
        int toGo = -1;
        LocalDate last = null;
        // From the beginning of the day on which it was asked for.
        Instant at = asked;
        while (clock(node, at.minusSeconds(60)).toLocalDate().equals(from)) {
            at = at.minusSeconds(60);
        }
        for (int i = 0; i < MOST_MINUTES; i++, at = at.plusSeconds(60)) {
            LocalDate day = clock(node, at).toLocalDate();
            if (!day.equals(last)) {
                last = day;
                if (!day.isBefore(due) && works(node, day)) {
                    toGo = toGo < 0 ? node.handling().receivingDays() : toGo - 1;
                    if (toGo == 0) {
                        return at.isBefore(asked) ? asked : at;
                    }
                }
            }
        }
        return null;
    }

    private static @Nullable LocalDate walkedHandOver(Node node, CarrierService service, Instant start) {
        LocalDate today = clock(node, start).toLocalDate();
        boolean inTime = works(node, today) && !hasPassed(node, service, today, start);
        int toGo = inTime ? node.handling().processingDays() : node.handling().processingDays() + 1;
        if (toGo == 0 && service.collectsOn(today)) {
            return today;
        }
        LocalDate last = today;
        Instant at = start;
        for (int i = 0; i < MOST_MINUTES; i++, at = at.plusSeconds(60)) {
            LocalDate day = clock(node, at).toLocalDate();
            if (day.isAfter(last)) {
                last = day;
                if (works(node, day)) {
                    toGo = Math.max(0, toGo - 1);
                    if (toGo == 0 && service.collectsOn(day)) {
                        return day;
                    }
                }
            }
        }
        return null;
    }

    /** Whether a clock at the node has shown the cut-off, or a later time, on this day until now. */
    private static boolean hasPassed(Node node, CarrierService service, LocalDate day, Instant now) {
        SortedMap<DayOfWeek, LocalTime> own = node.handling().cutOffs().getOrDefault(service.code(), new TreeMap<>());
        LocalTime cutOff = own.getOrDefault(day.getDayOfWeek(), node.calendar().cutOff());
        Instant at = now;
        for (LocalDateTime shown = clock(node, at);
                shown.toLocalDate().equals(day);
                at = at.minusSeconds(60), shown = clock(node, at)) {
            if (!shown.toLocalTime().isBefore(cutOff)) {
                return true;
            }
        }
        return false;
    }

    private static LocalDate walkedArrival(CarrierService service, LocalDate handedOver, int days) {
        LocalDate day = handedOver;
        int left = days;
        while (left > 0 || !service.deliversOn(day)) {
            day = day.plusDays(1);
            if (left > 0 && service.deliversOn(day)) {
                left--;
            }
        }
        return day;
    }

    /** Which minutes of a day a node is open, by the window; a clock that is put back does not open or close it again. */
    private static final class Doors {
        private final Node node;
        private LocalDate day = LocalDate.MIN;
        private LocalTime latest = LocalTime.MIN;

        Doors(Node node) {
            this.node = node;
        }

        /** The number of the window that is open in the minute that begins; −1 if none is. Minutes come one after the other. */
        int open(LocalDateTime shown) {
            if (!shown.toLocalDate().equals(day)) {
                day = shown.toLocalDate();
                latest = LocalTime.MIN;
            }
            if (shown.toLocalTime().isAfter(latest)) {
                latest = shown.toLocalTime();
            }
            if (node.calendar().holidays().contains(day)) {
                return -1;
            }
            List<PickUpHours.Window> windows = hours(node).windows().getOrDefault(day.getDayOfWeek(), List.of());
            for (int i = 0; i < windows.size(); i++) {
                LocalTime to = windows.get(i).to();
                if (!latest.isBefore(windows.get(i).from()) && (to.equals(LocalTime.MIDNIGHT) || latest.isBefore(to))) {
                    return i;
                }
            }
            return -1;
        }
    }

    private static PickUpHours hours(Node node) {
        PickUpHours hours = node.handling().pickUp();
        assertThat(hours).isNotNull();
        return hours;
    }

    private static @Nullable Instant walkedCollection(Node node, Instant start, Set<Instant> full) {
        PickUpHours hours = hours(node);
        Doors doors = new Doors(node);
        // Doors must have seen the day from its beginning.
        LocalDate today = clock(node, start).toLocalDate();
        Instant at = start;
        while (clock(node, at.minusSeconds(60)).toLocalDate().equals(today)) {
            at = at.minusSeconds(60);
        }
        int lead = hours.lead();
        int window = -1;
        LocalDate windowDay = null;
        Instant slotFrom = null;
        boolean slotIsOffered = false;
        for (int i = 0; i < MOST_MINUTES; i++, at = at.plusSeconds(60)) {
            LocalDateTime shown = clock(node, at);
            int open = doors.open(shown);
            boolean ready = !at.isBefore(start) && lead == 0;
            if (hours.slot() == 0) {
                if (ready && open >= 0) {
                    return at;
                }
            } else {
                boolean begins =
                        open >= 0 && (open != window || !shown.toLocalDate().equals(windowDay));
                boolean ended = slotFrom != null && !at.isBefore(slotFrom.plusSeconds(60L * hours.slot()));
                if (ended && slotIsOffered) {
                    return slotFrom;
                }
                if (begins || (ended && open >= 0)) {
                    slotFrom = at;
                    slotIsOffered = ready && !full.contains(at);
                } else if (open < 0) {
                    slotFrom = null;
                    slotIsOffered = false;
                }
            }
            window = open;
            windowDay = shown.toLocalDate();
            if (!at.isBefore(start) && open >= 0 && lead > 0) {
                lead--;
            }
        }
        return null;
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
        return new CarrierService("S", "C", days(), days(), holidays, new TreeMap<>());
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
