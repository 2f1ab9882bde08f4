package dev.tutti.server.api;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Journey;
import dev.tutti.flow.Step;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.FlowPosition;
import dev.tutti.order.Journeys;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderFlow;
import dev.tutti.server.engine.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Orders under way take another version of their flow: each at the step that is named for its own, and only if the
 * other version might have an order like it wait there.
 */
final class FlowMigration {
    private static final int AT_ONCE = 500;
    private static final long MOST_NANOS = Duration.ofSeconds(15).toNanos();

    private final Engine engine;
    private final Flow from;
    private final Flow to;
    private final OrderFlow target;
    private final SortedMap<String, String> steps;

    /** From which step to which, and how many; where nothing is, they stay. */
    private final SortedMap<String, Long> moving = new TreeMap<>();

    private final SortedMap<String, Long> staying = new TreeMap<>();
    private long changedMeanwhile;
    private long refused;
    private @Nullable Long next;

    /** @param steps those of the other version by those of the first; what is not named keeps its name */
    FlowMigration(Engine engine, Flow from, Flow to, OrderFlow target, SortedMap<String, String> steps) {
        this.engine = engine;
        this.from = from;
        this.to = to;
        this.target = target;
        this.steps = steps;
    }

    /** Says which orders would move, from after one on, as far as time allows. */
    void preview(long after) {
        walk(after, (order, journey, step) -> {}, () -> {});
    }

    /** Moves them. */
    void carryOut(long after, Audit audit) {
        List<CompletableFuture<Answer<Order>>> answers = new ArrayList<>();
        walk(
                after,
                (order, journey, step) -> {
                    OrderCommand move = new OrderCommand.MigrateFlow(journey, to.version(), step);
                    HubCommand command = new HubCommand.ForOrder(new OrderCommand.IfUnchanged(order.version(), move));
                    answers.add(Overload.submit(
                            () -> engine.submit(Lane.BULK, order.id().value(), false, command, List.of(), audit)));
                },
                () -> {
                    answers.forEach(this::count);
                    answers.clear();
                });
    }

    private void count(CompletableFuture<Answer<Order>> answer) {
        if (Desk.await(answer) instanceof Answer.Refused<Order>(var refusal)) {
            if (refusal.code() == RefusalCode.STALE_VERSION) {
                changedMeanwhile++;
            } else {
                refused++;
            }
        }
    }

    /** Something to be done with an order, or a part of it, that can move. */
    private interface Mover {
        void move(Order order, Journey journey, String step);
    }

    private void walk(long after, Mover mover, Runnable afterEachPage) {
        long begun = System.nanoTime();
        long last = after;
        while (true) {
            List<Order> orders = engine.database().flows().orders(from.name(), from.version(), last, AT_ONCE);
            for (Order order : orders) {
                look(order, mover);
                last = order.id().value();
            }
            afterEachPage.run();
            if (orders.size() < AT_ONCE) {
                return;
            }
            if (System.nanoTime() - begun > MOST_NANOS) {
                next = last;
                return;
            }
        }
    }

    /** Of several parts of one order each changes the order: one moves now, the others when this is asked again. */
    private void look(Order order, Mover mover) {
        List<Journeys.Other> all = new ArrayList<>(order.journeys().others());
        if (!order.closed()) {
            all.add(new Journeys.Other(Journey.ORDER, order.flow()));
        }
        for (Journeys.Other one : all) {
            FlowPosition at = one.position();
            if (at.flow().equals(from.name()) && at.version() == from.version()) {
                String step = stepOf(at.step());
                boolean may = isWait(step)
                        && target.mayWait(
                                step, order, one.journey(), engine.catalogue().network());
                (may ? moving : staying).merge(at.step(), 1L, Long::sum);
                if (may) {
                    mover.move(order, one.journey(), step);
                }
            }
        }
    }

    private boolean isWait(String step) {
        return to.steps().stream().anyMatch(one -> one.name().equals(step) && one.action() == Action.WAIT);
    }

    private String stepOf(String step) {
        return steps.getOrDefault(step, step);
    }

    private String why(String step) {
        String name = stepOf(step);
        for (Step known : to.steps()) {
            if (known.name().equals(name)) {
                return known.action() != Action.WAIT
                        ? name + " is no step to wait at: what an order has asked there, no other version hears"
                        : "version " + to.version() + " never has an order that stands so wait at " + name;
            }
        }
        return "version " + to.version() + " has no step " + name + "; say which in steps";
    }

    void write(JsonGenerator json, boolean preview) {
        json.writeStartObject();
        json.writeStringProperty("flow", from.name());
        json.writeNumberProperty("from", from.version());
        json.writeNumberProperty("to", to.version());
        json.writeBooleanProperty("preview", preview);
        json.writeName("move");
        json.writeStartArray();
        for (Map.Entry<String, Long> entry : moving.entrySet()) {
            json.writeStartObject();
            json.writeStringProperty("from", entry.getKey());
            json.writeStringProperty("to", stepOf(entry.getKey()));
            json.writeNumberProperty("orders", entry.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeName("stay");
        json.writeStartArray();
        for (Map.Entry<String, Long> entry : staying.entrySet()) {
            json.writeStartObject();
            json.writeStringProperty("at", entry.getKey());
            json.writeNumberProperty("orders", entry.getValue());
            json.writeStringProperty("why", why(entry.getKey()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberProperty("changedMeanwhile", changedMeanwhile);
        json.writeNumberProperty("refused", refused);
        if (next != null) {
            json.writeStringProperty("next", Long.toString(next));
        }
        json.writeEndObject();
    }
}
