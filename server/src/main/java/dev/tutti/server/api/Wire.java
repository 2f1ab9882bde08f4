package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.inventory.Place;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Node;
import dev.tutti.order.DatePromise;
import dev.tutti.order.OrderDraft;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.json.JsonReader;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;

/** Small shapes that several documents have. */
final class Wire {
    private static final LocalDate FIRST_DAY = LocalDate.of(2000, 1, 1);

    private Wire() {}

    static GeoPoint location(JsonReader in) {
        in.object();
        Double latitude = null;
        Double longitude = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "latitude" -> latitude = in.coordinate(-90, 90);
                case "longitude" -> longitude = in.coordinate(-180, 180);
                default -> throw in.unknownField();
            }
        }
        return new GeoPoint(in.required(latitude, "latitude"), in.required(longitude, "longitude"));
    }

    /** The units of lines that a command is about. */
    static List<LineQuantity> lineQuantities(JsonReader in) {
        List<LineQuantity> lines = in.list(10_000, Wire::lineQuantity);
        if (lines.isEmpty()) {
            throw in.invalid("it is empty; leave it out if all lines are meant");
        }
        return lines;
    }

    /** What of an order is meant: the order itself, or a part of it. */
    static Journey part(JsonReader in) {
        String text = in.nonEmptyText(40);
        try {
            return Journey.parse(text);
        } catch (IllegalArgumentException e) {
            throw in.invalid("it is order, fulfilment-order-1, return-1 and so on");
        }
    }

    static LocalDate day(JsonReader in) {
        try {
            return LocalDate.parse(in.nonEmptyText(20));
        } catch (DateTimeParseException e) {
            throw in.invalid("it is a day, like 2027-02-28");
        }
    }

    /** A day that a query names. */
    static LocalDate day(String name, String text) {
        try {
            LocalDate day = LocalDate.parse(text);
            if (!day.isBefore(FIRST_DAY) && !day.isAfter(Place.LAST_DAY)) {
                return day;
            }
        } catch (DateTimeParseException e) {
            // as below
        }
        throw NotDone.at(
                name,
                RefusalCode.INVALID_FIELD,
                "it is a day, like 2027-02-28, between " + FIRST_DAY + " and " + Place.LAST_DAY);
    }

    /** The days a customer was told. */
    static DatePromise promise(JsonReader in) {
        in.object();
        LocalDate earliest = null;
        LocalDate latest = null;
        Integer confidence = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "earliest" -> earliest = day(in);
                case "latest" -> latest = day(in);
                case "confidence" -> confidence = in.isNull() ? null : Integer.valueOf(in.integer(0, 100));
                default -> throw in.unknownField();
            }
        }
        LocalDate by = in.required(latest, "latest");
        LocalDate from = earliest == null ? by : earliest;
        if (by.isBefore(from)) {
            throw in.invalid("its latest day is before its earliest");
        }
        if (from.isBefore(FIRST_DAY) || by.isAfter(Place.LAST_DAY)) {
            throw in.invalid("its days are between " + FIRST_DAY + " and " + Place.LAST_DAY);
        }
        return new DatePromise(from, by, confidence);
    }

    /** A node the caller can see, by its code. */
    static Node node(JsonReader in, Sight sight) {
        Node node = sight.node(in.nonEmptyText(64));
        if (node == null) {
            throw NotDone.at(in.path(), RefusalCode.UNKNOWN_NODE, "there is no such node");
        }
        return node;
    }

    private static LineQuantity lineQuantity(JsonReader in) {
        in.object();
        Integer line = null;
        Integer quantity = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "line" -> line = in.integer(1, 1_000_000);
                case "quantity" -> quantity = in.integer(1, OrderDraft.MOST_UNITS);
                default -> throw in.unknownField();
            }
        }
        return new LineQuantity(in.required(line, "line"), in.required(quantity, "quantity"));
    }
}
