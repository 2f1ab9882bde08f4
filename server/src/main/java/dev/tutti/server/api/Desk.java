package dev.tutti.server.api;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.Gate;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Hands commands over to the conveyor, waits until their answers are certain and says them on the wire. */
final class Desk {
    static final long PATIENCE_SECONDS = 30;

    private final Engine engine;

    Desk(Engine engine) {
        this.engine = engine;
    }

    /**
     * A command for an order that is there.
     *
     * @return whether it was done, now or before
     */
    boolean change(Call call, long id, OrderCommand command, String reason) throws IOException {
        Integer seen = call.ifMatch();
        OrderCommand asked = seen == null ? command : new OrderCommand.IfUnchanged(seen, command);
        List<KeyClaim> keys = new ArrayList<>(1);
        claimRequest(call, new Fingerprint().add(id).add(asked).value(), id, keys);
        Answer<Order> answer = await(
                engine.submit(Lane.INTERACTIVE, id, false, new HubCommand.ForOrder(asked), keys, call.audit(reason)));
        switch (answer) {
            case Answer.Done<Order>(Order next) when next != null -> reply(call, 200, next);
            case Answer.Done<Order> done -> throw new IllegalStateException("an order's command leaves an order");
            case Answer.Repeated<Order>(long order) -> {
                call.header("Idempotent-Replayed", "true");
                reply(call, 200, required(engine.reads().order(order)));
            }
            case Answer.Refused<Order>(Refusal refusal) -> call.reply(problem(refusal));
        }
        return !(answer instanceof Answer.Refused<Order>);
    }

    /** In no header, so in no caller's key. */
    static final String KEY_SEPARATOR = "\n";

    /** Claims the caller's own key of the request, if there is one. */
    static void claimRequest(Call call, long fingerprint, long owner, List<KeyClaim> keys) {
        String key = call.idempotencyKey();
        if (key != null) {
            keys.add(new KeyClaim(
                    new Key(KeyKind.REQUEST, call.caller().key() + KEY_SEPARATOR + key), fingerprint, owner));
        }
    }

    void reply(Call call, int status, Order order) throws IOException {
        call.header("ETag", "\"" + order.version() + "\"");
        call.reply(status, json -> OrderJson.write(json, order, engine.catalogue()));
    }

    static Order required(@Nullable Order order) {
        if (order == null) {
            throw new IllegalStateException("a key stands for an order that is not there");
        }
        return order;
    }

    static <T> T await(CompletableFuture<T> answer) {
        return await(answer, System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
    }

    /** @param until of {@link System#nanoTime}, for one answer of many that are waited for together */
    static <T> T await(CompletableFuture<T> answer, long until) {
        try {
            return answer.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new NotDone(Problem.of(
                    504,
                    "outcome-unknown",
                    "no certain answer within " + PATIENCE_SECONDS
                            + " s; it may still be done: repeat the request with the same key to learn"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotDone(Problem.of(503, "stopping", "the server is stopping; try another"));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** A refusal on the wire; an error of our own is recorded under a number. */
    static Problem problem(Refusal refusal) {
        if (refusal.code() == RefusalCode.DECISION_FAILED) {
            return Gate.failed("a decision", new IllegalStateException(refusal.detail()));
        }
        return switch (refusal.code()) {
            case KEY_REUSED -> keyReused("Idempotency-Key");
            case STALE_VERSION -> Problem.of(Refusal.at("If-Match", refusal.code(), refusal.detail()));
            default -> Problem.of(refusal);
        };
    }

    /** As {@link #problem(Refusal)}, for an order that claims its channel's number as well. */
    static Problem problem(Refusal refusal, KeyClaim external) {
        return refusal.code() == RefusalCode.KEY_REUSED
                        && refusal.detail().contains(" " + external.key().text() + " ")
                ? keyReused("externalId")
                : problem(refusal);
    }

    private static Problem keyReused(String path) {
        RefusalCode code = RefusalCode.KEY_REUSED;
        return Problem.of(Refusal.at(path, code, "this " + path + " was used before, with another content"));
    }
}
