package dev.tutti.network;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Dates by decision 20, found by walking. Looks at what clocks show, minute after minute, and knows nothing of transitions,
 * instants of local times or the next of anything: a cut-off has passed once a clock has shown it or a later time of that
 * day, a node is open while its clock has come to the beginning of a window and not to its end.
 */
public final class WalkedDates {
    private static final int MOST_MINUTES = 40 * 1440;

    private WalkedDates() {}

    private static LocalDateTime clock(Node node, Instant at) {
        return LocalDateTime.ofInstant(at, node.calendar().zone());
    }

    private static boolean works(Node node, LocalDate day) {
        return node.calendar().workdays().contains(day.getDayOfWeek())
                && !node.calendar().holidays().contains(day);
    }

    public static @Nullable Instant start(Node node, Instant asked, @Nullable LocalDate due) {
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

    /** @param service null for one that comes every day and has no cut-offs of its own */
    public static @Nullable LocalDate handOver(Node node, @Nullable CarrierService service, Instant start) {
        LocalDate today = clock(node, start).toLocalDate();
        boolean inTime = works(node, today) && !hasPassed(node, service, today, start);
        int toGo = inTime ? node.handling().processingDays() : node.handling().processingDays() + 1;
        if (toGo == 0 && comes(service, today)) {
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
                    if (toGo == 0 && comes(service, day)) {
                        return day;
                    }
                }
            }
        }
        return null;
    }

    private static boolean comes(@Nullable CarrierService service, LocalDate day) {
        return service == null || service.collectsOn(day);
    }

    /** Whether a clock at the node has shown the cut-off, or a later time, on this day until now. */
    private static boolean hasPassed(Node node, @Nullable CarrierService service, LocalDate day, Instant now) {
        String code = service == null ? "" : service.code();
        SortedMap<DayOfWeek, LocalTime> own = node.handling().cutOffs().getOrDefault(code, new TreeMap<>());
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

    public static LocalDate arrival(CarrierService service, LocalDate handedOver, int days) {
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
        return Objects.requireNonNull(node.handling().pickUp());
    }

    public static @Nullable Instant collection(Node node, Instant from, Set<Instant> full) {
        PickUpHours hours = hours(node);
        Doors doors = new Doors(node);
        // Doors must have seen the day from its beginning.
        LocalDate today = clock(node, from).toLocalDate();
        Instant at = from;
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
            boolean ready = !at.isBefore(from) && lead == 0;
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
            if (!at.isBefore(from) && open >= 0 && lead > 0) {
                lead--;
            }
        }
        return null;
    }
}
