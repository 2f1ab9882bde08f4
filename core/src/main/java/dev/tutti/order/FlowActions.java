package dev.tutti.order;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.FlowKind;
import dev.tutti.flow.Journey;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.order.OrderEvent.EffectIntended;
import dev.tutti.order.OrderEvent.JourneyEnded;
import dev.tutti.order.OrderEvent.NewFulfilmentOrder;
import dev.tutti.order.OrderEvent.OrderClosed;
import dev.tutti.order.OrderEvent.ReturnCancelled;
import dev.tutti.order.OrderEvent.UnitsAllocated;
import dev.tutti.order.OrderEvent.UnitsBackordered;
import dev.tutti.order.OrderEvent.UnitsCancelled;
import dev.tutti.order.OrderEvent.UnitsFrom;
import dev.tutti.returns.Return;
import dev.tutti.sourcing.SourcingPlan;
import dev.tutti.sourcing.SourcingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How each action of a flow is done. */
final class FlowActions {
    private FlowActions() {}

    /** How it ended, or null if that is not known yet. */
    static @Nullable Trigger act(Change change, Journey journey, Step step) {
        return switch (step.action()) {
            case WAIT -> Trigger.DONE;
            case VALIDATE -> Addresses.problem(change.order()) == null ? Trigger.DONE : Trigger.FAILED;
            case SCREEN -> Holding.screen(change, step.rules(), FlowRun.facts(change, journey));
            case SOURCE -> source(change);
            case PARK -> park(change);
            case RELEASE -> release(change);
            case REFUSE -> refuse(change);
            case CANCEL_UNFILLED -> cancelUnfilled(change);
            case CANCEL -> cancel(change, journey, "the flow came to " + step.name());
            case GIVE_BACK -> giveBack(change, journey);
            case CALL -> call(change, journey, step);
            case NOTIFY -> {
                call(change, journey, step);
                yield Trigger.DONE;
            }
            case HOLD -> Holding.hold(change, target(step), "the flow came to " + step.name());
            case RELEASE_HOLD -> Holding.releaseAll(change, target(step), "the flow came to " + step.name());
            case AUTHORISE -> Money.authorise(change, step);
            case CAPTURE -> Money.capture(change, step);
            case SETTLE -> Money.settle(change, step.name());
            case REFUND -> Money.refund(change, journey, step.name());
            case INVOICE -> Billing.bill(change, journey);
            case WRITE_OFF -> Money.writeOff(change, journey, "the flow came to " + step.name());
            case OPEN_EXCEPTION -> openException(change, journey, step);
            case CLOSE -> close(change, journey);
        };
    }

    private static Trigger source(Change change) {
        change.keepsPromise();
        Order order = change.order();
        List<SourcingRequest.Demand> demands = new ArrayList<>();
        for (OrderLine line : order.lines()) {
            int units = line.units().in(UnitState.OPEN) + line.units().in(UnitState.BACKORDERED);
            if (units > 0) {
                demands.add(new SourcingRequest.Demand(
                        line.number(),
                        line.item(),
                        units,
                        line.shipGroup(),
                        line.splittable(),
                        order.blocked().stream()
                                .filter(b -> b.line() == line.number())
                                .map(Blocked::node)
                                .toList()));
            }
        }
        if (demands.isEmpty()) {
            return Trigger.DONE;
        }
        List<SourcingRequest.Group> groups = order.header().shipGroups().stream()
                .map(group -> group.asSourced(change.facts().network()))
                .toList();
        OrderFacts facts = change.facts();
        SourcingPlan plan = facts.sourcing()
                .plan(
                        new SourcingRequest(facts.now(), groups, demands),
                        facts.network(),
                        change.stock().with(change.fences()));
        change.sourced(plan);
        allocate(change, plan);
        return plan.unfilled().isEmpty() ? Trigger.DONE : Trigger.FAILED;
    }

    private static void allocate(Change change, SourcingPlan plan) {
        List<NewFulfilmentOrder> made = new ArrayList<>();
        int number = change.order().fulfilmentOrders().size();
        for (SourcingPlan.Parcel parcel : plan.parcels()) {
            made.add(new NewFulfilmentOrder(
                    ++number,
                    parcel.node(),
                    parcel.group(),
                    parcel.method(),
                    parcel.dispatchBy(),
                    parcel.capacityDay(),
                    parcel.lines()));
        }
        change.claim(plan);
        // A run that found nothing leaves a record too: it says why the units wait.
        change.happens(new UnitsAllocated(change.order().sourcingRuns() + 1, made));
    }

    private static Trigger park(Change change) {
        List<LineQuantity> waiting = new ArrayList<>();
        List<Integer> forCapacity = new ArrayList<>();
        List<UnitsFrom> tooMany = new ArrayList<>();
        TreeMap<Integer, Integer> mayWait = new TreeMap<>();
        for (OrderLine line : change.order().lines()) {
            int open = line.units().in(UnitState.OPEN);
            int most = mayWait.computeIfAbsent(line.item(), change::mayWait);
            int units = line.splittable() || open <= most ? Math.min(open, most) : 0;
            mayWait.put(line.item(), most - units);
            if (units > 0) {
                waiting.add(new LineQuantity(line.number(), units));
                if (change.lacksCapacity(line.number())) {
                    forCapacity.add(line.number());
                }
            }
            if (open > units) {
                tooMany.add(new UnitsFrom(0, line.number(), UnitState.OPEN, open - units));
            }
        }
        if (!tooMany.isEmpty()) {
            change.happens(new UnitsCancelled(tooMany, "no more units of it may wait"));
        }
        if (!waiting.isEmpty()) {
            change.happens(new UnitsBackordered(waiting, forCapacity));
        }
        return Trigger.DONE;
    }

    private static Trigger release(Change change) {
        List<Integer> numbers = change.order().fulfilmentOrders().stream()
                .filter(work -> work.in(UnitState.ALLOCATED) > 0)
                .map(FulfilmentOrder::number)
                .toList();
        Holding.giveToNodes(change, numbers);
        return Trigger.DONE;
    }

    /** The number, from 1, that a line had among those that were asked for: kits were one there. */
    private static int asked(Order order, OrderLine wanted) {
        int asked = 0;
        for (OrderLine line : order.lines()) {
            asked = line.kit() == null ? asked + 1 : line.kit().line();
            if (line.number() == wanted.number()) {
                break;
            }
        }
        return asked;
    }

    private static Trigger refuse(Change change) {
        BrokenInvariant.unless(change.isPlacing(), "only an order that is being placed can be refused");
        for (OrderLine line : change.order().lines()) {
            int open = line.units().in(UnitState.OPEN);
            boolean capacity = change.lacksCapacity(line.number());
            Refused.at(
                    "lines[" + (asked(change.order(), line) - 1) + "]",
                    open > 0,
                    capacity ? RefusalCode.INSUFFICIENT_CAPACITY : RefusalCode.INSUFFICIENT_SUPPLY,
                    open + " of " + line.units().total() + " units cannot be had now"
                            + (capacity ? ": the nodes that have them can take on no more in the days ahead" : ""));
        }
        return Trigger.DONE;
    }

    private static Trigger cancelUnfilled(Change change) {
        List<UnitsFrom> units = new ArrayList<>();
        for (OrderLine line : change.order().lines()) {
            for (UnitState state : List.of(UnitState.OPEN, UnitState.BACKORDERED)) {
                if (line.units().in(state) > 0) {
                    units.add(
                            new UnitsFrom(0, line.number(), state, line.units().in(state)));
                }
            }
        }
        if (!units.isEmpty()) {
            change.happens(new UnitsCancelled(units, "no stock"));
        }
        return Trigger.DONE;
    }

    private static Trigger cancel(Change change, Journey journey, String reason) {
        if (journey.kind() == FlowKind.RETURN) {
            Return one = change.order().returns().find(journey.number());
            if (one != null && one.expected() > 0) {
                change.happens(new ReturnCancelled(one.number(), reason));
            }
            return Trigger.DONE;
        }
        List<UnitsFrom> units = journey.isOfOrder()
                ? Cancelling.everything(change.order())
                : Cancelling.everythingOf(workToTakeAway(change, journey));
        if (!units.isEmpty()) {
            Cancelling.cancel(change, units, reason);
        }
        return Trigger.DONE;
    }

    private static Trigger giveBack(Change change, Journey journey) {
        NodeWork.giveBackUntouched(change, workToTakeAway(change, journey));
        return Trigger.DONE;
    }

    private static FulfilmentOrder workToTakeAway(Change change, Journey journey) {
        FlowPosition position = change.order().journeys().position(journey);
        BrokenInvariant.unless(
                position != null && !position.step().isEmpty(),
                "a node has its work for a while before it is taken away");
        return work(change, journey);
    }

    private static FulfilmentOrder work(Change change, Journey journey) {
        BrokenInvariant.unless(journey.kind() == FlowKind.FULFILMENT_ORDER, "only a fulfilment order has a node");
        return change.order().fulfilmentOrders().get(journey.number() - 1);
    }

    private static String target(Step step) {
        String target = step.target();
        if (target == null) {
            throw new BrokenInvariant("step " + step.name() + " names nothing");
        }
        return target;
    }

    private static @Nullable Trigger call(Change change, Journey journey, Step step) {
        change.happens(new EffectIntended(change.nextEffect(), journey, step.name(), target(step), null));
        return null;
    }

    private static Trigger openException(Change change, Journey journey, Step step) {
        String reason = step.target();
        change.opensException(
                ExceptionKind.FLOW,
                journey,
                reason == null ? "the flow of " + journey + " came to " + step.name() : reason);
        return Trigger.DONE;
    }

    private static Trigger close(Change change, Journey journey) {
        switch (journey.kind()) {
            case ORDER -> {
                BrokenInvariant.unless(change.order().live() == 0, "an order with live units cannot be closed");
                BrokenInvariant.unless(
                        change.order().isSettled(), "an order whose money is not settled cannot be closed");
                change.happens(new OrderClosed());
            }
            case FULFILMENT_ORDER -> {
                BrokenInvariant.unless(
                        work(change, journey).live() == 0, "a fulfilment order with live units cannot be over");
                change.happens(new JourneyEnded(journey));
            }
            case RETURN -> {
                Return one = change.order().returns().find(journey.number());
                BrokenInvariant.unless(
                        one != null && one.expected() == 0, "a return that is still expected cannot be over");
                BrokenInvariant.unless(
                        one != null
                                && one.undecided() == 0
                                && Balance.of(change.order()).owedBack() == 0,
                        "a return whose price is still owed back cannot be over");
                change.happens(new JourneyEnded(journey));
            }
        }
        return Trigger.DONE;
    }
}
