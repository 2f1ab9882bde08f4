package dev.tutti.server.demo;

import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Units of an order's line, as most commands name them. */
record LineUnits(int line, int quantity) {
    static void write(JsonGenerator json, List<LineUnits> lines) {
        json.writeName("lines");
        json.writeStartArray();
        for (LineUnits units : lines) {
            json.writeStartObject();
            json.writeNumberProperty("line", units.line());
            json.writeNumberProperty("quantity", units.quantity());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
