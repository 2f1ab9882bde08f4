package dev.tutti.flow;

import static dev.tutti.flow.Condition.ALWAYS;
import static dev.tutti.flow.Condition.none;
import static dev.tutti.flow.Condition.some;

import java.time.Duration;
import java.util.List;

/** The flows a new hub begins with. */
public final class StandardFlows {
    /** Arriving stock wakes who waits for it; this is for what nobody announced. */
    private static final Trigger RETRY = new Trigger.After(Duration.ofHours(12));

    private static final Condition GIVEN_UP =
            new Condition.All(List.of(some("units.backordered"), dueSince(Duration.ofDays(30))));

    /** Coming back here starts the step's own clock anew, so what is overdue is told by when the order was due. */
    private static final Condition OVERDUE = new Condition.All(List.of(
            some("units.backordered"),
            dueSince(Duration.ofHours(48)),
            new Condition.Not(new Condition.True("order.exception"))));

    private static Condition dueSince(Duration time) {
        return new Condition.Number("order.overdueHours", Condition.Comparison.AT_LEAST, time.toHours());
    }

    private StandardFlows() {}

    /** All there are. */
    public static List<Flow> all() {
        return List.of(shipAndWait(), shipOrRefuse());
    }

    /**
     * Source at once, release at once, wait for the nodes. What finds no stock waits for it, is tried again when
     * some arrives and twice a day, and given up thirty days after it was due, by what the customer was told; what no node
     * has finished after two days becomes a case for a person.
     */
    public static Flow shipAndWait() {
        return new Flow("ship", 1, steps("park", Action.PARK));
    }

    /** Like {@link #shipAndWait()}, but an order that cannot be filled whole when it is placed is not taken. */
    public static Flow shipOrRefuse() {
        return new Flow("ship-or-refuse", 1, steps("refuse", Action.REFUSE));
    }

    private static List<Step> steps(String whenShort, Action actionWhenShort) {
        return List.of(
                new Step(
                        "source",
                        Action.SOURCE,
                        List.of(
                                new Step.Edge(Trigger.DONE, ALWAYS, "release"),
                                new Step.Edge(Trigger.FAILED, ALWAYS, whenShort))),
                new Step(whenShort, actionWhenShort, List.of(new Step.Edge(Trigger.DONE, ALWAYS, "release"))),
                new Step("release", Action.RELEASE, List.of(new Step.Edge(Trigger.DONE, ALWAYS, "fulfil"))),
                new Step(
                        "fulfil",
                        Action.WAIT,
                        List.of(
                                new Step.Edge(Trigger.DONE, none("units.live"), "close"),
                                new Step.Edge(Trigger.UNITS_CHANGED, none("units.live"), "close"),
                                new Step.Edge(Trigger.UNITS_CHANGED, some("units.open"), "source-again"),
                                new Step.Edge(
                                        new Trigger.Event("supply-arrived"), some("units.backordered"), "source-again"),
                                new Step.Edge(RETRY, GIVEN_UP, "give-up"),
                                new Step.Edge(RETRY, OVERDUE, "escalate"),
                                new Step.Edge(RETRY, some("units.backordered"), "source-again"),
                                new Step.Edge(
                                        new Trigger.After(Duration.ofHours(48)), some("units.live"), "escalate"))),
                new Step(
                        "source-again",
                        Action.SOURCE,
                        List.of(
                                new Step.Edge(Trigger.DONE, ALWAYS, "release"),
                                new Step.Edge(Trigger.FAILED, ALWAYS, "park-again"))),
                new Step("park-again", Action.PARK, List.of(new Step.Edge(Trigger.DONE, ALWAYS, "release"))),
                new Step("give-up", Action.CANCEL_UNFILLED, List.of(new Step.Edge(Trigger.DONE, ALWAYS, "fulfil"))),
                new Step("escalate", Action.OPEN_EXCEPTION, List.of(new Step.Edge(Trigger.DONE, ALWAYS, "fulfil"))),
                new Step("close", Action.CLOSE, List.of()));
    }
}
