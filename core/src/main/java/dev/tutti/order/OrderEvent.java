package dev.tutti.order;

import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.invoice.Invoice;
import dev.tutti.network.NodeId;
import dev.tutti.payment.Transaction;
import dev.tutti.reservation.ReservationId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What happened to an order. Events are the record: stored as they are, for ever. */
public sealed interface OrderEvent {
    /** The order was taken. */
    record OrderPlaced(OrderHeader header, List<PlacedLine> lines, String flow, int flowVersion)
            implements OrderEvent {}

    /**
     * A line as it was taken, its money complete.
     *
     * @param kit of which it is a part; null if it was ordered as it is
     */
    record PlacedLine(
            int number,
            int item,
            int quantity,
            int shipGroup,
            boolean splittable,
            LineMoney money,
            @Nullable Kit kit) {}

    /**
     * Nodes were chosen.
     *
     * @param run counts the order's sourcing runs from 1; the decision record has the same number
     */
    record UnitsAllocated(int run, List<NewFulfilmentOrder> fulfilmentOrders) implements OrderEvent {}

    /** @param capacityDay on which its units take up capacity of the node; null if that has no limit */
    record NewFulfilmentOrder(
            int number,
            NodeId node,
            int shipGroup,
            Method method,
            Instant dispatchBy,
            @Nullable LocalDate capacityDay,
            List<LineQuantity> lines) {
        NewFulfilmentOrder with(List<LineQuantity> others) {
            return new NewFulfilmentOrder(number, node, shipGroup, method, dispatchBy, capacityDay, others);
        }

        NewFulfilmentOrder numbered(int other) {
            return new NewFulfilmentOrder(other, node, shipGroup, method, dispatchBy, capacityDay, lines);
        }
    }

    /** The order has what a reservation held for it; nodes keep it until the order is sourced. */
    record ReservationTaken(ReservationId reservation, List<NewFulfilmentOrder> promised, List<LineQuantity> waiting)
            implements OrderEvent {}

    /** The nodes that kept units for the order have been chosen for them. */
    record PromiseKept(List<NewFulfilmentOrder> fulfilmentOrders) implements OrderEvent {}

    /**
     * No node could give these units now; they wait.
     *
     * @param forCapacity the lines that are there, at nodes that can take on no more in the days ahead; the others wait
     *     for stock
     */
    record UnitsBackordered(List<LineQuantity> lines, List<Integer> forCapacity) implements OrderEvent {}

    /**
     * Nodes were given their work, but for the lines that are held.
     *
     * @param heldBack all fulfilment orders of which nodes should have more by now, if nothing were held
     */
    record FulfilmentOrdersReleased(List<Integer> numbers, List<Integer> heldBack) implements OrderEvent {}

    /** Where a ship group goes is another place, or is written otherwise. */
    record AddressCorrected(ShipGroup shipGroup) implements OrderEvent {}

    /** Units must not go on for a while. */
    record HoldPlaced(Hold hold) implements OrderEvent {}

    record HoldReleased(int number, String reason) implements OrderEvent {}

    record UnitsPicked(int fulfilmentOrder, List<LineQuantity> lines) implements OrderEvent {}

    record UnitsPacked(int fulfilmentOrder, List<LineQuantity> lines) implements OrderEvent {}

    record UnitsHandedOver(int fulfilmentOrder, List<LineQuantity> lines, String carrier, String tracking)
            implements OrderEvent {}

    /**
     * All that a node has sent is where it was to go, or all that is to be collected can be.
     *
     * @param on the day there
     * @param foretold when it should have been; null if nothing was to be known, as no carrier service was chosen
     */
    record ParcelArrived(
            int fulfilmentOrder, LocalDate on, @Nullable Foretold foretold) implements OrderEvent {}

    record UnitsCollected(int fulfilmentOrder, List<LineQuantity> lines) implements OrderEvent {}

    /** The node gave units back: they are open again, and the node is not asked for these lines any more. */
    record UnitsRejected(int fulfilmentOrder, List<UnitsFrom> units, RejectReason reason) implements OrderEvent {}

    /** Units turned out not to be there, by a count or a sale: they are open again. */
    record UnitsYielded(int fulfilmentOrder, List<UnitsFrom> units) implements OrderEvent {}

    record UnitsCancelled(List<UnitsFrom> units, String reason) implements OrderEvent {}

    /**
     * The customer will send or bring units back.
     *
     * @param node where they are expected; null if they may come anywhere
     */
    record ReturnAnnounced(
            int number, List<LineQuantity> lines, @Nullable NodeId node, String reason, Instant at)
            implements OrderEvent {}

    /**
     * Units of a return have come. Until it is decided about their price, they count as paid for; where a return has no
     * flow, that is decided with this.
     *
     * @param number of the return
     * @param node where they are now
     * @param restocked whether they are on its shelf again, to be sold
     */
    record UnitsReturned(int number, List<UnitsFrom> units, NodeId node, boolean restocked) implements OrderEvent {}

    /** Nothing more is expected under this return. */
    record ReturnCancelled(int number, String reason) implements OrderEvent {}

    /** The price of all that has come under this return is to be given back, or is written off. */
    record ReturnDecided(int number, boolean paidBack) implements OrderEvent {}

    /** Units were billed, or credited. */
    record InvoiceIssued(Invoice invoice) implements OrderEvent {}

    /** Units that were in a state; {@code fulfilmentOrder} is 0 if no node had them. */
    record UnitsFrom(int fulfilmentOrder, int line, UnitState from, int quantity) {}

    record Signalled(Journey journey, String name) implements OrderEvent {}

    /** A fulfilment order or a return has begun a flow of its own. */
    record JourneyBegun(Journey journey, String flow, int version, Instant at) implements OrderEvent {}

    /** A flow came to a step and stays there until something happens. */
    record FlowAdvanced(Journey journey, String step, Instant at) implements OrderEvent {}

    /** The flow of a fulfilment order or of a return is over. */
    record JourneyEnded(Journey journey) implements OrderEvent {}

    /**
     * A service outside is to be asked; from the commit on it will be, however often that takes.
     *
     * @param step of the journey's flow; empty if no step asked
     * @param money what a payment provider is to do; null if the service is another
     */
    record EffectIntended(
            int number,
            Journey journey,
            String step,
            String destination,
            @Nullable Transaction money) implements OrderEvent {}

    /**
     * A service outside has answered, or will not any more.
     *
     * @param done what the flow hears of it: done, or failed
     * @param answers what it said besides, by name
     */
    record EffectAnswered(int number, boolean done, SortedMap<String, String> answers, String detail)
            implements OrderEvent {}

    /** Somebody has stopped the flow; it goes on at the latest then. */
    record FlowPaused(Instant until, String reason) implements OrderEvent {}

    record FlowResumed() implements OrderEvent {}

    /** What travels took another version of its flow, and waits there at a step as long as it has waited before. */
    record FlowMigrated(Journey journey, int version, String step) implements OrderEvent {}

    /** What is still owed for the order will not be waited for; less than 0: the customer gets it back in another way. */
    record PaymentWrittenOff(long amount, String reason) implements OrderEvent {}

    /**
     * A person must look at it.
     *
     * @param part of the order that is concerned
     * @param lookBy until when somebody must have looked at it
     */
    record ExceptionOpened(ExceptionKind kind, String reason, Journey part, Instant at, Instant lookBy)
            implements OrderEvent {}

    /** Somebody looks at it, or somebody else does now. */
    record ExceptionAssigned(String owner, Instant lookBy) implements OrderEvent {}

    /** A person has looked at it, and nobody must any more. */
    record ExceptionResolved(String reason) implements OrderEvent {}

    record OrderClosed() implements OrderEvent {}
}
