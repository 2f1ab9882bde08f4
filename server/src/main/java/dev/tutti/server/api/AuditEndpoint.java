package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.postgres.AuditTrail;
import dev.tutti.postgres.AuditTrail.Entry;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.util.List;

/** Who made keys and secrets, revoked them, sent dead letters again or dropped them. */
final class AuditEndpoint {
    private final AuditTrail trail;

    AuditEndpoint(Engine engine) {
        this.trail = engine.database().auditTrail();
    }

    void register(Routes routes) {
        routes.add("GET", "/v1/audit", "audit.read", this::read);
    }

    private void read(Call call) throws IOException {
        call.onlyQueries("before", "limit");
        String before = call.query("before");
        if (before != null && !before.matches("[0-9]{1,18}")) {
            throw NotDone.at("before", RefusalCode.INVALID_FIELD, "it is the number of an entry");
        }
        List<Entry> entries = trail.before(before == null ? Long.MAX_VALUE : Long.parseLong(before), call.limit());
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("entries");
            json.writeStartArray();
            for (Entry entry : entries) {
                json.writeStartObject();
                json.writeNumberProperty("number", entry.id());
                json.writeStringProperty("at", entry.at().toString());
                json.writeStringProperty("actor", entry.actor());
                json.writeStringProperty("origin", entry.origin());
                if (!entry.reason().isEmpty()) {
                    json.writeStringProperty("reason", entry.reason());
                }
                json.writeStringProperty("act", entry.act());
                json.writeStringProperty("subject", entry.subject());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
