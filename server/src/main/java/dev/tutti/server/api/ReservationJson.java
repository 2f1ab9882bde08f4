package dev.tutti.server.api;

import dev.tutti.decision.Spelling;
import dev.tutti.network.Slot;
import dev.tutti.reservation.Reservation;
import dev.tutti.server.engine.Catalogue;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** A reservation on the wire. */
final class ReservationJson {
    private ReservationJson() {}

    static void write(JsonGenerator json, Reservation reservation, Catalogue catalogue) {
        json.writeStartObject();
        json.writeStringProperty("id", Long.toString(reservation.id().value()));
        json.writeNumberProperty("version", reservation.version());
        json.writeStringProperty("state", Spelling.of(reservation.state()));
        json.writeStringProperty(
                "channel", Names.channel(catalogue, reservation.channel().value()));
        json.writeStringProperty("reference", reservation.reference());
        json.writeStringProperty("madeAt", reservation.madeAt().toString());
        json.writeStringProperty("until", reservation.until().toString());
        if (reservation.order() != 0) {
            json.writeStringProperty("order", Long.toString(reservation.order()));
        }
        json.writeName("parcels");
        json.writeStartArray();
        for (Reservation.Parcel parcel : reservation.parcels()) {
            json.writeStartObject();
            json.writeNumberProperty("shipGroup", parcel.group());
            json.writeStringProperty("node", Names.node(catalogue, parcel.node().value()));
            json.writeStringProperty("method", Spelling.of(parcel.method()));
            json.writeStringProperty("dispatchBy", parcel.dispatchBy().toString());
            json.writeName("units");
            json.writeStartArray();
            Map<String, Integer> units = new TreeMap<>();
            parcel.units().forEach(held -> units.merge(catalogue.sku(held.item()), held.quantity(), Integer::sum));
            units.forEach((sku, quantity) -> {
                json.writeStartObject();
                json.writeStringProperty("sku", sku);
                json.writeNumberProperty("quantity", quantity);
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        if (!reservation.waiting().isEmpty()) {
            json.writeName("waiting");
            json.writeStartArray();
            for (Reservation.Waiting units : reservation.waiting()) {
                json.writeStartObject();
                json.writeNumberProperty("shipGroup", units.group());
                json.writeStringProperty("sku", catalogue.sku(units.item()));
                json.writeNumberProperty("quantity", units.quantity());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (!reservation.slots().isEmpty()) {
            json.writeName("slots");
            json.writeStartArray();
            for (Slot slot : reservation.slots()) {
                json.writeStartObject();
                json.writeStringProperty(
                        "node", Names.node(catalogue, slot.node().value()));
                json.writeStringProperty("collectFrom", slot.from().toString());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}
