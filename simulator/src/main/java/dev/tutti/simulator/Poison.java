package dev.tutti.simulator;

import dev.tutti.conveyor.Circumstances;
import dev.tutti.conveyor.Decision;
import dev.tutti.conveyor.Domain;
import dev.tutti.conveyor.Mark;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import org.jspecify.annotations.Nullable;

/** The hub, with one command on which its decision breaks. */
record Poison(Domain<Order, HubCommand, HubChange> hub) implements Domain<Order, HubCommand, HubChange> {
    static final String SIGNAL = "poison";

    /** What a poisoned decision throws. */
    static final class Swallowed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Swallowed() {
            super("poisoned on purpose", null, false, false);
        }
    }

    @Override
    public Decision<Order, HubChange> decide(@Nullable Order order, HubCommand command, Circumstances around) {
        if (command instanceof HubCommand.ForOrder(OrderCommand.Signal(var journey, String name))
                && name.equals(SIGNAL)) {
            throw new Swallowed();
        }
        return hub.decide(order, command, around);
    }

    @Override
    public @Nullable Mark mark(HubCommand command) {
        return hub.mark(command);
    }

    @Override
    public int version(Order order) {
        return hub.version(order);
    }
}
