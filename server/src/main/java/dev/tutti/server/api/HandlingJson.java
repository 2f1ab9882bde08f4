package dev.tutti.server.api;

import dev.tutti.network.Handling;
import dev.tutti.network.PickUpHours;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.json.Codes;
import dev.tutti.server.json.JsonReader;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** How long a node takes, on the wire. */
final class HandlingJson {
    private static final int MOST_WINDOWS = 12;
    private static final int MOST_SERVICES = 200;

    private HandlingJson() {}

    static Handling read(JsonReader in) {
        in.object();
        int processing = 0;
        int receiving = 0;
        SortedMap<String, SortedMap<DayOfWeek, LocalTime>> cutOffs = new TreeMap<>();
        PickUpHours pickUp = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "processingDays" -> processing = in.integer(0, Handling.MOST_DAYS);
                case "receivingDays" -> receiving = in.integer(0, Handling.MOST_DAYS);
                case "cutOffs" -> in.list(MOST_SERVICES, each -> cutOff(each, cutOffs));
                case "pickUp" -> pickUp = in.isNull() ? null : pickUp(in);
                default -> throw in.unknownField();
            }
        }
        return new Handling(processing, receiving, cutOffs, pickUp);
    }

    private static String cutOff(JsonReader in, SortedMap<String, SortedMap<DayOfWeek, LocalTime>> into) {
        in.object();
        String service = null;
        List<DayOfWeek> days = List.of(DayOfWeek.values());
        LocalTime time = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "service" -> service = Codes.read(in);
                case "days" -> days = List.copyOf(NodeJson.workdays(in));
                case "cutOff" -> time = NodeJson.cutOff(in);
                default -> throw in.unknownField();
            }
        }
        String code = in.required(service, "service");
        LocalTime at = in.required(time, "cutOff");
        for (DayOfWeek day : days) {
            into.computeIfAbsent(code, each -> new TreeMap<>()).put(day, at);
        }
        return code;
    }

    private static PickUpHours pickUp(JsonReader in) {
        in.object();
        SortedMap<DayOfWeek, List<PickUpHours.Window>> windows = new TreeMap<>();
        int lead = 0;
        int slot = 0;
        int perSlot = 1;
        boolean any = false;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "hours" ->
                    any = !in.list(MOST_WINDOWS * 7, each -> window(each, windows))
                            .isEmpty();
                case "leadMinutes" -> lead = in.integer(0, PickUpHours.MOST_LEAD);
                case "slotMinutes" -> slot = in.integer(0, 1_440);
                case "perSlot" -> perSlot = in.integer(1, 100_000);
                default -> throw in.unknownField();
            }
        }
        if (perSlot > 1 && slot == 0) {
            throw BadJson.invalidAt(
                    in.path() + ".perSlot",
                    "it says how many pick-ups a slot takes, and there are no slots: \"slotMinutes\" says how long one is");
        }
        if (!any) {
            throw in.invalid("it is open at no time: \"hours\" names at least one day with a time");
        }
        windows.values().forEach(list -> checkOrder(in, list));
        PickUpHours hours = new PickUpHours(windows, lead, slot, perSlot);
        if (!hours.hasRoomForSlot()) {
            throw in.invalid("it is never open for as long as a slot of " + slot + " minutes");
        }
        return hours;
    }

    private static void checkOrder(JsonReader in, List<PickUpHours.Window> windows) {
        for (int i = 1; i < windows.size(); i++) {
            LocalTime before = windows.get(i - 1).to();
            if (before.equals(LocalTime.MIDNIGHT) || windows.get(i).from().isBefore(before)) {
                throw BadJson.invalidAt(
                        in.path() + ".hours", "the hours of a day are in their order, and none overlap");
            }
        }
    }

    private static String window(JsonReader in, SortedMap<DayOfWeek, List<PickUpHours.Window>> into) {
        in.object();
        List<DayOfWeek> days = List.of();
        LocalTime from = null;
        LocalTime to = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "days" -> days = List.copyOf(NodeJson.workdays(in));
                case "from" -> from = time(in);
                case "to" -> to = time(in);
                default -> throw in.unknownField();
            }
        }
        LocalTime opens = in.required(from, "from");
        LocalTime closes = in.required(to, "to");
        if (!closes.equals(LocalTime.MIDNIGHT) && !opens.isBefore(closes)) {
            throw in.invalid("it closes after it opens, on the same day; the end of a day is 24:00");
        }
        if (days.isEmpty()) {
            throw in.missing("days");
        }
        for (DayOfWeek day : days) {
            into.computeIfAbsent(day, each -> new ArrayList<>()).add(new PickUpHours.Window(opens, closes));
        }
        return "";
    }

    private static LocalTime time(JsonReader in) {
        return NodeJson.parsed(in, "a local time of whole minutes, as in 14:30", text -> {
            if (text.equals("24:00")) {
                return LocalTime.MIDNIGHT;
            }
            LocalTime time = LocalTime.parse(text);
            if (time.getSecond() != 0 || time.getNano() != 0) {
                throw new DateTimeException("seconds");
            }
            return time;
        });
    }

    /** Nothing, if a node sends off and hands out on the day on which it hears of an order. */
    static void write(JsonGenerator json, Handling handling) {
        if (handling.equals(Handling.SAME_DAY)) {
            return;
        }
        json.writeName("handling");
        json.writeStartObject();
        json.writeNumberProperty("processingDays", handling.processingDays());
        json.writeNumberProperty("receivingDays", handling.receivingDays());
        json.writeName("cutOffs");
        json.writeStartArray();
        handling.cutOffs()
                .forEach((service, byDay) -> byDay.forEach((day, time) -> {
                    json.writeStartObject();
                    json.writeStringProperty("service", service);
                    days(json, day);
                    json.writeStringProperty("cutOff", time.toString());
                    json.writeEndObject();
                }));
        json.writeEndArray();
        pickUp(json, handling.pickUp());
        json.writeEndObject();
    }

    private static void days(JsonGenerator json, DayOfWeek day) {
        json.writeName("days");
        json.writeStartArray();
        json.writeString(JsonReader.spelling(day));
        json.writeEndArray();
    }

    private static void pickUp(JsonGenerator json, @Nullable PickUpHours pickUp) {
        if (pickUp == null) {
            return;
        }
        json.writeName("pickUp");
        json.writeStartObject();
        json.writeName("hours");
        json.writeStartArray();
        pickUp.windows().forEach((day, windows) -> {
            for (PickUpHours.Window window : windows) {
                json.writeStartObject();
                days(json, day);
                json.writeStringProperty("from", window.from().toString());
                json.writeStringProperty(
                        "to",
                        window.to().equals(LocalTime.MIDNIGHT)
                                ? "24:00"
                                : window.to().toString());
                json.writeEndObject();
            }
        });
        json.writeEndArray();
        json.writeNumberProperty("leadMinutes", pickUp.lead());
        if (pickUp.slot() > 0) {
            json.writeNumberProperty("slotMinutes", pickUp.slot());
            json.writeNumberProperty("perSlot", pickUp.perSlot());
        }
        json.writeEndObject();
    }
}
