package dev.tutti.order;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Journey;
import dev.tutti.flow.Step;
import dev.tutti.order.OrderEvent.ExceptionAssigned;
import dev.tutti.order.OrderEvent.ExceptionResolved;
import dev.tutti.order.OrderEvent.FlowMigrated;
import dev.tutti.order.OrderEvent.FlowPaused;
import java.time.Instant;

/** What people may do to an order's flow: stop it for a while, send it elsewhere, give it another version. */
final class FlowControl {
    private FlowControl() {}

    static void pause(Change change, OrderCommand.PauseFlow command) {
        mustGoOn(change.order());
        Refused.at(
                "until",
                !command.until().isAfter(change.facts().now()),
                RefusalCode.INVALID_FIELD,
                "it goes on later than now");
        change.happens(new FlowPaused(command.until(), command.reason()));
    }

    static void resume(Change change) {
        Refused.when(
                change.order().flow().pausedUntil() == null, RefusalCode.NOT_EXPECTED_NOW, "the order is not paused");
        FlowRun.resume(change);
    }

    static void enter(Change change, OrderCommand.EnterStep command) {
        mustBeUnderWay(change, command.journey());
        FlowRun.enter(change, command.journey(), step(change.flow(command.journey()), command.step()));
    }

    static void migrate(Change change, OrderCommand.MigrateFlow command) {
        Journey journey = command.journey();
        mustBeUnderWay(change, journey);
        Flow flow = change.facts().flows().find(change.flow(journey).name(), command.version());
        if (flow == null) {
            throw new Refused(
                    Refusal.at("version", RefusalCode.UNKNOWN_FLOW, "the flow has no version " + command.version()));
        }
        Step step = step(flow, command.step());
        Refused.at(
                "step",
                step.action() != Action.WAIT,
                RefusalCode.INVALID_FIELD,
                "an order waits at " + step.name() + " of no version: it is no step to wait at");
        change.happens(new FlowMigrated(journey, flow.version(), step.name()));
        FlowRun.lookAround(change, journey);
    }

    /**
     * An order that is over has none, but for what a service outside has not answered about and for parts that are under
     * way.
     */
    static void openException(Change change, OrderCommand.OpenException command) {
        if (!change.order().outside().isAwaited()
                && change.order().journeys().others().isEmpty()) {
            mustGoOn(change.order());
        }
        change.opensException(command.kind(), Journey.ORDER, command.reason());
    }

    static void assignException(Change change, OrderCommand.AssignException command) {
        ExceptionCase open = change.order().exception();
        if (open == null) {
            throw new Refused(Refusal.of(RefusalCode.NOT_EXPECTED_NOW, "nothing of it is open to be looked at"));
        }
        Instant lookBy = command.lookBy() == null ? open.lookBy() : command.lookBy();
        change.happens(new ExceptionAssigned(command.owner(), lookBy));
    }

    static void resolveException(Change change, OrderCommand.ResolveException command) {
        Refused.when(
                change.order().exception() == null, RefusalCode.NOT_EXPECTED_NOW, "nothing of it is open to resolve");
        change.happens(new ExceptionResolved(command.reason()));
    }

    private static Step step(Flow flow, String name) {
        return flow.steps().stream()
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new Refused(Refusal.at("step", RefusalCode.INVALID_FIELD, "the flow has no step " + name)));
    }

    private static void mustBeUnderWay(Change change, Journey journey) {
        Refused.when(
                !FlowRun.isUnderWay(change, journey),
                RefusalCode.NOT_EXPECTED_NOW,
                "no flow of " + journey + " is under way");
    }

    private static void mustGoOn(Order order) {
        Refused.when(order.closed(), RefusalCode.NOT_EXPECTED_NOW, "the order's flow is over");
    }
}
