package dev.tutti.server.api;

import dev.tutti.inventory.Item;
import dev.tutti.inventory.ItemId;
import dev.tutti.network.ItemTerms;
import dev.tutti.server.json.Codes;
import dev.tutti.server.json.Json;
import dev.tutti.server.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** An item on the wire. What it refers to is looked at by {@link TermsCheck}. */
final class ItemJson {
    private static final int MOST_CHANNELS = 1_000;

    private ItemJson() {}

    static Item read(JsonReader in) {
        in.object();
        String sku = null;
        String description = "";
        SortedMap<String, String> attributes = new TreeMap<>();
        boolean ships = true;
        boolean handsOut = true;
        TreeSet<String> channels = new TreeSet<>();
        List<ItemTerms.Part> kit = new ArrayList<>();
        ItemTerms.MadeToOrder madeToOrder = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "sku" -> sku = in.nonEmptyText(100);
                case "description" -> description = in.isNull() ? "" : in.text(2_000);
                case "attributes" -> attributes = in.attributes();
                case "ships" -> ships = in.bool();
                case "handsOut" -> handsOut = in.bool();
                case "channels" -> channels.addAll(in.list(MOST_CHANNELS, Codes::read));
                case "kit" -> in.list(ItemTerms.MOST_PARTS, each -> kit.add(part(each)));
                case "madeToOrder" -> madeToOrder = in.isNull() ? null : madeToOrder(in);
                default -> throw in.unknownField();
            }
        }
        ItemTerms terms = new ItemTerms(ships, handsOut, channels, kit, madeToOrder);
        if (!ships && !handsOut) {
            throw in.invalid("it can neither be sent nor collected, so nobody could have it");
        }
        if (terms.isKit() && madeToOrder != null) {
            throw in.invalid("a kit is not made itself; its parts may be made to order");
        }
        if (kit.stream().map(ItemTerms.Part::sku).distinct().count() < kit.size()) {
            throw in.invalid("a part is there twice; say how many there are with quantity");
        }
        return new Item(new ItemId(0), in.required(sku, "sku"), description, attributes, terms);
    }

    private static ItemTerms.Part part(JsonReader in) {
        in.object();
        String sku = null;
        int quantity = 1;
        int value = 1;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "sku" -> sku = in.nonEmptyText(100);
                case "quantity" -> quantity = in.integer(1, ItemTerms.MOST_UNITS);
                case "value" -> value = in.integer(1, ItemTerms.MOST_VALUE);
                default -> throw in.unknownField();
            }
        }
        return new ItemTerms.Part(in.required(sku, "sku"), 0, quantity, value);
    }

    private static ItemTerms.MadeToOrder madeToOrder(JsonReader in) {
        in.object();
        String node = null;
        Integer workdays = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "node" -> node = in.nonEmptyText(64);
                case "workdays" -> workdays = in.integer(0, ItemTerms.MadeToOrder.MOST_WORKDAYS);
                default -> throw in.unknownField();
            }
        }
        return new ItemTerms.MadeToOrder(in.required(node, "node"), in.required(workdays, "workdays"));
    }

    static void write(JsonGenerator json, Item item) {
        json.writeStartObject();
        json.writeStringProperty("sku", item.sku());
        json.writeStringProperty("description", item.description());
        Json.attributes(json, "attributes", item.attributes());
        terms(json, item.terms());
        json.writeEndObject();
    }

    /** What is usual is not said. */
    private static void terms(JsonGenerator json, ItemTerms terms) {
        if (!terms.ships()) {
            json.writeBooleanProperty("ships", false);
        }
        if (!terms.handsOut()) {
            json.writeBooleanProperty("handsOut", false);
        }
        if (!terms.channels().isEmpty()) {
            json.writeName("channels");
            json.writeStartArray();
            terms.channels().forEach(json::writeString);
            json.writeEndArray();
        }
        if (terms.isKit()) {
            json.writeName("kit");
            json.writeStartArray();
            for (ItemTerms.Part part : terms.parts()) {
                json.writeStartObject();
                json.writeStringProperty("sku", part.sku());
                json.writeNumberProperty("quantity", part.quantity());
                json.writeNumberProperty("value", part.value());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        ItemTerms.@Nullable MadeToOrder made = terms.madeToOrder();
        if (made != null) {
            json.writeName("madeToOrder");
            json.writeStartObject();
            json.writeStringProperty("node", made.node());
            json.writeNumberProperty("workdays", made.workdays());
            json.writeEndObject();
        }
    }
}
