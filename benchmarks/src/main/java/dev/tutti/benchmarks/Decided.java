package dev.tutti.benchmarks;

import dev.tutti.conveyor.Circumstances;
import dev.tutti.conveyor.Decision;
import dev.tutti.decision.Aggregate;
import dev.tutti.flow.Flows;
import dev.tutti.flow.StandardFlows;
import dev.tutti.hub.Hub;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.order.OrderCommand;
import dev.tutti.postgres.Database;
import dev.tutti.sourcing.Sourcing;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Orders that are decided and wait to be written: what is left when nothing has to be decided any more. */
final class Decided {
    private Decided() {}

    static List<HubChange.OrderChanged> orders(Database database, Drafts drafts, int count) {
        AvailabilityIndex index = new AvailabilityIndex();
        database.stock().learn(index, 0, Integer.MAX_VALUE);
        Hub hub = new Hub(
                database.masterData().network(), new Flows(List.of(StandardFlows.shipAndWait())), new Sourcing());
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        List<HubChange.OrderChanged> orders = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            OrderCommand place =
                    new OrderCommand.PlaceOrder(drafts.draft(database.ids().next(), now));
            Decision<Aggregate, HubChange> decision =
                    hub.decide(null, new HubCommand.ForOrder(place), new Circumstances<>(now, index));
            if (decision instanceof Decision.Accepted<Aggregate, HubChange> accepted
                    && accepted.change() instanceof HubChange.OrderChanged changed) {
                orders.add(changed);
            } else {
                throw new IllegalStateException("not accepted: " + decision);
            }
        }
        return orders;
    }
}
