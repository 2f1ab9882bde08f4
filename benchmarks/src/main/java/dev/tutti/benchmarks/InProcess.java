package dev.tutti.benchmarks;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDraft;
import dev.tutti.server.engine.Engine;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** Puts orders straight into an engine, so many at a time, without HTTP. */
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
        Semaphore free = new Semaphore(atATime);
        AtomicInteger placed = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        long started = System.nanoTime();
        for (int i = 0; i < orders; i++) {
            free.acquire();
            long id = engine.nextId();
            Instant now = Engine.now();
            OrderDraft wanted = draft.apply(id, now);
            var answered = engine.submit(
                    Lane.INTERACTIVE,
                    id,
                    true,
                    new HubCommand.ForOrder(new OrderCommand.PlaceOrder(wanted)),
                    List.of(new KeyClaim(
                            new Key(KeyKind.EXTERNAL_ORDER, wanted.channel().value() + "|" + wanted.externalId()),
                            id,
                            id)),
                    new Audit("benchmark", "", now, ""));
            var unused = answered.thenAccept(answer -> {
                boolean done = answer instanceof Answer.Done<Order>;
                (done ? placed : refused).incrementAndGet();
                if (done) {
                    whenPlaced.run();
                }
                free.release();
            });
        }
        free.acquire(atATime);
        return new Result(placed.get(), refused.get(), (System.nanoTime() - started) / 1e9);
    }
}
