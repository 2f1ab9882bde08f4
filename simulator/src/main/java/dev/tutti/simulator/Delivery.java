package dev.tutti.simulator;

import dev.tutti.conveyor.Answer;
import dev.tutti.decision.Aggregate;
import java.util.function.Consumer;

/** A command that reached a server: must be answered once, unless the server dies. */
final class Delivery implements Consumer<Answer<Aggregate>> {
    private final Consumer<Answer<Aggregate>> reply;
    private int answers;

    Delivery(Consumer<Answer<Aggregate>> reply) {
        this.reply = reply;
    }

    @Override
    public void accept(Answer<Aggregate> answer) {
        answers++;
        reply.accept(answer);
    }

    int answers() {
        return answers;
    }
}
