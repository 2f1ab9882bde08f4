package dev.tutti.simulator;

import dev.tutti.conveyor.Circumstances;
import dev.tutti.conveyor.Decision;
import dev.tutti.conveyor.Domain;
import dev.tutti.conveyor.Mark;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.OrderCommand;
import org.jspecify.annotations.Nullable;

/** The hub, with one command on which its decision breaks. */
record Poison(Domain<Aggregate, HubCommand, HubChange> hub) implements Domain<Aggregate, HubCommand, HubChange> {
    static final String SIGNAL = "poison";

    /** What a poisoned decision throws. */
    static final class Swallowed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Swallowed() {
            super("poisoned on purpose", null, false, false);
        }
    }

    @Override
    public Decision<Aggregate, HubChange> decide(
            @Nullable Aggregate state, HubCommand command, Circumstances<Aggregate> around) {
        if (command instanceof HubCommand.ForOrder(OrderCommand.Signal(var journey, String name))
                && name.equals(SIGNAL)) {
            throw new Swallowed();
        }
        return hub.decide(state, command, around);
    }

    @Override
    public @Nullable Mark mark(HubCommand command) {
        return hub.mark(command);
    }

    @Override
    public int version(Aggregate aggregate) {
        return hub.version(aggregate);
    }
}
