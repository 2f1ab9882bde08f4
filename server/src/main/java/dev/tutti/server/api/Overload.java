package dev.tutti.server.api;

import dev.tutti.conveyor.Answer;
import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.order.Order;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** For one command of many: waits rather than gives up while the lane is full, which slows the reading down. */
final class Overload {
    private static final long PAUSE_MILLIS = 20;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private Overload() {}

    static CompletableFuture<Answer<Order>> submit(Supplier<CompletableFuture<Answer<Order>>> attempt) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            CompletableFuture<Answer<Order>> answer = attempt.get();
            if (!isOverloaded(answer) || System.nanoTime() > until || !pause()) {
                return answer;
            }
        }
    }

    private static boolean isOverloaded(CompletableFuture<Answer<Order>> answer) {
        return answer.isDone()
                && answer.join() instanceof Answer.Refused<Order>(Refusal refusal)
                && refusal.code() == RefusalCode.OVERLOADED;
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
