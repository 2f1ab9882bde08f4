package dev.tutti.simulator;

import static dev.tutti.flow.Condition.ALWAYS;
import static dev.tutti.flow.Condition.none;
import static dev.tutti.flow.Condition.some;

import dev.tutti.flow.Action;
import dev.tutti.flow.Condition;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowKind;
import dev.tutti.flow.Step;
import dev.tutti.flow.Step.Edge;
import dev.tutti.flow.Trigger;
import java.time.Duration;
import java.util.List;

/** Flows for parts of orders. */
public final class PartFlows {
    static final String IN_TIME = "in-time";
    static final String INSPECTED = "inspected";

    /** What a return may hear once somebody has looked at it. */
    static final String GOOD = "good";

    static final String WORN = "worn";

    /** When it is given back in another way than by the provider. */
    private static final Condition LOST = new Condition.Number(
            "order.ageHours", Condition.Comparison.AT_LEAST, Duration.ofDays(90).toHours());

    private PartFlows() {}

    /** A fulfilment order that is taken from a node which does not begin within thirty hours. */
    public static Flow inTime() {
        return new Flow(
                IN_TIME,
                1,
                FlowKind.FULFILMENT_ORDER,
                List.of(
                        new Step("tell", Action.NOTIFY, "warehouse", List.of(done("given"))),
                        wait(
                                "given",
                                changed(none("units.live"), "close"),
                                after(30, some("units.released"), "take-away"),
                                after(60, ALWAYS, "escalate")),
                        step("take-away", Action.GIVE_BACK, done("rest")),
                        step("escalate", Action.OPEN_EXCEPTION, done("rest")),
                        wait(
                                "rest",
                                new Edge(Trigger.DONE, none("units.live"), "close"),
                                changed(none("units.live"), "close"),
                                after(60, ALWAYS, "escalate")),
                        step("close", Action.CLOSE)));
    }

    /** A return whose price is given back once somebody has looked at it, or nobody has for two days. */
    public static Flow inspected() {
        return new Flow(
                INSPECTED,
                1,
                FlowKind.RETURN,
                List.of(
                        wait(
                                "announced",
                                new Edge(Trigger.DONE, none("units.expected"), "inspect"),
                                changed(none("units.expected"), "inspect"),
                                after(20 * 24, ALWAYS, "withdraw")),
                        step("withdraw", Action.CANCEL, done("inspect")),
                        wait(
                                "inspect",
                                new Edge(Trigger.DONE, none("units.received"), "refund"),
                                new Edge(new Trigger.Event(GOOD), ALWAYS, "refund"),
                                new Edge(new Trigger.Event(WORN), ALWAYS, "deny"),
                                after(48, ALWAYS, "refund")),
                        step(
                                "refund",
                                Action.REFUND,
                                done("credit"),
                                new Edge(Trigger.FAILED, ALWAYS, "unpaid"),
                                after(24, ALWAYS, "refund")),
                        step("unpaid", Action.OPEN_EXCEPTION, done("owing")),
                        wait(
                                "owing",
                                new Edge(Trigger.PAYMENT_CHANGED, ALWAYS, "refund"),
                                after(24, LOST, "deny"),
                                after(24, ALWAYS, "refund")),
                        step("deny", Action.WRITE_OFF, done("credit")),
                        step("credit", Action.INVOICE, done("close")),
                        step("close", Action.CLOSE)));
    }

    private static Step step(String name, Action action, Edge... edges) {
        return new Step(name, action, List.of(edges));
    }

    private static Step wait(String name, Edge... edges) {
        return step(name, Action.WAIT, edges);
    }

    private static Edge done(String to) {
        return new Edge(Trigger.DONE, ALWAYS, to);
    }

    private static Edge changed(Condition when, String to) {
        return new Edge(Trigger.UNITS_CHANGED, when, to);
    }

    private static Edge after(int hours, Condition when, String to) {
        return new Edge(new Trigger.After(Duration.ofHours(hours)), when, to);
    }
}
