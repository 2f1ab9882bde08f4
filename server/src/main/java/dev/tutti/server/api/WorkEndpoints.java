package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.fulfilment.FulfilmentStatus;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.network.Node;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.RejectReason;
import dev.tutti.postgres.Reads;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A node's work: what there is to do, and what was done. */
final class WorkEndpoints {
    private static final Set<FulfilmentStatus> TO_DO =
            EnumSet.of(FulfilmentStatus.RELEASED, FulfilmentStatus.IN_PROGRESS, FulfilmentStatus.READY);

    private static final Set<FulfilmentStatus> SENT = EnumSet.of(FulfilmentStatus.HANDED_OVER);

    private final Engine engine;
    private final Desk desk;

    WorkEndpoints(Engine engine) {
        this.engine = engine;
        this.desk = new Desk(engine);
    }

    void register(Routes routes) {
        routes.add(
                "GET",
                "/v1/nodes/{code}/fulfilment-orders",
                "work.list",
                call -> list(call, Reads.Whose.AT_NODE, TO_DO));
        routes.add(
                "GET",
                "/v1/nodes/{code}/incoming-parcels",
                "work.list",
                call -> list(call, Reads.Whose.TO_STORE, SENT));
        String work = "/v1/orders/{id}/fulfilment-orders/{number}";
        routes.add("POST", work + "/pick", "work.pick", call -> act(call, Action.PICK));
        routes.add("POST", work + "/pack", "work.pack", call -> act(call, Action.PACK));
        routes.add("POST", work + "/hand-over", "work.hand-over", call -> act(call, Action.HAND_OVER));
        routes.add("POST", work + "/collect", "work.collect", call -> act(call, Action.COLLECT));
        routes.add("POST", work + "/arrive", "work.arrive", this::arrive);
        routes.add("POST", work + "/reject", "work.reject", call -> act(call, Action.REJECT));
    }

    private enum Action {
        PICK,
        PACK,
        HAND_OVER,
        COLLECT,
        REJECT
    }

    /** What an action's body says. */
    private record Said(
            List<LineQuantity> lines,
            String carrier,
            String tracking,
            @Nullable RejectReason reason) {}

    private void act(Call call, Action action) throws IOException {
        long id = call.number(0, RefusalCode.UNKNOWN_ORDER);
        int number = call.smallNumber(1, RefusalCode.UNKNOWN_FULFILMENT_ORDER);
        Said said = said(call, action);
        OrderCommand command = switch (action) {
            case PICK -> new OrderCommand.PickUnits(number, said.lines());
            case PACK -> new OrderCommand.PackUnits(number, said.lines());
            case HAND_OVER -> new OrderCommand.HandOver(number, said.lines(), said.carrier(), said.tracking());
            case COLLECT -> new OrderCommand.Collect(number, said.lines());
            case REJECT ->
                new OrderCommand.RejectUnits(
                        number, said.lines(), said.reason() == null ? RejectReason.OTHER : said.reason());
        };
        Sight sight = new Sight(engine, call.caller().scope());
        if (action == Action.COLLECT) {
            sight.requireHandingOut(id, number);
        } else {
            sight.requireWork(id, number);
        }
        desk.change(call, id, command, said.reason() == null ? "" : JsonReader.spelling(said.reason()));
    }

    /** A carrier says that it is there, or the store to which it was sent. */
    private void arrive(Call call) throws IOException {
        long id = call.number(0, RefusalCode.UNKNOWN_ORDER);
        int number = call.smallNumber(1, RefusalCode.UNKNOWN_FULFILMENT_ORDER);
        LocalDate on = null;
        try (JsonReader in = call.json()) {
            in.begin();
            in.object();
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                switch (name) {
                    case "on" -> on = Wire.day(in);
                    default -> throw in.unknownField();
                }
            }
            on = in.required(on, "on");
            in.end();
        }
        new Sight(engine, call.caller().scope()).requireParcel(id, number);
        desk.change(call, id, new OrderCommand.Arrive(number, on), "");
    }

    private static Said said(Call call, Action action) throws IOException {
        List<LineQuantity> lines = OrderCommand.allUnits();
        String carrier = "";
        String tracking = "";
        RejectReason reason = null;
        try (JsonReader in = call.jsonOrEmpty()) {
            in.begin();
            in.object();
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                switch (name) {
                    case "lines" -> lines = in.isNull() ? lines : Wire.lineQuantities(in);
                    case "carrier" ->
                        carrier = only(Action.HAND_OVER, action, in).text(100);
                    case "tracking" ->
                        tracking = only(Action.HAND_OVER, action, in).text(200);
                    case "reason" -> reason = only(Action.REJECT, action, in).oneOf(RejectReason.values());
                    default -> throw in.unknownField();
                }
            }
            if (action == Action.REJECT) {
                in.required(reason, "reason");
            }
            in.end();
        }
        return new Said(lines, carrier, tracking, reason);
    }

    private static JsonReader only(Action belongsTo, Action action, JsonReader in) {
        if (belongsTo != action) {
            throw in.unknownField();
        }
        return in;
    }

    private void list(Call call, Reads.Whose whose, Set<FulfilmentStatus> usual) throws IOException {
        call.onlyQueries("status", "after", "limit");
        Sight sight = new Sight(engine, call.caller().scope());
        Node node = sight.node(call.value(0));
        if (node == null) {
            throw NotDone.notFound("node");
        }
        int limit = call.limit();
        long[] after = after(call.query("after"));
        Set<FulfilmentStatus> statuses = call.someOf("status", FulfilmentStatus.class);
        List<Reads.NodeWork> found = engine.reads()
                .fulfilmentOrders(
                        whose,
                        node.id().value(),
                        statuses.isEmpty() ? usual : statuses,
                        after[0],
                        (int) after[1],
                        limit);
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("fulfilmentOrders");
            json.writeStartArray();
            found.stream().filter(work -> sight.seesChannel(work.channel())).forEach(work -> write(json, work));
            json.writeEndArray();
            if (found.size() == limit) {
                json.writeStringProperty(
                        "next", found.getLast().order() + "." + found.getLast().number());
            }
            json.writeEndObject();
        });
    }

    private static long[] after(@Nullable String text) {
        if (text == null) {
            return new long[] {0, 0};
        }
        if (!text.matches("[0-9]{1,18}\\.[0-9]{1,9}")) {
            throw NotDone.at("after", RefusalCode.INVALID_FIELD, "it is the next of the page before");
        }
        int dot = text.indexOf('.');
        return new long[] {Long.parseLong(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1))};
    }

    private void write(JsonGenerator json, Reads.NodeWork work) {
        json.writeStartObject();
        json.writeStringProperty("order", Long.toString(work.order()));
        json.writeNumberProperty("number", work.number());
        json.writeNumberProperty("orderVersion", work.orderVersion());
        json.writeStringProperty("channel", Names.channel(engine.catalogue(), work.channel()));
        json.writeStringProperty("externalId", work.externalId());
        json.writeStringProperty("status", JsonReader.spelling(work.status()));
        json.writeStringProperty("node", Names.node(engine.catalogue(), work.node()));
        if (work.arrived() != null) {
            json.writeStringProperty("arrived", work.arrived().toString());
        }
        json.writeStringProperty("method", JsonReader.spelling(Method.valueOf(work.method())));
        json.writeStringProperty("dispatchBy", work.dispatchBy().toString());
        json.writeName("lines");
        json.writeStartArray();
        for (Reads.NodeWorkLine line : work.lines()) {
            json.writeStartObject();
            json.writeNumberProperty("line", line.line());
            json.writeStringProperty("sku", engine.catalogue().sku(line.item()));
            json.writeName("units");
            json.writeStartObject();
            units(json, "allocated", line.allocated());
            units(json, "released", line.released());
            units(json, "picked", line.picked());
            units(json, "packed", line.packed());
            units(json, "shipped", line.shipped());
            units(json, "collected", line.collected());
            units(json, "returned", line.returned());
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void units(JsonGenerator json, String state, int units) {
        if (units > 0) {
            json.writeNumberProperty(state, units);
        }
    }
}
