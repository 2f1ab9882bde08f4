package dev.tutti.server.api;

import dev.tutti.decision.Spelling;
import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.fulfilment.Units;
import dev.tutti.invoice.Invoice;
import dev.tutti.invoice.InvoiceLine;
import dev.tutti.order.DatePromise;
import dev.tutti.order.FlowPosition;
import dev.tutti.order.Hold;
import dev.tutti.order.Holds;
import dev.tutti.order.Kit;
import dev.tutti.order.Order;
import dev.tutti.order.OrderHeader;
import dev.tutti.order.OrderLine;
import dev.tutti.order.ShipGroup;
import dev.tutti.payment.Payment;
import dev.tutti.payment.Payments;
import dev.tutti.payment.Transaction;
import dev.tutti.postgres.Reads.JournalEntry;
import dev.tutti.returns.Return;
import dev.tutti.returns.ReturnLine;
import dev.tutti.server.engine.Catalogue;
import dev.tutti.server.json.Json;
import dev.tutti.server.json.JsonReader;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** An order on the wire. */
final class OrderJson {
    private static final UnitState[] STATES = UnitState.values();
    private static final String[] STATE_NAMES =
            Arrays.stream(STATES).map(JsonReader::spelling).toArray(String[]::new);

    private OrderJson() {}

    static void write(JsonGenerator json, Order order, Catalogue catalogue) {
        json.writeStartObject();
        fields(json, order, catalogue);
        json.writeEndObject();
    }

    static void write(
            JsonGenerator json, Order order, Catalogue catalogue, List<JournalEntry> timeline, EventsOnWire events) {
        json.writeStartObject();
        fields(json, order, catalogue);
        json.writeName("timeline");
        json.writeStartArray();
        for (JournalEntry entry : timeline) {
            json.writeStartObject();
            journalEntry(json, entry, events);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** Who did what when, and what it led to. */
    static void journalEntry(JsonGenerator json, JournalEntry entry, EventsOnWire events) {
        json.writeStringProperty("at", entry.at().toString());
        json.writeStringProperty("command", entry.command());
        json.writeStringProperty("actor", entry.actor());
        json.writeStringProperty("origin", entry.origin());
        if (!entry.reason().isEmpty()) {
            json.writeStringProperty("reason", entry.reason());
        }
        json.writeNumberProperty("versionFrom", entry.versionFrom());
        json.writeNumberProperty("versionTo", entry.versionTo());
        json.writeName("events");
        json.writeRawValue(events.json(entry.events()));
    }

    private static void fields(JsonGenerator json, Order order, Catalogue catalogue) {
        OrderHeader header = order.header();
        json.writeStringProperty("id", Long.toString(header.id().value()));
        json.writeNumberProperty("version", order.version());
        json.writeStringProperty("status", JsonReader.spelling(order.status()));
        json.writeStringProperty(
                "channel", Names.channel(catalogue, header.channel().value()));
        json.writeStringProperty("externalId", header.externalId());
        if (!header.customer().isEmpty()) {
            json.writeStringProperty("customer", header.customer());
        }
        json.writeStringProperty("currency", header.currency().getCurrencyCode());
        json.writeNumberProperty("total", order.total());
        json.writeStringProperty("placedAt", header.placedAt().toString());
        json.writeNumberProperty("priority", header.priority());
        json.writeBooleanProperty("closed", order.closed());
        if (header.duplicateOf() != null) {
            json.writeStringProperty(
                    "duplicateOf", Long.toString(header.duplicateOf().value()));
        }
        flow(json, order.flow());
        if (order.exception() != null) {
            json.writeName("exception");
            ExceptionJson.write(json, order, order.exception());
        }
        if (!order.holds().open().isEmpty()) {
            holds(json, order.holds());
        }
        if (order.payments().any()) {
            payments(json, order.payments());
        }
        if (!order.invoices().all().isEmpty()) {
            json.writeName("invoices");
            json.writeStartArray();
            order.invoices().all().forEach(document -> invoice(json, document));
            json.writeEndArray();
        }
        json.writeName("shipGroups");
        json.writeStartArray();
        for (ShipGroup group : header.shipGroups()) {
            shipGroup(json, group, catalogue);
        }
        json.writeEndArray();
        json.writeName("lines");
        json.writeStartArray();
        for (OrderLine line : order.lines()) {
            line(json, line, catalogue);
        }
        json.writeEndArray();
        json.writeName("fulfilmentOrders");
        json.writeStartArray();
        for (FulfilmentOrder work : order.fulfilmentOrders()) {
            fulfilmentOrder(json, work, order.journeys().position(Journey.ofFulfilmentOrder(work.number())), catalogue);
        }
        json.writeEndArray();
        if (!order.returns().all().isEmpty()) {
            json.writeName("returns");
            json.writeStartArray();
            for (Return one : order.returns().all()) {
                returned(json, one, order.journeys().position(Journey.ofReturn(one.number())), catalogue);
            }
            json.writeEndArray();
        }
        Json.attributes(json, "attributes", header.attributes());
    }

    private static void flow(JsonGenerator json, FlowPosition at) {
        json.writeName("flow");
        json.writeStartObject();
        json.writeStringProperty("code", at.flow());
        json.writeNumberProperty("version", at.version());
        json.writeStringProperty("step", at.step());
        json.writeStringProperty("since", at.entered().toString());
        if (at.pausedUntil() != null) {
            json.writeStringProperty("pausedUntil", at.pausedUntil().toString());
        }
        json.writeEndObject();
    }

    private static void returned(JsonGenerator json, Return one, @Nullable FlowPosition at, Catalogue catalogue) {
        json.writeStartObject();
        json.writeNumberProperty("number", one.number());
        json.writeStringProperty("status", JsonReader.spelling(one.status()));
        if (one.node() != null) {
            json.writeStringProperty("node", Names.node(catalogue, one.node().value()));
        }
        json.writeStringProperty("reason", one.reason());
        json.writeStringProperty("announcedAt", one.announcedAt().toString());
        if (at != null) {
            flow(json, at);
        }
        json.writeName("lines");
        json.writeStartArray();
        for (ReturnLine line : one.lines()) {
            json.writeStartObject();
            json.writeNumberProperty("line", line.line());
            json.writeNumberProperty("expected", line.expected());
            json.writeNumberProperty("received", line.received());
            json.writeNumberProperty("decided", line.decided());
            json.writeNumberProperty("kept", line.kept());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void holds(JsonGenerator json, Holds holds) {
        json.writeName("holds");
        json.writeStartArray();
        for (Hold hold : holds.open()) {
            json.writeStartObject();
            json.writeNumberProperty("number", hold.number());
            json.writeStringProperty("type", hold.type());
            json.writeStringProperty("reason", hold.reason());
            json.writeName("lines");
            json.writeStartArray();
            hold.lines().forEach(json::writeNumber);
            json.writeEndArray();
            json.writeStringProperty("since", hold.placedAt().toString());
            json.writeStringProperty("until", hold.until().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void payments(JsonGenerator json, Payments payments) {
        json.writeName("payments");
        json.writeStartArray();
        for (Payment payment : payments.payments()) {
            json.writeStartObject();
            json.writeNumberProperty("number", payment.number());
            json.writeStringProperty("destination", payment.destination());
            json.writeNumberProperty("authorised", payment.done().authorise());
            json.writeNumberProperty("captured", payment.done().capture());
            json.writeNumberProperty("refunded", payment.done().refund());
            json.writeNumberProperty("voided", payment.done().letGo());
            json.writeNumberProperty("held", payment.held());
            json.writeName("underWay");
            json.writeStartObject();
            for (Transaction.Kind kind : Transaction.Kind.values()) {
                if (payment.underWay().of(kind) > 0) {
                    json.writeNumberProperty(
                            Spelling.of(kind), payment.underWay().of(kind));
                }
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        if (payments.writtenOff() != 0) {
            json.writeNumberProperty("writtenOff", payments.writtenOff());
        }
        if (payments.notRefunded() != 0) {
            json.writeNumberProperty("notRefunded", payments.notRefunded());
        }
    }

    private static void invoice(JsonGenerator json, Invoice document) {
        json.writeStartObject();
        json.writeNumberProperty("number", document.number());
        json.writeStringProperty("kind", Spelling.of(document.kind()));
        json.writeStringProperty("issuedAt", document.issuedAt().toString());
        json.writeNumberProperty("total", document.total());
        json.writeName("lines");
        json.writeStartArray();
        for (InvoiceLine line : document.lines()) {
            json.writeStartObject();
            json.writeNumberProperty("line", line.line());
            json.writeNumberProperty("quantity", line.quantity());
            json.writeNumberProperty("amount", line.amount());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void shipGroup(JsonGenerator json, ShipGroup group, Catalogue catalogue) {
        json.writeStartObject();
        json.writeNumberProperty("number", group.number());
        json.writeStringProperty("method", JsonReader.spelling(group.method()));
        if (!group.country().isEmpty()) {
            json.writeStringProperty("country", group.country());
        }
        if (!group.postcode().isEmpty()) {
            json.writeStringProperty("postcode", group.postcode());
        }
        if (!group.service().isEmpty()) {
            json.writeStringProperty("service", group.service());
        }
        if (group.problem() != null) {
            json.writeStringProperty("addressProblem", Spelling.of(group.problem()));
        }
        if (group.pickUpNode() != null) {
            json.writeStringProperty(
                    "pickUpNode", Names.node(catalogue, group.pickUpNode().value()));
        }
        if (group.slot() != null) {
            json.writeStringProperty("collectFrom", group.slot().from().toString());
        }
        DatePromise promise = group.promise();
        if (promise != null) {
            json.writeName("promised");
            json.writeStartObject();
            json.writeStringProperty("earliest", promise.earliest().toString());
            json.writeStringProperty("latest", promise.latest().toString());
            if (promise.confidence() != null) {
                json.writeNumberProperty("confidence", promise.confidence());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void line(JsonGenerator json, OrderLine line, Catalogue catalogue) {
        json.writeStartObject();
        json.writeNumberProperty("line", line.number());
        json.writeStringProperty("sku", catalogue.sku(line.item()));
        json.writeNumberProperty("quantity", line.units().total());
        json.writeNumberProperty("shipGroup", line.shipGroup());
        json.writeNumberProperty("unitPrice", line.money().unitPrice());
        json.writeNumberProperty("discount", line.money().discount());
        json.writeNumberProperty("tax", line.money().tax());
        json.writeNumberProperty("shipping", line.money().shipping());
        Kit kit = line.kit();
        if (kit != null) {
            json.writeName("kit");
            json.writeStartObject();
            json.writeStringProperty("sku", catalogue.sku(kit.item()));
            json.writeNumberProperty("line", kit.line());
            json.writeNumberProperty("quantity", kit.quantity());
            json.writeEndObject();
        }
        units(json, line.units());
        json.writeEndObject();
    }

    private static void fulfilmentOrder(
            JsonGenerator json, FulfilmentOrder work, @Nullable FlowPosition at, Catalogue catalogue) {
        json.writeStartObject();
        json.writeNumberProperty("number", work.number());
        json.writeStringProperty("node", Names.node(catalogue, work.node().value()));
        json.writeNumberProperty("shipGroup", work.shipGroup());
        json.writeStringProperty("method", JsonReader.spelling(work.method()));
        json.writeStringProperty("status", JsonReader.spelling(work.status()));
        json.writeStringProperty("dispatchBy", work.dispatchBy().toString());
        LocalDate capacityDay = work.capacityDay();
        if (capacityDay != null) {
            json.writeStringProperty("capacityDay", capacityDay.toString());
        }
        LocalDate arrived = work.arrived();
        if (arrived != null) {
            json.writeStringProperty("arrived", arrived.toString());
        }
        if (at != null) {
            flow(json, at);
        }
        json.writeName("lines");
        json.writeStartArray();
        for (FulfilmentLine line : work.lines()) {
            json.writeStartObject();
            json.writeNumberProperty("line", line.line());
            json.writeStringProperty("sku", catalogue.sku(line.item()));
            units(json, line.units());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** How many units are in which state; states without any are left out. */
    private static void units(JsonGenerator json, Units units) {
        json.writeName("units");
        json.writeStartObject();
        for (int i = 0; i < STATES.length; i++) {
            int quantity = units.in(STATES[i]);
            if (quantity > 0) {
                json.writeNumberProperty(STATE_NAMES[i], quantity);
            }
        }
        json.writeEndObject();
    }
}
