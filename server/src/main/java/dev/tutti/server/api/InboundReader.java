package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.inbound.InboundCommand;
import dev.tutti.inbound.InboundCommand.Arrival;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.inbound.InboundShipment.Kind;
import dev.tutti.inbound.InboundShipment.Line;
import dev.tutti.inbound.ShipmentId;
import dev.tutti.inventory.Place;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.json.JsonReader;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what is said of inbound shipments. */
final class InboundReader {
    private static final int MOST_LINES = 2_000;
    /** Of one item; what all shipments together expect of it is looked at when it is decided. */
    private static final int MOST_UNITS = 10_000_000;

    private static final int LONGEST_OVERDUE_DAYS = 366;

    private final JsonReader in;
    private final Sight sight;
    private final LocalDate today;

    InboundReader(JsonReader in, Sight sight, Instant now) {
        this.in = in;
        this.sight = sight;
        this.today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    }

    /** A shipment, whatever its number will be. */
    record Announced(String reference, Kind kind, @Nullable NodeId from, List<Line> lines) {
        InboundCommand.Announce command(ShipmentId id) {
            return new InboundCommand.Announce(id, reference, kind, from, lines);
        }
    }

    /** @param named what it is called; null if the document says so itself */
    Announced shipment(@Nullable String named) {
        in.begin();
        in.object();
        String reference = named;
        Kind kind = null;
        Node from = null;
        List<Line> lines = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "reference" -> {
                    if (named != null) {
                        throw in.unknownField();
                    }
                    reference = in.nonEmptyText(100);
                }
                case "kind" -> kind = in.oneOf(Kind.values());
                case "from" -> from = Wire.node(in, sight);
                case "lines" -> {
                    List<Line> read = new ArrayList<>();
                    in.list(MOST_LINES, element -> read.add(line(read.size() + 1)));
                    lines = read;
                }
                default -> throw in.unknownField();
            }
        }
        String known = in.required(reference, "reference");
        if (!known.matches("[A-Za-z0-9._:-]{1,100}")) {
            throw NotDone.at(
                    "reference",
                    RefusalCode.INVALID_FIELD,
                    "a shipment's reference is 1 to 100 letters, digits, dots, dashes and colons");
        }
        Kind what = in.required(kind, "kind");
        if ((what == Kind.TRANSFER) != (from != null)) {
            throw NotDone.at(
                    "from", RefusalCode.INVALID_FIELD, "a transfer says which node it has left, nothing else does");
        }
        List<Line> all = in.required(lines, "lines");
        TreeSet<Integer> numbers = new TreeSet<>();
        TreeMap<Integer, Long> units = new TreeMap<>();
        for (Line line : all) {
            if (from != null && from.id().equals(line.node())) {
                throw NotDone.at(
                        "lines",
                        RefusalCode.INVALID_FIELD,
                        "line " + line.number() + " would go to where it comes from");
            }
            if (units.merge(line.item(), (long) line.quantity(), Long::sum) > MOST_UNITS) {
                throw NotDone.at(
                        "lines", RefusalCode.INVALID_FIELD, "there are more than " + MOST_UNITS + " units of one item");
            }
            if (!numbers.add(line.number())) {
                throw NotDone.at("lines", RefusalCode.INVALID_FIELD, "there are two lines " + line.number());
            }
        }
        in.end();
        return new Announced(known, what, from == null ? null : from.id(), all);
    }

    private Line line(int place) {
        in.object();
        int number = place;
        int item = 0;
        Node node = null;
        LocalDate due = null;
        Integer quantity = null;
        int confidence = 100;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "line" -> number = in.integer(1, 1_000_000);
                case "sku" -> item = sight.stockedItem(in);
                case "node" -> node = Wire.node(in, sight);
                case "due" -> due = due();
                case "quantity" -> quantity = in.integer(0, MOST_UNITS);
                case "confidence" -> confidence = in.integer(0, 100);
                default -> throw in.unknownField();
            }
        }
        if (item == 0) {
            throw in.missing("sku");
        }
        return new Line(
                number,
                item,
                in.required(node, "node").id(),
                in.required(due, "due"),
                in.required(quantity, "quantity"),
                confidence);
    }

    private LocalDate due() {
        LocalDate due = Wire.day(in);
        if (due.isBefore(today.minusDays(LONGEST_OVERDUE_DAYS))) {
            throw in.invalid("what was due more than a year ago is not expected any more");
        }
        if (due.isAfter(Place.LAST_DAY)) {
            throw in.invalid("it is " + Place.LAST_DAY + " at the latest");
        }
        return due;
    }

    /** What has come of a shipment. */
    InboundCommand.Receive arrivals(InboundShipment shipment) {
        in.begin();
        in.object();
        List<Arrival> arrivals = new ArrayList<>();
        boolean last = false;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "lines" -> in.list(MOST_LINES, element -> arrivals.add(arrival(shipment)));
                case "last" -> last = in.bool();
                default -> throw in.unknownField();
            }
        }
        if (arrivals.isEmpty() && !last) {
            throw in.missing("lines");
        }
        in.end();
        return new InboundCommand.Receive(arrivals, last);
    }

    private Arrival arrival(InboundShipment shipment) {
        in.object();
        Integer number = null;
        Node node = null;
        Integer quantity = null;
        Condition condition = Condition.GOOD;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "line" -> number = in.integer(1, 1_000_000);
                case "node" -> node = Wire.node(in, sight);
                case "quantity" -> quantity = in.integer(1, MOST_UNITS);
                case "condition" -> condition = in.oneOf(Condition.values());
                default -> throw in.unknownField();
            }
        }
        int line = in.required(number, "line");
        mustBeSeen(shipment, line);
        return new Arrival(line, node == null ? null : node.id(), in.required(quantity, "quantity"), condition.pool);
    }

    /** Whoever receives sees where it was to come, also what has come elsewhere. */
    private void mustBeSeen(InboundShipment shipment, int number) {
        for (Line line : shipment.lines()) {
            Node there = sight.catalogue().network().node(line.node().value());
            if (line.number() == number && there != null && sight.sees(there)) {
                return;
            }
        }
        throw NotDone.at(in.path(), RefusalCode.INVALID_FIELD, "it has no line " + number);
    }
}
