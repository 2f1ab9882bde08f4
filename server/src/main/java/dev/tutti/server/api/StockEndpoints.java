package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockDocument;
import dev.tutti.network.Node;
import dev.tutti.postgres.StockFile;
import dev.tutti.postgres.StockFiles;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Stock: what others know of it, and what we know. */
final class StockEndpoints {
    private final Engine engine;

    StockEndpoints(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/stock/snapshot", "stock.snapshot", call -> post(call, StockDocument.Kind.SNAPSHOT));
        routes.add("POST", "/v1/stock/delta", "stock.delta", call -> post(call, StockDocument.Kind.DELTA));
        routes.add("POST", "/v1/stock/sales", "stock.sales", call -> post(call, StockDocument.Kind.SALE));
        routes.add("POST", "/v1/stock/returns", "stock.returns", call -> post(call, StockDocument.Kind.RETURN));
        routes.add("POST", "/v1/stock/settings", "stock.settings", call -> post(call, StockDocument.Kind.SETTINGS));
        routes.add("GET", "/v1/stock/files", "stock.read", this::files);
        routes.add("GET", "/v1/stock", "stock.read", this::get);
    }

    private void post(Call call, StockDocument.Kind kind) throws IOException {
        boolean counts = kind == StockDocument.Kind.SNAPSHOT;
        if (counts) {
            call.onlyQueries("reference", "source", "sequence", "asOf");
        } else {
            call.onlyQueries("reference", "source", "sequence");
        }
        String reference = call.query("reference");
        new StockLines(engine, call, kind, reference == null ? "" : reference, file(call)).take();
    }

    /** Which file of whom it is; null if the caller does not say. */
    private static @Nullable StockFile file(Call call) {
        String source = call.query("source");
        String sequence = call.query("sequence");
        Instant now = Engine.now();
        Instant asOf = call.instantQuery("asOf", StockFile.EARLIEST, now.plus(StockFile.AHEAD));
        if (source == null) {
            if (sequence != null || asOf != null) {
                throw NotDone.at(
                        "source",
                        RefusalCode.INVALID_FIELD,
                        "a file that has a number, or a moment for all its lines, says whose it is");
            }
            return null;
        }
        if (!source.matches("[A-Za-z0-9._-]{1,64}")) {
            throw NotDone.at(
                    "source", RefusalCode.INVALID_FIELD, "a source is 1 to 64 letters, digits, dots and dashes");
        }
        if (sequence == null || !sequence.matches("[1-9][0-9]{0,17}")) {
            throw NotDone.at("sequence", RefusalCode.INVALID_FIELD, "a source numbers its files: 1, 2, 3 and so on");
        }
        return new StockFile(source, Long.parseLong(sequence), asOf);
    }

    private void files(Call call) throws IOException {
        call.onlyQueries("source");
        List<StockFiles.Source> sources = engine.database().stockFiles().sources(call.query("source"));
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("sources");
            json.writeStartArray();
            sources.forEach(source -> write(json, source));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, StockFiles.Source source) {
        json.writeStartObject();
        json.writeStringProperty("source", source.source());
        json.writeNumberProperty("newest", source.newest());
        json.writeStringProperty("receivedAt", source.receivedAt().toString());
        json.writeName("missing");
        json.writeStartArray();
        source.missing().forEach(number -> json.writeNumber(number));
        json.writeEndArray();
        json.writeName("files");
        json.writeStartArray();
        for (StockFiles.File file : source.files()) {
            json.writeStartObject();
            json.writeNumberProperty("sequence", file.sequence());
            json.writeStringProperty("kind", file.kind().toLowerCase(Locale.ROOT));
            if (file.asOf() != null) {
                json.writeStringProperty("asOf", file.asOf().toString());
            }
            json.writeStringProperty("receivedAt", file.receivedAt().toString());
            json.writeNumberProperty("lines", file.lines());
            json.writeNumberProperty("taken", file.taken());
            json.writeNumberProperty("overtaken", file.overtaken());
            json.writeBooleanProperty("whole", file.whole());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void get(Call call) throws IOException {
        call.onlyQueries("sku", "node");
        Sight sight = new Sight(engine, call.caller().scope());
        String sku = call.requiredQuery("sku");
        int item = engine.catalogue().item(sku);
        if (item < 0) {
            throw NotDone.notFound("item");
        }
        List<Node> nodes = nodes(call.query("node"), sight);
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeStringProperty("sku", sku);
            json.writeName("positions");
            json.writeStartArray();
            for (Node node : nodes) {
                Position position =
                        engine.index().position(new PositionKey(item, node.id().value()));
                if (position != null) {
                    write(json, item, node, position);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private List<Node> nodes(@Nullable String code, Sight sight) {
        if (code == null) {
            List<Node> seen = new ArrayList<>(engine.catalogue().network().nodes());
            seen.removeIf(node -> !sight.sees(node));
            seen.sort(Comparator.comparing(Node::code));
            return seen;
        }
        Node node = sight.node(code);
        if (node == null) {
            throw NotDone.notFound("node");
        }
        return List.of(node);
    }

    private void write(JsonGenerator json, int item, Node node, Position position) {
        json.writeStartObject();
        json.writeStringProperty("node", node.code());
        json.writeNumberProperty("onHand", position.onHand());
        json.writeNumberProperty("reserved", position.reserved());
        json.writeNumberProperty("available", position.available());
        json.writeNumberProperty("shortage", position.shortage());
        json.writeNumberProperty("backorderCap", position.backorderCap());
        json.writeNumberProperty("safetyStock", position.safetyStock());
        json.writeNumberProperty("version", position.version());
        write(json, "keptForOrders", item, node, Place.Pool.WAKING);
        write(json, "qualityControl", item, node, Place.Pool.QUALITY_CONTROL);
        write(json, "damaged", item, node, Place.Pool.DAMAGED);
        json.writeEndObject();
    }

    private void write(JsonGenerator json, String name, int item, Node node, int pool) {
        int units = engine.index()
                .balance(PositionKey.of(item, new Place(pool, node.id().value())))
                .onHand();
        if (units > 0) {
            json.writeNumberProperty(name, units);
        }
    }
}
