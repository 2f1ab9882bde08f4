package dev.tutti.server.api;

import dev.tutti.conveyor.Audit;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NdjsonLines;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * Many orders in one request, a line each. Every line stands for itself: a bad one is answered and the others go on. The
 * channels' own numbers make the whole repeatable: sent again, a file changes nothing and gives the same numbers.
 */
final class BulkOrders {
    private final Engine engine;
    private final IncomingOrders incoming;

    BulkOrders(Engine engine) {
        this.engine = engine;
        this.incoming = new IncomingOrders(engine);
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/orders/bulk", "orders.place-bulk", this::place);
    }

    private void place(Call call) throws IOException {
        Sight sight = new Sight(engine, call.caller().scope());
        Audit audit = call.audit("");
        NdjsonLines lines = call.lines();
        try (LineResults results = new LineResults(call)) {
            while (lines.next()) {
                results.add(result(lines, sight, audit));
            }
            results.answer();
        }
    }

    private CompletableFuture<byte[]> result(NdjsonLines lines, Sight sight, Audit audit) {
        int line = lines.number();
        return incoming.take(lines::json, sight, audit).thenApply(outcome -> bytes(line, outcome));
    }

    private static byte[] bytes(int line, IncomingOrders.Outcome outcome) {
        if (outcome.problem() != null) {
            return LineResults.bytes(line, outcome.problem());
        }
        return LineResults.bytes(line, outcome.before() ? 200 : 201, json -> {
            json.writeStringProperty("id", Long.toString(outcome.id()));
            if (outcome.before()) {
                json.writeBooleanProperty("replayed", true);
            }
        });
    }
}
