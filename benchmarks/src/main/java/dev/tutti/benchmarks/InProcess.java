package dev.tutti.benchmarks;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDraft;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.reservation.ReservationId;
import dev.tutti.server.engine.Engine;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Puts orders and carts straight into an engine, so many at a time, without HTTP. */
final class InProcess {
    private InProcess() {}

    /** What became of the orders. */
    record Result(int placed, int refused, double seconds) {
        double perSecond() {
            return placed / seconds;
        }
    }

    static Result place(Engine engine, int orders, int atATime, BiFunction<Long, Instant, OrderDraft> draft)
            throws InterruptedException {
        return place(engine, orders, atATime, draft, () -> {});
    }

    /** @param whenPlaced is called for each order that was taken */
    static Result place(
            Engine engine, int orders, int atATime, BiFunction<Long, Instant, OrderDraft> draft, Runnable whenPlaced)
            throws InterruptedException {
        return run(
                orders,
                atATime,
                () -> {
                    long id = engine.nextId();
                    Instant now = Engine.now();
                    OrderDraft wanted = draft.apply(id, now);
                    return engine.submit(
                            Lane.INTERACTIVE,
                            id,
                            true,
                            new HubCommand.ForOrder(new OrderCommand.PlaceOrder(wanted)),
                            List.of(new KeyClaim(
                                    new Key(
                                            KeyKind.EXTERNAL_ORDER,
                                            wanted.channel().value() + "|" + wanted.externalId()),
                                    id,
                                    id)),
                            new Audit("benchmark", "", now, ""));
                },
                whenPlaced);
    }

    /** @param command makes what is asked for from its number and a moment */
    static Result reserve(
            Engine engine,
            int carts,
            int atATime,
            BiFunction<ReservationId, Instant, ReservationCommand.Reserve> command,
            Runnable whenHeld)
            throws InterruptedException {
        return run(
                carts,
                atATime,
                () -> {
                    ReservationId id = new ReservationId(engine.nextId());
                    Instant now = Engine.now();
                    return engine.submit(
                            Lane.INTERACTIVE,
                            id,
                            command.apply(id, now),
                            List.of(new KeyClaim(
                                    new Key(KeyKind.REQUEST, "cart " + id.value()), id.value(), id.aggregate())),
                            new Audit("benchmark", "", now, ""));
                },
                whenHeld);
    }

    private static <A extends Answer<?>> Result run(
            int requests, int atATime, Supplier<CompletableFuture<A>> submit, Runnable whenDone)
            throws InterruptedException {
        Semaphore free = new Semaphore(atATime);
        AtomicInteger placed = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        long started = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            free.acquire();
            var unused = submit.get().thenAccept(answer -> {
                boolean done = answer instanceof Answer.Done<?>;
                (done ? placed : refused).incrementAndGet();
                if (done) {
                    whenDone.run();
                }
                free.release();
            });
        }
        free.acquire(atATime);
        return new Result(placed.get(), refused.get(), (System.nanoTime() - started) / 1e9);
    }
}
