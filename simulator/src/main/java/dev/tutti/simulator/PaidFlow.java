package dev.tutti.simulator;

import static dev.tutti.flow.Condition.ALWAYS;
import static dev.tutti.flow.Condition.none;
import static dev.tutti.flow.Condition.some;

import dev.tutti.flow.Action;
import dev.tutti.flow.Condition;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Step;
import dev.tutti.flow.Step.Edge;
import dev.tutti.flow.Trigger;
import java.time.Duration;
import java.util.List;

/** A flow with money: held before anything is sourced, taken as units leave, settled before the order is closed. */
public final class PaidFlow {
    static final String NAME = "paid";

    private static final Condition LOST = new Condition.Number(
            "order.ageHours", Condition.Comparison.AT_LEAST, Duration.ofDays(60).toHours());

    private PaidFlow() {}

    /** The flow. */
    public static Flow flow() {
        return new Flow(
                NAME,
                1,
                List.of(
                        new Step(
                                "authorise",
                                Action.AUTHORISE,
                                "provider",
                                List.of(
                                        new Edge(Trigger.DONE, ALWAYS, "source"),
                                        new Edge(Trigger.FAILED, ALWAYS, "decline"),
                                        new Edge(Trigger.UNITS_CHANGED, none("units.live"), "settle"),
                                        after(6, "decline"))),
                        step("decline", Action.CANCEL, "settle"),
                        new Step(
                                "source",
                                Action.SOURCE,
                                List.of(
                                        new Edge(Trigger.DONE, ALWAYS, "release"),
                                        new Edge(Trigger.FAILED, ALWAYS, "park"))),
                        step("park", Action.PARK, "release"),
                        step("release", Action.RELEASE, "fulfil"),
                        new Step(
                                "fulfil",
                                Action.WAIT,
                                List.of(
                                        new Edge(Trigger.DONE, none("units.live"), "settle"),
                                        new Edge(Trigger.UNITS_CHANGED, none("units.live"), "settle"),
                                        new Edge(Trigger.UNITS_CHANGED, some("units.open"), "source"),
                                        new Edge(Trigger.UNITS_CHANGED, some("payment.due"), "capture"),
                                        new Edge(
                                                new Trigger.Event("supply-arrived"),
                                                some("units.backordered"),
                                                "source"),
                                        new Edge(
                                                new Trigger.After(Duration.ofHours(36)),
                                                some("units.backordered"),
                                                "give-up"),
                                        after(60, "escalate"))),
                        step("capture", Action.CAPTURE, "bill"),
                        step("bill", Action.INVOICE, "fulfil"),
                        step("give-up", Action.CANCEL_UNFILLED, "fulfil"),
                        step("escalate", Action.OPEN_EXCEPTION, "fulfil"),
                        new Step(
                                "settle",
                                Action.SETTLE,
                                List.of(
                                        new Edge(Trigger.DONE, ALWAYS, "last-bill"),
                                        new Edge(Trigger.FAILED, ALWAYS, "unpaid"),
                                        after(24, "settle"))),
                        step("unpaid", Action.OPEN_EXCEPTION, "owing"),
                        new Step(
                                "owing",
                                Action.WAIT,
                                List.of(
                                        new Edge(Trigger.PAYMENT_CHANGED, ALWAYS, "settle"),
                                        new Edge(new Trigger.After(Duration.ofHours(24)), LOST, "write-off"),
                                        after(24, "settle"))),
                        step("write-off", Action.WRITE_OFF, "settle"),
                        step("last-bill", Action.INVOICE, "close"),
                        new Step("close", Action.CLOSE, List.of())));
    }

    private static Step step(String name, Action action, String then) {
        return new Step(name, action, List.of(new Edge(Trigger.DONE, ALWAYS, then)));
    }

    private static Edge after(int hours, String to) {
        return new Edge(new Trigger.After(Duration.ofHours(hours)), ALWAYS, to);
    }
}
