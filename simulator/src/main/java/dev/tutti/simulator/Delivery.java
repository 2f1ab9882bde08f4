package dev.tutti.simulator;

import dev.tutti.conveyor.Answer;
import dev.tutti.order.Order;
import java.util.function.Consumer;

/** A command that reached a server: must be answered once, unless the server dies. */
final class Delivery implements Consumer<Answer<Order>> {
    private final Consumer<Answer<Order>> reply;
    private int answers;

    Delivery(Consumer<Answer<Order>> reply) {
        this.reply = reply;
    }

    @Override
    public void accept(Answer<Order> answer) {
        answers++;
        reply.accept(answer);
    }

    int answers() {
        return answers;
    }
}
