package dev.tutti.server.api;

import dev.tutti.conveyor.Answer;
import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.order.Order;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** For one command of many: waits rather than gives up while the lane is full, which slows the reading down. */
final class Overload {
    private static final long PAUSE_MILLIS = 20;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private Overload() {}

    static CompletableFuture<Answer<Order>> submit(Supplier<CompletableFuture<Answer<Order>>> attempt) {
        return submit(attempt, Function.identity());
    }

    /** @param answer what a command was told, of all that comes back with it */
    static <T> CompletableFuture<T> submit(
            Supplier<CompletableFuture<T>> attempt, Function<T, ? extends Answer<?>> answer) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            CompletableFuture<T> given = attempt.get();
            if (!given.isDone() || !isOverloaded(answer.apply(given.join())) || System.nanoTime() > until || !pause()) {
                return given;
            }
        }
    }

    private static boolean isOverloaded(Answer<?> answer) {
        return answer instanceof Answer.Refused<?>(Refusal refusal) && refusal.code() == RefusalCode.OVERLOADED;
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
