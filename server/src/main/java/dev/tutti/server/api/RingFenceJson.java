package dev.tutti.server.api;

import dev.tutti.network.RingFence;
import dev.tutti.server.json.Codes;
import dev.tutti.server.json.JsonReader;
import java.time.Instant;
import java.util.TreeSet;
import tools.jackson.core.JsonGenerator;

/** A ring-fence on the wire. */
final class RingFenceJson {
    private static final int MOST_NAMES = 1_000;
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private RingFenceJson() {}

    static RingFence read(JsonReader in) {
        in.object();
        String code = null;
        TreeSet<String> channels = new TreeSet<>();
        TreeSet<String> groups = new TreeSet<>();
        boolean lends = false;
        Instant returnsAt = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "code" -> code = Codes.read(in);
                case "channels" -> channels.addAll(in.list(MOST_NAMES, Codes::read));
                case "customerGroups" -> groups.addAll(in.list(MOST_NAMES, each -> each.nonEmptyText(100)));
                case "lends" -> lends = in.bool();
                case "returnsAt" -> returnsAt = in.isNull() ? null : in.instant(EARLIEST, LATEST);
                default -> throw in.unknownField();
            }
        }
        if (channels.isEmpty() && groups.isEmpty() && !lends) {
            throw in.invalid("it keeps units for nobody: it needs channels, customerGroups or lends");
        }
        return new RingFence(0, in.required(code, "code"), channels, groups, lends, returnsAt);
    }

    static void write(JsonGenerator json, RingFence fence) {
        json.writeStartObject();
        json.writeStringProperty("code", fence.code());
        json.writeName("channels");
        json.writeStartArray();
        fence.channels().forEach(json::writeString);
        json.writeEndArray();
        json.writeName("customerGroups");
        json.writeStartArray();
        fence.customerGroups().forEach(json::writeString);
        json.writeEndArray();
        json.writeBooleanProperty("lends", fence.lends());
        if (fence.returnsAt() != null) {
            json.writeStringProperty("returnsAt", fence.returnsAt().toString());
        }
        json.writeEndObject();
    }
}
