package dev.tutti.server.api;

import dev.tutti.network.GeoPoint;
import dev.tutti.network.Handling;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.WorkCalendar;
import dev.tutti.server.json.Codes;
import dev.tutti.server.json.Json;
import dev.tutti.server.json.JsonReader;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A node on the wire. */
public final class NodeJson {
    private static final WorkCalendar ALWAYS = WorkCalendar.everyDay(ZoneOffset.UTC, LocalTime.of(18, 0));
    static final int MOST_HOLIDAYS = 1_000;

    private NodeJson() {}

    public static Node read(JsonReader in) {
        in.object();
        String code = null;
        NodeType type = null;
        GeoPoint location = null;
        WorkCalendar calendar = ALWAYS;
        Handling handling = Handling.SAME_DAY;
        int dailyCapacity = Node.UNLIMITED;
        NodeCosts costs = NodeCosts.PUBLISHED;
        String legalEntity = "";
        boolean ships = true;
        Boolean handsOut = null;
        boolean active = true;
        SortedMap<String, String> attributes = new TreeMap<>();
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "code" -> code = Codes.read(in);
                case "type" -> type = in.oneOf(NodeType.values());
                case "location" -> location = in.isNull() ? null : Wire.location(in);
                case "calendar" -> calendar = in.isNull() ? ALWAYS : calendar(in);
                case "handling" -> handling = in.isNull() ? Handling.SAME_DAY : HandlingJson.read(in);
                case "dailyCapacity" ->
                    dailyCapacity = in.isNull() ? Node.UNLIMITED : in.integer(0, Node.UNLIMITED - 1);
                case "costs" -> costs = in.isNull() ? NodeCosts.PUBLISHED : costs(in);
                case "legalEntity" -> legalEntity = in.text(100);
                case "ships" -> ships = in.bool();
                case "handsOut" -> handsOut = in.bool();
                case "active" -> active = in.bool();
                case "attributes" -> attributes = in.attributes();
                default -> throw in.unknownField();
            }
        }
        return new Node(
                new NodeId(0),
                in.required(code, "code"),
                in.required(type, "type"),
                location,
                calendar,
                handling,
                dailyCapacity,
                costs,
                legalEntity,
                ships,
                handsOut == null ? type == NodeType.STORE : handsOut,
                active,
                attributes);
    }

    private static WorkCalendar calendar(JsonReader in) {
        in.object();
        ZoneId zone = null;
        EnumSet<DayOfWeek> workdays = EnumSet.allOf(DayOfWeek.class);
        TreeSet<LocalDate> holidays = new TreeSet<>();
        LocalTime cutOff = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "zone" -> zone = parsed(in, "a time zone, as in Europe/Berlin", ZoneId::of);
                case "workdays" -> workdays = workdays(in);
                case "holidays" -> holidays.addAll(in.list(MOST_HOLIDAYS, NodeJson::day));
                case "cutOff" -> cutOff = cutOff(in);
                default -> throw in.unknownField();
            }
        }
        return new WorkCalendar(in.required(zone, "zone"), workdays, holidays, in.required(cutOff, "cutOff"));
    }

    static LocalTime cutOff(JsonReader in) {
        LocalTime time = parsed(in, "a local time, as in 14:30", LocalTime::parse);
        if (time.getNano() != 0) {
            throw in.invalid("a cut-off has no fractions of a second");
        }
        return time;
    }

    static EnumSet<DayOfWeek> workdays(JsonReader in) {
        List<DayOfWeek> days = in.list(7, day -> day.oneOf(DayOfWeek.values()));
        if (days.isEmpty()) {
            throw in.invalid("it names no day of the week");
        }
        EnumSet<DayOfWeek> different = EnumSet.copyOf(days);
        if (different.size() < days.size()) {
            throw in.invalid("a day is named twice");
        }
        return different;
    }

    static LocalDate day(JsonReader in) {
        LocalDate day = parsed(in, "a day, as in 2026-12-25", LocalDate::parse);
        if (day.getYear() < 2000 || day.getYear() > 2200) {
            throw in.invalid("it is not between 2000 and 2200");
        }
        return day;
    }

    static <T> T parsed(JsonReader in, String wanted, Function<String, T> parse) {
        String text = in.nonEmptyText(60);
        try {
            return parse.apply(text);
        } catch (DateTimeException e) {
            throw in.invalid("it is not " + wanted);
        }
    }

    private static NodeCosts costs(JsonReader in) {
        in.object();
        long perPackage = 0;
        long perUnit = 0;
        long perUnitMile = 0;
        long perDayLate = 0;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "perPackage" -> perPackage = in.integer(0, NodeCosts.MOST);
                case "perUnit" -> perUnit = in.integer(0, NodeCosts.MOST);
                case "perUnitMile" -> perUnitMile = in.integer(0, NodeCosts.MOST_UNIT_MILE);
                case "perDayLate" -> perDayLate = in.integer(0, NodeCosts.MOST_DAY_LATE);
                default -> throw in.unknownField();
            }
        }
        return new NodeCosts(perPackage, perUnit, perUnitMile, perDayLate);
    }

    static void write(JsonGenerator json, Node node) {
        json.writeStartObject();
        json.writeStringProperty("code", node.code());
        json.writeStringProperty("type", JsonReader.spelling(node.type()));
        location(json, node.location());
        calendar(json, node.calendar());
        HandlingJson.write(json, node.handling());
        if (node.dailyCapacity() != Node.UNLIMITED) {
            json.writeNumberProperty("dailyCapacity", node.dailyCapacity());
        }
        json.writeName("costs");
        json.writeStartObject();
        json.writeNumberProperty("perPackage", node.costs().perPackage());
        json.writeNumberProperty("perUnit", node.costs().perUnit());
        json.writeNumberProperty("perUnitMile", node.costs().perUnitMile());
        json.writeNumberProperty("perDayLate", node.costs().perDayLate());
        json.writeEndObject();
        json.writeStringProperty("legalEntity", node.legalEntity());
        json.writeBooleanProperty("ships", node.ships());
        json.writeBooleanProperty("handsOut", node.handsOut());
        json.writeBooleanProperty("active", node.active());
        Json.attributes(json, "attributes", node.attributes());
        json.writeEndObject();
    }

    private static void location(JsonGenerator json, @Nullable GeoPoint location) {
        if (location != null) {
            json.writeName("location");
            json.writeStartObject();
            json.writeNumberProperty("latitude", location.latitude());
            json.writeNumberProperty("longitude", location.longitude());
            json.writeEndObject();
        }
    }

    private static void calendar(JsonGenerator json, WorkCalendar calendar) {
        json.writeName("calendar");
        json.writeStartObject();
        json.writeStringProperty("zone", calendar.zone().getId());
        json.writeName("workdays");
        json.writeStartArray();
        calendar.workdays().forEach(day -> json.writeString(JsonReader.spelling(day)));
        json.writeEndArray();
        json.writeName("holidays");
        json.writeStartArray();
        calendar.holidays().forEach(day -> json.writeString(day.toString()));
        json.writeEndArray();
        json.writeStringProperty("cutOff", calendar.cutOff().toString());
        json.writeEndObject();
    }
}
