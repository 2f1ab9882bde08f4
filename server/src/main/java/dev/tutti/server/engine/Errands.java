package dev.tutti.server.engine;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.RefusalCode;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.Fencing;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.network.NodeId;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.postgres.StockReads;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.reservation.ReservationId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Commands that nobody outside asked for: at most one under way for each order or reservation. */
final class Errands {
    private static final Logger LOG = LoggerFactory.getLogger(Errands.class);
    private static final int MOST_WAITING = 5_000;

    /** The order has gone on since, by itself or by other hands. */
    private static final Set<RefusalCode> OVERTAKEN =
            EnumSet.of(RefusalCode.NOT_EXPECTED_NOW, RefusalCode.UNITS_NOT_IN_STATE);

    private final Engine engine;
    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();

    Errands(Engine engine) {
        this.engine = engine;
    }

    /** Whether so much waits already that those who are in no hurry should come later. */
    boolean isBusy() {
        return engine.waiting() >= MOST_WAITING;
    }

    /** Unless a command for it is under way already; then false. */
    boolean submit(long order, OrderCommand command, String origin) {
        return submit(order, command, origin, answer -> {});
    }

    /**
     * Unless a command for it is under way already; then false.
     *
     * @param answered told the answer, on any thread
     */
    boolean submit(long order, OrderCommand command, String origin, Consumer<Answer<Order>> answered) {
        boolean free = underWay.add(order);
        if (free) {
            var unused = engine.submit(
                            Lane.DUE, order, false, new HubCommand.ForOrder(command), List.of(), audit(origin, ""))
                    .thenAccept(answer -> {
                        if (answer instanceof Answer.Refused<Order>(var refusal)) {
                            // An order that has gone on since needs no help; anything else a person should see.
                            Level level = OVERTAKEN.contains(refusal.code()) ? Level.DEBUG : Level.WARN;
                            LOG.atLevel(level).log("order {}: {} was refused: {}", order, origin, refusal.detail());
                        }
                        underWay.remove(order);
                        answered.accept(answer);
                    });
        }
        return free;
    }

    void submit(ReservationId reservation, ReservationCommand command, String origin) {
        if (underWay.add(reservation.aggregate())) {
            var unused = engine.submit(Lane.DUE, reservation, command, List.of(), audit(origin, ""))
                    .thenAccept(answer -> underWay.remove(reservation.aggregate()));
        }
    }

    /** What was kept is everybody's again. One after the other would each wait for its commit; together they share it. */
    void giveBack(List<StockReads.KeptUnits> kept, String reference, String reason) {
        List<CompletableFuture<?>> together = new ArrayList<>();
        for (StockReads.KeptUnits units : kept) {
            together.add(post(
                    StockDocument.Kind.FENCE,
                    reference,
                    Fencing.unallocate(units.item(), new NodeId(units.node()), units.pool(), units.quantity()),
                    "kept-units",
                    reason));
        }
        together.forEach(CompletableFuture::join);
    }

    /** One that is refused has been overtaken. */
    CompletableFuture<?> post(
            StockDocument.Kind kind, String reference, List<StockChange> changes, String origin, String reason) {
        StockDocument document = new StockDocument(engine.nextId(), kind, reference, changes);
        return engine.submit(
                Lane.DUE, document.id(), true, new HubCommand.ForStock(document), List.of(), audit(origin, reason));
    }

    private static Audit audit(String origin, String reason) {
        return new Audit("tutti", origin, Engine.now(), reason);
    }
}
