package dev.tutti.simulator.audit;

import static dev.tutti.simulator.audit.Invariant.EVENTS_FOLD_TO_STATE;
import static dev.tutti.simulator.audit.Invariant.KEYS_UNIQUE;
import static dev.tutti.simulator.audit.Invariant.LEDGER_IS_POSITION;
import static dev.tutti.simulator.audit.Invariant.MONEY_FOLLOWS_UNITS;
import static dev.tutti.simulator.audit.Invariant.MONEY_SUMS;
import static dev.tutti.simulator.audit.Invariant.NOBODY_FORGOTTEN;
import static dev.tutti.simulator.audit.Invariant.NODE_TIME;
import static dev.tutti.simulator.audit.Invariant.PAID_WITHIN_BOUNDS;
import static dev.tutti.simulator.audit.Invariant.RESERVED_IS_OWNED;
import static dev.tutti.simulator.audit.Invariant.SHIPPED_ONCE;
import static dev.tutti.simulator.audit.Invariant.UNITS_CONSERVED;
import static dev.tutti.simulator.audit.Invariant.VERSIONS_CONTIGUOUS;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.KeyOwner;
import dev.tutti.decision.Aggregate;
import dev.tutti.decision.BrokenInvariant;
import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Flows;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.inbound.InboundCommand;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.order.FlowPosition;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderEvent;
import dev.tutti.order.OrderStatus;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.simulator.store.Commit;
import dev.tutti.simulator.store.Database;
import dev.tutti.simulator.store.JournalRow;
import dev.tutti.simulator.store.StoredOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every commit and every answer the moment it happens. All checks throw {@link Violation}.
 *
 * <p>Checking is incremental: a commit's orders and positions are compared, nothing else. Now and then {@link #recount}
 * adds everything up again from the first commit on.
 */
public final class Auditor {
    private static final UnitState[] STATES = UnitState.values();

    private final Flows flows;
    private final SourcingAudit sourcing;
    private final Supplier<Instant> now;
    private final Network network;
    private final Books books;
    private final ClientJournals journals = new ClientJournals();
    private final Map<Long, Order> folded = new HashMap<>();
    private final Map<String, Long> externalIds = new HashMap<>();
    private final Repeats repeats = new Repeats();

    public Auditor(Network network, Flows flows, Supplier<Instant> now) {
        this.network = network;
        this.flows = flows;
        this.sourcing = new SourcingAudit(network);
        this.books = new Books(network);
        this.now = now;
    }

    public void submitted(Submission submission) {
        journals.submitted(submission);
    }

    public void delivered(String tag) {
        journals.delivered(tag);
    }

    public void answered(String tag, Answer<Aggregate> answer) {
        journals.answered(tag, answer);
    }

    /** A transaction has just become visible in the database. */
    public void committed(Commit commit, Database database) {
        journals.committed(commit, now.get());
        books.apply(commit);
        for (JournalRow row : commit.journal()) {
            if (row.change() instanceof HubChange.OrderChanged change) {
                String name = "order " + row.aggregate();
                folded.put(row.aggregate(), fold(name, folded.get(row.aggregate()), change.events()));
                sourcing.check(name, change, now.get());
                externalId(name, row.aggregate(), change, commit.keys());
                if (change.before() == null) {
                    repeats.placed(name, change.after(), channel(change.after()));
                }
            }
        }
        books.touchedOrders.forEach(id -> check(id, books, folded.get(id), database));
        books.touchedPositions.forEach(key -> check(key, books, database));
    }

    /** Everything, from the beginning. */
    public void recount(Database database) {
        Books again = new Books(network);
        database.history().forEach(again::apply);
        for (Long id : again.orders.keySet()) {
            StoredOrder order = database.order(id);
            List<OrderEvent> events = order == null ? List.of() : order.events();
            check(id, again, fold("order " + id, null, events), database);
        }
        again.positions.keySet().forEach(key -> check(key, again, database));
        for (PositionKey key : database.positions().keySet()) {
            check(key, again, database);
        }
        for (Map.Entry<Key, KeyOwner> entry : database.keys().entrySet()) {
            long owner = entry.getValue().owner();
            if (entry.getKey().kind() != KeyKind.REQUEST && database.order(owner) == null) {
                throw new Violation(KEYS_UNIQUE, "order " + owner, "owns " + entry.getKey() + " and does not exist");
            }
        }
        journals.recheck();
    }

    /** When all is quiet and every order closed, nothing may be left of them. */
    public void nothingIsLeft(Database database) {
        database.positions().forEach((key, position) -> {
            // What a day's work took of it is not given back when the work is done.
            if (!key.isDay() && (position.reserved() != books.kept(key) || position.shortage() != 0)) {
                throw new Violation(
                        Invariant.NOTHING_LEFT, "position " + key.item() + " at " + key.place(), "is " + position);
            }
        });
    }

    private Channel channel(Order order) {
        return Objects.requireNonNull(network.channel(order.header().channel()));
    }

    private void externalId(String name, long order, HubChange.OrderChanged change, List<Key> keys) {
        if (change.before() == null) {
            String text = change.after().header().channel().value() + "|"
                    + change.after().header().externalId();
            if (externalIds.put(text, order) != null || !keys.contains(new Key(KeyKind.EXTERNAL_ORDER, text))) {
                throw new Violation(KEYS_UNIQUE, name, "the channel's number " + text + " is taken or unguarded");
            }
        }
    }

    private static Order fold(String name, @Nullable Order from, List<OrderEvent> events) {
        Order order = from;
        try {
            for (OrderEvent event : events) {
                order = Order.apply(order, event);
            }
        } catch (BrokenInvariant broken) {
            throw new Violation(EVENTS_FOLD_TO_STATE, name, String.valueOf(broken.getMessage()));
        }
        if (order == null) {
            throw new Violation(EVENTS_FOLD_TO_STATE, name, "has no events");
        }
        return order;
    }

    private void check(long id, Books from, @Nullable Order foldedState, Database database) {
        OrderModel model = from.orders.get(id);
        StoredOrder stored = database.order(id);
        if (model == null || stored == null) {
            throw new Violation(EVENTS_FOLD_TO_STATE, "order " + id, "is in the journal or in the table, not in both");
        }
        Order order = stored.state();
        if (order.version() != model.version || stored.events().size() != model.version) {
            throw new Violation(
                    VERSIONS_CONTIGUOUS,
                    model.name,
                    model.version + " events in the journal, " + stored.events().size() + " stored, version "
                            + order.version());
        }
        if (!order.equals(foldedState)) {
            throw new Violation(EVENTS_FOLD_TO_STATE, model.name, "is " + order + ", its events say " + foldedState);
        }
        units(model, order);
        works(model, order);
        if (order.status() != status(model)) {
            throw new Violation(
                    UNITS_CONSERVED, model.name, "calls itself " + order.status() + ", its units say " + status(model));
        }
        if (order.total() + model.refunded() != model.whole()) {
            throw new Violation(
                    MONEY_SUMS,
                    model.name,
                    order.total() + " left and " + model.refunded() + " called off are not " + model.whole());
        }
        if (!model.returns.agreesWith(order)) {
            throw new Violation(
                    SHIPPED_ONCE, model.name, "returns " + order.returns() + " are not as counted: " + model.returns);
        }
        if (order.earned() != model.earned()) {
            throw new Violation(
                    MONEY_FOLLOWS_UNITS, model.name, "earns " + order.earned() + ", its units say " + model.earned());
        }
        if (order.promised().isNothing() != model.promised.isNothing()) {
            throw new Violation(RESERVED_IS_OWNED, model.name, "promises " + order.promised());
        }
        money(model);
        timer(model, stored);
    }

    private static void money(OrderModel model) {
        String wrong = model.purse.wrong();
        if (wrong != null) {
            throw new Violation(PAID_WITHIN_BOUNDS, model.name, wrong);
        }
        boolean settled = model.purse.isUsed() && model.purse.isQuiet() && model.closed && model.exception == null;
        if (settled && !model.purse.balances(model.earned())) {
            throw new Violation(
                    MONEY_FOLLOWS_UNITS, model.name, "the customer has " + model.earned() + " worth; " + model.purse);
        }
    }

    private static void units(OrderModel model, Order order) {
        boolean same = order.lines().size() == model.lines.size();
        for (int i = 0; same && i < model.lines.size(); i++) {
            OrderModel.Line line = model.lines.get(i);
            int sum = 0;
            for (UnitState state : STATES) {
                same &= order.lines().get(i).units().in(state) == line.units[state.ordinal()];
                sum += line.units[state.ordinal()];
            }
            same &= sum == line.ordered;
        }
        if (!same) {
            throw new Violation(UNITS_CONSERVED, model.name, "lines " + order.lines() + " are not what was counted");
        }
    }

    private static void works(OrderModel model, Order order) {
        boolean same = order.fulfilmentOrders().size() == model.nodes.size();
        int[] held = new int[STATES.length];
        for (int l = 0; l < model.lines.size(); l++) {
            OrderModel.Line line = model.lines.get(l);
            Arrays.fill(held, 0);
            for (FulfilmentOrder work : order.fulfilmentOrders()) {
                FulfilmentLine there = work.line(l + 1);
                int[] counted = line.byWork.get(work.number());
                for (UnitState state : STATES) {
                    int units = there == null ? 0 : there.units().in(state);
                    same &= units == (counted == null ? 0 : counted[state.ordinal()]);
                    held[state.ordinal()] += units;
                }
            }
            for (UnitState state : STATES) {
                if (state.compareTo(UnitState.ALLOCATED) >= 0 && state != UnitState.CANCELLED) {
                    same &= held[state.ordinal()] == line.units[state.ordinal()];
                }
            }
        }
        if (!same) {
            throw new Violation(
                    SHIPPED_ONCE, model.name, "fulfilment orders " + order.fulfilmentOrders() + " are not as counted");
        }
    }

    private static OrderStatus status(OrderModel model) {
        int kept = model.units(UnitState.SHIPPED) + model.units(UnitState.COLLECTED);
        int gone = kept + model.units(UnitState.RETURNED);
        int waiting = model.units(UnitState.OPEN);
        int backordered = model.units(UnitState.BACKORDERED);
        int allocated = model.units(UnitState.ALLOCATED);
        int working = model.units(UnitState.RELEASED) + model.units(UnitState.PICKED) + model.units(UnitState.PACKED);
        if (waiting + backordered + allocated + working == 0) {
            if (kept > 0) {
                return OrderStatus.FULFILLED;
            }
            return gone == 0 ? OrderStatus.CANCELLED : OrderStatus.RETURNED;
        }
        if (gone > 0) {
            return OrderStatus.PARTLY_FULFILLED;
        }
        if (working > 0) {
            return OrderStatus.RELEASED;
        }
        if (backordered > 0) {
            return OrderStatus.BACKORDERED;
        }
        return waiting > 0 ? OrderStatus.ACCEPTED : OrderStatus.ALLOCATED;
    }

    private void timer(OrderModel model, StoredOrder stored) {
        Instant due = stored.due();
        if (due == null) {
            boolean over = model.closed && model.journeys.size() == 1;
            if (!over && model.exception == null) {
                throw new Violation(NOBODY_FORGOTTEN, model.name, "is at " + model.journeys + " and nothing is due");
            }
            return;
        }
        if (model.holds.values().stream().anyMatch(hold -> hold.until().equals(due))) {
            return;
        }
        if (model.pausedUntil != null) {
            if (!due.equals(model.pausedUntil)) {
                throw new Violation(
                        NODE_TIME, model.name, "is paused until " + model.pausedUntil + " and is due at " + due);
            }
            return;
        }
        if (model.journeys.values().stream().noneMatch(at -> isTimerOf(at, due))) {
            throw new Violation(NODE_TIME, model.name, "is at " + model.journeys + " and is due at " + due);
        }
    }

    private boolean isTimerOf(FlowPosition at, Instant due) {
        Duration wait = Duration.between(at.entered(), due);
        Step step = flows.of(at.flow(), at.version()).step(at.step());
        return !at.entered().isAfter(now.get())
                && step.edges().stream()
                        .anyMatch(edge -> edge.on() instanceof Trigger.After(var delay) && delay.equals(wait));
    }

    private static void check(PositionKey key, Books from, Database database) {
        PositionModel model = from.position(key);
        Position there = database.position(key);
        if (there == null) {
            throw new Violation(LEDGER_IS_POSITION, model.name, "has entries and does not exist");
        }
        model.compare(there);
        if (model.live + from.kept(key) != there.reserved()) {
            throw new Violation(
                    RESERVED_IS_OWNED,
                    model.name,
                    there.reserved() + " are reserved, orders and reservations claim " + model.live
                            + " and ring-fences keep " + from.kept(key));
        }
    }

    /** Commands that may come when there is nothing to do. */
    static boolean mayDoNothing(HubCommand command) {
        return command instanceof HubCommand.ForOrder(OrderCommand.Wake w)
                || command instanceof HubCommand.ForOrder(OrderCommand.AnswerEffect a)
                || command instanceof HubCommand.ForInbound(InboundCommand.Announce a)
                || (command instanceof HubCommand.ForReservation(var asked)
                        && !(asked instanceof ReservationCommand.Reserve));
    }

    /** Refusals that say nothing about what happened before. */
    static boolean speaksOfTheMoment(RefusalCode code) {
        return code == RefusalCode.OVERLOADED
                || code == RefusalCode.NOT_STORABLE
                || code == RefusalCode.DECISION_FAILED;
    }
}
