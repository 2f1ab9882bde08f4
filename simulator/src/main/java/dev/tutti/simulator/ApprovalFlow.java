package dev.tutti.simulator;

import static dev.tutti.flow.Condition.ALWAYS;
import static dev.tutti.flow.Condition.none;
import static dev.tutti.flow.Condition.some;

import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import java.time.Duration;
import java.util.List;

/** A flow of another shape than the standard ones: nothing happens before somebody approves, and not after a day. */
final class ApprovalFlow {
    static final String NAME = "approval";
    static final String APPROVED = "approved";
    static final String WAITING = "wait";

    private ApprovalFlow() {}

    static Flow flow() {
        return new Flow(
                NAME,
                1,
                List.of(
                        new Step(
                                WAITING,
                                Action.WAIT,
                                List.of(
                                        new Step.Edge(new Trigger.Event(APPROVED), ALWAYS, "source"),
                                        new Step.Edge(Trigger.UNITS_CHANGED, none("units.live"), "close"),
                                        new Step.Edge(new Trigger.After(Duration.ofHours(24)), ALWAYS, "withdraw"))),
                        new Step(
                                "withdraw",
                                Action.CANCEL_UNFILLED,
                                List.of(new Step.Edge(Trigger.DONE, ALWAYS, "close"))),
                        new Step(
                                "source",
                                Action.SOURCE,
                                List.of(
                                        new Step.Edge(Trigger.DONE, ALWAYS, "release"),
                                        new Step.Edge(Trigger.FAILED, ALWAYS, "park"))),
                        new Step("park", Action.PARK, List.of(new Step.Edge(Trigger.DONE, ALWAYS, "release"))),
                        new Step("release", Action.RELEASE, List.of(new Step.Edge(Trigger.DONE, ALWAYS, "fulfil"))),
                        new Step(
                                "fulfil",
                                Action.WAIT,
                                List.of(
                                        new Step.Edge(Trigger.DONE, none("units.live"), "close"),
                                        new Step.Edge(Trigger.UNITS_CHANGED, none("units.live"), "close"),
                                        new Step.Edge(Trigger.UNITS_CHANGED, some("units.open"), "source"),
                                        new Step.Edge(
                                                new Trigger.After(Duration.ofHours(36)),
                                                some("units.backordered"),
                                                "give-up"),
                                        new Step.Edge(
                                                new Trigger.After(Duration.ofHours(60)),
                                                some("units.live"),
                                                "escalate"))),
                        new Step(
                                "give-up",
                                Action.CANCEL_UNFILLED,
                                List.of(new Step.Edge(Trigger.DONE, ALWAYS, "fulfil"))),
                        new Step(
                                "escalate",
                                Action.OPEN_EXCEPTION,
                                List.of(new Step.Edge(Trigger.DONE, ALWAYS, "fulfil"))),
                        new Step("close", Action.CLOSE, List.of())));
    }
}
