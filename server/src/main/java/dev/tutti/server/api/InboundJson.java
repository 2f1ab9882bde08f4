package dev.tutti.server.api;

import dev.tutti.decision.Spelling;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.network.Node;
import dev.tutti.server.engine.Catalogue;
import tools.jackson.core.JsonGenerator;

/** An inbound shipment on the wire. */
final class InboundJson {
    private InboundJson() {}

    /** Whether a line is for a node that somebody sees. */
    static boolean sees(Sight sight, InboundShipment.Line line) {
        Node node = sight.catalogue().network().node(line.node().value());
        return node != null && sight.sees(node);
    }

    /** With the lines that are for nodes that somebody sees. */
    static void write(JsonGenerator json, InboundShipment shipment, Sight sight) {
        Catalogue catalogue = sight.catalogue();
        json.writeStartObject();
        json.writeStringProperty("reference", shipment.reference());
        json.writeNumberProperty("version", shipment.version());
        json.writeStringProperty("kind", Spelling.of(shipment.kind()));
        if (shipment.from() != null) {
            json.writeStringProperty(
                    "from", Names.node(catalogue, shipment.from().value()));
        }
        json.writeStringProperty("announcedAt", shipment.announcedAt().toString());
        json.writeBooleanProperty("open", shipment.isOpen());
        json.writeName("lines");
        json.writeStartArray();
        for (InboundShipment.Line line : shipment.lines()) {
            if (!sees(sight, line)) {
                continue;
            }
            json.writeStartObject();
            json.writeNumberProperty("line", line.number());
            json.writeStringProperty("sku", catalogue.sku(line.item()));
            json.writeStringProperty("node", Names.node(catalogue, line.node().value()));
            json.writeStringProperty("due", line.due().toString());
            json.writeNumberProperty("quantity", line.quantity());
            json.writeNumberProperty("received", line.received());
            json.writeNumberProperty("outstanding", line.outstanding());
            json.writeNumberProperty("confidence", line.confidence());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
