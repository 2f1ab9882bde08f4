package dev.tutti.network;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When customers can collect at a node.
 *
 * @param windows by the day of the week, in their order, none overlapping another; a day without any is closed
 * @param lead minutes of open time it takes to have goods ready
 * @param slot minutes of a slot; 0 if customers come whenever it is open
 * @param perSlot how many pick-ups a slot takes; not looked at without slots
 */
public record PickUpHours(SortedMap<DayOfWeek, List<Window>> windows, int lead, int slot, int perSlot) {
    /** The longest lead: ten days of being open all the time. */
    public static final int MOST_LEAD = 14_400;

    /** @param to exclusive; midnight means the end of the day */
    public record Window(LocalTime from, LocalTime to) {
        public Window {
            if (!to.equals(LocalTime.MIDNIGHT) && !from.isBefore(to)) {
                throw new IllegalArgumentException("a window ends after it begins, on the same day");
            }
        }

        /** As clocks show them. */
        int minutes() {
            int end = to.equals(LocalTime.MIDNIGHT) ? 24 * 60 : to.toSecondOfDay() / 60;
            return end - from.toSecondOfDay() / 60;
        }
    }

    /** A time in which a node is open, or a slot. */
    public record Stretch(Instant from, Instant to) {}

    public PickUpHours {
        if (lead < 0 || lead > MOST_LEAD || slot < 0 || slot > 1440 || perSlot < 0) {
            throw new IllegalArgumentException("lead, slot and pick-ups a slot are within their bounds");
        }
        TreeMap<DayOfWeek, List<Window>> copy = new TreeMap<>();
        windows.forEach((day, list) -> copy.put(day, List.copyOf(list)));
        windows = Collections.unmodifiableSortedMap(copy);
    }

    /** Whether it is ever open for as long as a slot takes. */
    public boolean hasRoomForSlot() {
        return windows.values().stream().flatMap(List::stream).anyMatch(window -> window.minutes() >= slot);
    }

    /** The first day from this one on on which it is open; null if there is none within a year. */
    public @Nullable LocalDate opens(WorkCalendar calendar, LocalDate from) {
        return Days.from(from, day -> !open(calendar, day).isEmpty());
    }

    /** When it is open on a day, in order; stretches that clocks leave out are not among them. */
    public List<Stretch> open(WorkCalendar calendar, LocalDate day) {
        List<Stretch> open = new ArrayList<>();
        if (!calendar.holidays().contains(day)) {
            for (Window window : windows.getOrDefault(day.getDayOfWeek(), List.of())) {
                Instant from = LocalTimes.at(calendar.zone(), day, window.from());
                Instant to = window.to().equals(LocalTime.MIDNIGHT)
                        ? LocalTimes.startOf(calendar.zone(), day.plusDays(1))
                        : LocalTimes.at(calendar.zone(), day, window.to());
                if (from.isBefore(to)) {
                    open.add(new Stretch(from, to));
                }
            }
        }
        return open;
    }

    /** The slots of a stretch of open time; what is left over at its end is none. */
    public List<Stretch> slots(Stretch open) {
        List<Stretch> slots = new ArrayList<>();
        Duration length = Duration.ofMinutes(slot);
        for (Instant from = open.from(); !from.plus(length).isAfter(open.to()); from = from.plus(length)) {
            slots.add(new Stretch(from, from.plus(length)));
        }
        return slots;
    }
}
