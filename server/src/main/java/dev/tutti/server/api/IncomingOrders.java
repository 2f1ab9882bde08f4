package dev.tutti.server.api;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.Refusal;
import dev.tutti.order.Order;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.events.OrdersIn;
import dev.tutti.server.http.Gate;
import dev.tutti.server.http.Problem;
import dev.tutti.server.json.JsonReader;
import dev.tutti.server.security.Scope;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Orders that come many at a time, each as it would be posted alone. */
public final class IncomingOrders {
    /** An error of our own may be the order's fault after all. */
    private static final int TRIES_OF_AN_ERROR = 5;

    private final Engine engine;

    public IncomingOrders(Engine engine) {
        this.engine = engine;
    }

    /**
     * What became of one.
     *
     * @param id 0 if it was not taken
     * @param before whether it had been taken before
     * @param problem why it was not taken, or null
     */
    public record Outcome(long id, boolean before, @Nullable Problem problem) {}

    /** Takes an order in, from whoever may place any; waits while there is no room for it. */
    public CompletableFuture<Outcome> take(byte[] order, Audit audit) {
        return take(() -> new JsonReader(order, 0, order.length, 1), new Sight(engine, Scope.EVERYTHING), audit);
    }

    /** As {@link #take(byte[], Audit)}, for a way that keeps what was not taken. */
    public CompletableFuture<OrdersIn.Taken> taken(byte[] order, Audit audit) {
        return take(order, audit).thenApply(outcome -> {
            Problem problem = outcome.problem();
            return problem == null
                    ? new OrdersIn.Taken(new byte[0], 0)
                    : new OrdersIn.Taken(problem.bytes(), tries(problem.status()));
        });
    }

    private static int tries(int status) {
        return status < 500 ? 0 : status == 500 ? TRIES_OF_AN_ERROR : Integer.MAX_VALUE;
    }

    CompletableFuture<Outcome> take(Supplier<JsonReader> order, Sight sight, Audit audit) {
        OrderReader.Asked asked;
        try (JsonReader in = order.get()) {
            asked = OrderReader.read(in, sight, engine.nextId(), Engine.now());
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(new Outcome(0, false, Gate.problem("an order", e)));
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
                .thenApply(answer -> outcome(asked, answer));
    }

    private static Outcome outcome(OrderReader.Asked asked, Answer<Order> answer) {
        return switch (answer) {
            case Answer.Done<Order> done -> new Outcome(asked.draft().id().value(), false, null);
            case Answer.Repeated<Order>(long first) -> new Outcome(first, true, null);
            case Answer.Refused<Order>(Refusal refusal) ->
                new Outcome(0, false, Desk.problem(refusal, OrderEndpoints.externalKey(asked)));
        };
    }
}
