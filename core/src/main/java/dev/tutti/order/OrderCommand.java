package dev.tutti.order;

import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.NodeId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Everything that can be asked of an order. */
public sealed interface OrderCommand {
    /** Takes a new order. */
    record PlaceOrder(OrderDraft draft) implements OrderCommand {}

    /**
     * Calls units off.
     *
     * @param lines what; empty means all that can still be called off
     */
    record CancelUnits(List<LineQuantity> lines, String reason) implements OrderCommand {}

    /** The node has taken units off its shelves. */
    record PickUnits(int fulfilmentOrder, List<LineQuantity> lines) implements OrderCommand {}

    /** The node has put picked units into a parcel, or has staged them for collection. */
    record PackUnits(int fulfilmentOrder, List<LineQuantity> lines) implements OrderCommand {}

    /** The packed units have left with a carrier. */
    record HandOver(int fulfilmentOrder, List<LineQuantity> lines, String carrier, String tracking)
            implements OrderCommand {}

    /** What has left is where it was to go, since a day there. */
    record Arrive(int fulfilmentOrder, LocalDate on) implements OrderCommand {}

    /** The customer has collected the staged units. */
    record Collect(int fulfilmentOrder, List<LineQuantity> lines) implements OrderCommand {}

    /** The node cannot or will not give units that it has not packed. */
    record RejectUnits(int fulfilmentOrder, List<LineQuantity> lines, RejectReason reason) implements OrderCommand {}

    /**
     * The customer will send or bring units back.
     *
     * @param lines what; empty means all that the customer has and has not announced before
     * @param node where they are expected; null if they may come anywhere
     */
    record AnnounceReturn(
            List<LineQuantity> lines, @Nullable NodeId node, String reason) implements OrderCommand {}

    /**
     * What was announced has come.
     *
     * @param lines what; empty means all that is expected
     * @param node which takes them, be it the one where they were expected or another
     * @param restock whether they can be sold again as they are
     */
    record ReceiveReturn(int number, List<LineQuantity> lines, NodeId node, boolean restock) implements OrderCommand {}

    /** What was announced and has not come is not expected any more. */
    record CancelReturn(int number, String reason) implements OrderCommand {}

    /**
     * The customer brings or sends units back that nobody has announced.
     *
     * @param node which takes them, be it the one they came from or another
     * @param restock whether they can be sold again as they are
     */
    record ReturnUnits(List<LineQuantity> lines, NodeId node, boolean restock, String reason) implements OrderCommand {}

    /** Units claimed at a node are known not to be there: look for them elsewhere, as far as the shortage lasts. */
    record YieldUnits(int fulfilmentOrder, int line, int quantity) implements OrderCommand {}

    /** Something that a flow may be waiting for has happened. */
    record Signal(Journey journey, String name) implements OrderCommand {}

    /** A person must look at it. */
    record OpenException(ExceptionKind kind, String reason) implements OrderCommand {}

    /**
     * Somebody takes what a person must look at, or is given it.
     *
     * @param lookBy until when they will have looked at it; null leaves that as it is
     */
    record AssignException(String owner, @Nullable Instant lookBy) implements OrderCommand {}

    /**
     * What goes to an address goes to another, or to the same one written otherwise.
     *
     * @param contact all of it, with its ship group
     * @param destination where that is, if known
     */
    record CorrectAddress(Contact contact, @Nullable GeoPoint destination) implements OrderCommand {}

    /**
     * Keeps units from going on: nodes do not get them, or cannot work on them.
     *
     * @param lines those that are held; empty means all
     * @param until when a person looks at it at the latest
     */
    record PlaceHold(String type, String reason, List<Integer> lines, Instant until) implements OrderCommand {}

    /** Lets what is held go on. */
    record ReleaseHold(int number, String reason) implements OrderCommand {}

    /** A person has looked at it. */
    record ResolveException(String reason) implements OrderCommand {}

    /** Makes the money agree with the units: asks anew for what a provider has refused before. */
    record SettlePayment() implements OrderCommand {}

    /** What is still owed is not waited for any more. */
    record WriteOff(String reason) implements OrderCommand {}

    /** What a service outside has answered; the same may be said again. */
    record AnswerEffect(int number, boolean done, SortedMap<String, String> answers, String detail)
            implements OrderCommand {}

    /**
     * Nothing more is to happen of itself, until then; what happens to units is noted.
     *
     * @param until when it goes on at the latest
     */
    record PauseFlow(Instant until, String reason) implements OrderCommand {}

    /** What was paused goes on. */
    record ResumeFlow() implements OrderCommand {}

    /** A flow goes on from another step, or does this one again: whether it may is for whoever asks to know. */
    record EnterStep(Journey journey, String step) implements OrderCommand {}

    /** What travels takes another version of its flow, and waits there at a step. */
    record MigrateFlow(Journey journey, int version, String step) implements OrderCommand {}

    /** Time has passed: whatever is due, is done. */
    record Wake() implements OrderCommand {}

    /** A command that holds only if the order is still as the caller saw it. */
    record IfUnchanged(int version, OrderCommand command) implements OrderCommand {}

    /** In place of the lines a node's action names: all units in the state that the action needs. */
    static List<LineQuantity> allUnits() {
        return List.of();
    }

    /** What the audit and the timeline call this command. */
    default String name() {
        return switch (this) {
            case PlaceOrder p -> "place-order";
            case CancelUnits c -> "cancel-units";
            case PickUnits p -> "pick-units";
            case PackUnits p -> "pack-units";
            case HandOver h -> "hand-over";
            case Arrive a -> "arrive";
            case Collect c -> "collect";
            case RejectUnits r -> "reject-units";
            case AnnounceReturn a -> "announce-return";
            case ReceiveReturn r -> "receive-return";
            case CancelReturn c -> "cancel-return";
            case ReturnUnits r -> "return-units";
            case YieldUnits y -> "yield-units";
            case Signal s -> "signal";
            case OpenException o -> "open-exception";
            case CorrectAddress c -> "correct-address";
            case PlaceHold p -> "place-hold";
            case ReleaseHold r -> "release-hold";
            case AssignException a -> "assign-exception";
            case ResolveException r -> "resolve-exception";
            case SettlePayment s -> "settle-payment";
            case WriteOff w -> "write-off";
            case AnswerEffect a -> "answer-effect";
            case PauseFlow p -> "pause-flow";
            case ResumeFlow r -> "resume-flow";
            case EnterStep e -> "enter-step";
            case MigrateFlow m -> "migrate-flow";
            case Wake w -> "wake";
            case IfUnchanged i -> i.command().name();
        };
    }

    /** The fulfilment order this is about, or null. */
    default @Nullable Integer aboutFulfilmentOrder() {
        return switch (this) {
            case PickUnits p -> p.fulfilmentOrder();
            case PackUnits p -> p.fulfilmentOrder();
            case HandOver h -> h.fulfilmentOrder();
            case Arrive a -> a.fulfilmentOrder();
            case Collect c -> c.fulfilmentOrder();
            case RejectUnits r -> r.fulfilmentOrder();
            case YieldUnits y -> y.fulfilmentOrder();
            case IfUnchanged i -> i.command().aboutFulfilmentOrder();
            case PlaceOrder p -> null;
            case CancelUnits c -> null;
            case AnnounceReturn a -> null;
            case ReceiveReturn r -> null;
            case CancelReturn c -> null;
            case ReturnUnits r -> null;
            case Signal s -> null;
            case OpenException o -> null;
            case CorrectAddress c -> null;
            case PlaceHold p -> null;
            case ReleaseHold r -> null;
            case AssignException a -> null;
            case ResolveException r -> null;
            case SettlePayment s -> null;
            case WriteOff w -> null;
            case AnswerEffect a -> null;
            case PauseFlow p -> null;
            case ResumeFlow r -> null;
            case EnterStep e -> null;
            case MigrateFlow m -> null;
            case Wake w -> null;
        };
    }
}
