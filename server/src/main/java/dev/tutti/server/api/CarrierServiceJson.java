package dev.tutti.server.api;

import dev.tutti.network.CarrierService;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.Zones;
import dev.tutti.server.json.Codes;
import dev.tutti.server.json.JsonReader;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JsonGenerator;

/** A way in which a carrier takes parcels, on the wire. */
final class CarrierServiceJson {
    static final int MOST_ZONES = 1_000;
    private static final int MOST_RULES = 20_000;
    private static final EnumSet<DayOfWeek> WEEKDAYS = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);

    private CarrierServiceJson() {}

    static CarrierService read(JsonReader in) {
        in.object();
        String code = null;
        String carrier = "";
        EnumSet<DayOfWeek> collects = WEEKDAYS;
        EnumSet<DayOfWeek> delivers = WEEKDAYS;
        TreeSet<LocalDate> holidays = new TreeSet<>();
        SortedMap<Integer, Integer> byMiles = Zones.POSTAL.byMiles();
        List<Zones.Rule> rules = new ArrayList<>();
        SortedMap<Integer, CarrierService.Transit> transit = new TreeMap<>();
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "code" -> code = Codes.read(in);
                case "carrier" -> carrier = in.text(100);
                case "collects" -> collects = NodeJson.workdays(in);
                case "delivers" -> delivers = NodeJson.workdays(in);
                case "holidays" -> holidays.addAll(in.list(NodeJson.MOST_HOLIDAYS, NodeJson::day));
                case "zonesByMiles" -> byMiles = byMiles(in);
                case "zones" -> rules.addAll(in.list(MOST_RULES, CarrierServiceJson::rule));
                case "transit" -> in.list(MOST_ZONES, each -> transit(each, transit));
                default -> throw in.unknownField();
            }
        }
        if (transit.isEmpty()) {
            throw in.missing("transit");
        }
        return new CarrierService(
                0,
                in.required(code, "code"),
                carrier,
                collects,
                delivers,
                holidays,
                new Zones(distinct(rules, in), byMiles),
                transit);
    }

    private static SortedMap<Integer, Integer> byMiles(JsonReader in) {
        TreeMap<Integer, Integer> zones = new TreeMap<>();
        in.list(MOST_ZONES, each -> {
            each.object();
            Integer upTo = null;
            Integer zone = null;
            for (String name = each.nextField(); name != null; name = each.nextField()) {
                switch (name) {
                    case "upTo" -> upTo = each.isNull() ? Integer.valueOf(Integer.MAX_VALUE) : each.integer(0, 20_000);
                    case "zone" -> zone = each.integer(0, MOST_ZONES);
                    default -> throw each.unknownField();
                }
            }
            if (zones.put(upTo == null ? Integer.MAX_VALUE : upTo, each.required(zone, "zone")) != null) {
                throw each.invalid("there is one zone up to so many miles");
            }
            return "";
        });
        if (!zones.containsKey(Integer.MAX_VALUE)) {
            throw in.invalid("there is a zone for what is farthest, without upTo");
        }
        return zones;
    }

    private static Zones.Rule rule(JsonReader in) {
        in.object();
        SortedSet<String> nodes = new TreeSet<>();
        String country = null;
        String postcodes = "";
        Integer zone = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "nodes" -> nodes.addAll(in.list(MOST_ZONES, Codes::read));
                case "country" -> country = country(in);
                case "postcodes" -> postcodes = in.text(20);
                case "zone" -> zone = in.integer(0, MOST_ZONES);
                default -> throw in.unknownField();
            }
        }
        return new Zones.Rule(nodes, in.required(country, "country"), postcodes, in.required(zone, "zone"));
    }

    private static List<Zones.Rule> distinct(List<Zones.Rule> rules, JsonReader in) {
        Set<String> places = new HashSet<>();
        for (Zones.Rule rule : rules) {
            if (!places.add(rule.country() + " " + rule.postcodes() + " " + rule.nodes())) {
                throw in.invalid("two zones are for the same places of " + rule.country());
            }
        }
        return rules;
    }

    private static String country(JsonReader in) {
        String country = in.nonEmptyText(2);
        if (!country.matches("[A-Z]{2}")) {
            throw in.invalid("a country is two capital letters, as in DE");
        }
        return country;
    }

    private static String transit(JsonReader in, SortedMap<Integer, CarrierService.Transit> into) {
        in.object();
        Integer zone = null;
        Integer fewest = null;
        Integer most = null;
        long perPackage = 0;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "zone" -> zone = in.integer(0, MOST_ZONES);
                case "fewestDays" -> fewest = in.integer(0, CarrierService.Transit.MOST_DAYS);
                case "mostDays" -> most = in.integer(0, CarrierService.Transit.MOST_DAYS);
                case "perPackage" -> perPackage = in.integer(0, NodeCosts.MOST);
                default -> throw in.unknownField();
            }
        }
        int least = in.required(fewest, "fewestDays");
        int greatest = most == null ? least : most;
        if (greatest < least) {
            throw in.invalid("mostDays is not less than fewestDays");
        }
        int of = in.required(zone, "zone");
        if (into.put(of, new CarrierService.Transit(least, greatest, perPackage)) != null) {
            throw in.invalid("zone " + of + " is there twice");
        }
        return "";
    }

    static void write(JsonGenerator json, CarrierService service) {
        json.writeStartObject();
        json.writeStringProperty("code", service.code());
        json.writeStringProperty("carrier", service.carrier());
        days(json, "collects", service.collects());
        days(json, "delivers", service.delivers());
        json.writeName("holidays");
        json.writeStartArray();
        service.holidays().forEach(day -> json.writeString(day.toString()));
        json.writeEndArray();
        json.writeName("zonesByMiles");
        json.writeStartArray();
        service.zones().byMiles().forEach((miles, zone) -> {
            json.writeStartObject();
            if (miles != Integer.MAX_VALUE) {
                json.writeNumberProperty("upTo", miles);
            }
            json.writeNumberProperty("zone", zone);
            json.writeEndObject();
        });
        json.writeEndArray();
        json.writeName("zones");
        json.writeStartArray();
        service.zones().rules().forEach(rule -> {
            json.writeStartObject();
            json.writeName("nodes");
            json.writeStartArray();
            rule.nodes().forEach(json::writeString);
            json.writeEndArray();
            json.writeStringProperty("country", rule.country());
            json.writeStringProperty("postcodes", rule.postcodes());
            json.writeNumberProperty("zone", rule.zone());
            json.writeEndObject();
        });
        json.writeEndArray();
        json.writeName("transit");
        json.writeStartArray();
        service.transit().forEach((zone, transit) -> {
            json.writeStartObject();
            json.writeNumberProperty("zone", zone);
            json.writeNumberProperty("fewestDays", transit.fewest());
            json.writeNumberProperty("mostDays", transit.most());
            json.writeNumberProperty("perPackage", transit.perPackage());
            json.writeEndObject();
        });
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void days(JsonGenerator json, String name, EnumSet<DayOfWeek> days) {
        json.writeName(name);
        json.writeStartArray();
        days.forEach(day -> json.writeString(JsonReader.spelling(day)));
        json.writeEndArray();
    }
}
