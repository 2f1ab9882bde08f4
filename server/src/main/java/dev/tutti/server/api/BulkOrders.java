package dev.tutti.server.api;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.Refusal;
import dev.tutti.order.Order;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NdjsonLines;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Many orders in one request, a line each. Every line stands for itself: a bad one is answered and the others go on. The
 * channels' own numbers make the whole repeatable: sent again, a file changes nothing and gives the same numbers.
 */
final class BulkOrders {
    private final Engine engine;

    BulkOrders(Engine engine) {
        this.engine = engine;
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
        }
    }

    private CompletableFuture<byte[]> result(NdjsonLines lines, Sight sight, Audit audit) {
        int line = lines.number();
        OrderReader.Asked asked;
        try (JsonReader in = lines.json()) {
            asked = OrderReader.read(in, sight, engine.nextId(), Engine.now());
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(LineResults.bytes(line, LineResults.problem(e)));
        }
        long id = asked.draft().id().value();
        Audit now = new Audit(audit.actor(), audit.origin(), Engine.now(), audit.reason());
        return Overload.submit(() -> engine.submit(
                        Lane.BULK,
                        id,
                        true,
                        OrderEndpoints.command(asked),
                        List.of(OrderEndpoints.externalKey(asked)),
                        now))
                .thenApply(answer -> bytes(line, asked, answer));
    }

    private static byte[] bytes(int line, OrderReader.Asked asked, Answer<Order> answer) {
        return switch (answer) {
            case Answer.Done<Order> done ->
                LineResults.bytes(
                        line,
                        201,
                        json -> json.writeStringProperty(
                                "id", Long.toString(asked.draft().id().value())));
            case Answer.Repeated<Order>(long first) ->
                LineResults.bytes(line, 200, json -> {
                    json.writeStringProperty("id", Long.toString(first));
                    json.writeBooleanProperty("replayed", true);
                });
            case Answer.Refused<Order>(Refusal refusal) ->
                LineResults.bytes(line, Desk.problem(refusal, OrderEndpoints.externalKey(asked)));
        };
    }
}
