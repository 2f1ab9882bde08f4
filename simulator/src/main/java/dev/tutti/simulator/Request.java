package dev.tutti.simulator;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.Aggregate;
import dev.tutti.decision.RefusalCode;
import dev.tutti.hub.HubCommand;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Something a client wants done, however many attempts it takes. */
final class Request {
    final long number;
    final String actor;
    final Lane lane;
    /** Whom it is about; 0 if each attempt begins something new under a number of its own. */
    final long aggregate;

    final List<Key> keys;
    final long fingerprint;
    final boolean poisoned;
    private final LongFunction<HubCommand> command;
    int attempts;
    private @Nullable Answer<Aggregate> answer;

    Request(
            long number,
            String actor,
            Lane lane,
            long aggregate,
            List<Key> keys,
            long fingerprint,
            boolean poisoned,
            LongFunction<HubCommand> command) {
        this.number = number;
        this.actor = actor;
        this.lane = lane;
        this.aggregate = aggregate;
        this.keys = keys;
        this.fingerprint = fingerprint;
        this.poisoned = poisoned;
        this.command = command;
    }

    HubCommand command(long under) {
        return command.apply(under);
    }

    boolean creates() {
        return aggregate == 0;
    }

    /** Whether it may be sent again: only a key makes that safe. */
    boolean repeatable() {
        return !keys.isEmpty();
    }

    void hears(Answer<Aggregate> heard) {
        boolean comeAgain = heard instanceof Answer.Refused<Aggregate>(var refusal)
                && refusal.code() == RefusalCode.OVERLOADED
                && repeatable();
        if (!comeAgain) {
            answer = heard;
        }
    }

    boolean settled() {
        return answer != null;
    }
}
