package dev.tutti.simulator.audit;

import static dev.tutti.simulator.audit.Invariant.NODE_TIME;
import static dev.tutti.simulator.audit.Invariant.SOURCING_REPLAYS;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.hub.HubChange;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.order.OrderEvent;
import dev.tutti.sourcing.Sourcing;
import dev.tutti.sourcing.SourcingPlan;
import dev.tutti.sourcing.SourcingRequest;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Recorded sourcing decisions: decided again, and held against the rules. */
final class SourcingAudit {
    private final Network network;
    private final Sourcing sourcing = new Sourcing();
    // Looked up by order only.
    private final Map<Long, Wishes> wishes = new HashMap<>();

    /** What an order asks of sourcing, by its events: its lines, and the nodes that gave a line back. */
    private static final class Wishes {
        List<OrderEvent.PlacedLine> lines = List.of();
        final List<NodeId> nodes = new ArrayList<>();
        final Set<Refusal> refusals = new HashSet<>();
    }

    private record Refusal(int line, NodeId node) {}

    SourcingAudit(Network network) {
        this.network = network;
    }

    void check(String order, HubChange.OrderChanged change, Instant now) {
        Wishes wished = wishes.computeIfAbsent(change.after().id().value(), id -> new Wishes());
        int plans = 0;
        for (OrderEvent event : change.events()) {
            if (event instanceof OrderEvent.OrderPlaced placed) {
                wished.lines = placed.lines();
            } else if (event instanceof OrderEvent.UnitsRejected rejected) {
                NodeId node = wished.nodes.get(rejected.fulfilmentOrder() - 1);
                rejected.units().forEach(part -> wished.refusals.add(new Refusal(part.line(), node)));
            } else if (event instanceof OrderEvent.PromiseKept kept) {
                kept.fulfilmentOrders().forEach(work -> wished.nodes.add(work.node()));
            } else if (event instanceof OrderEvent.UnitsAllocated allocated) {
                if (plans == change.sourcing().size()) {
                    throw new Violation(SOURCING_REPLAYS, order, "units were allocated without a record of why");
                }
                SourcingPlan plan = change.sourcing().get(plans++);
                followed(order, allocated, plan);
                asWished(order, wished, plan);
                check(order, plan, now);
                allocated.fulfilmentOrders().forEach(work -> wished.nodes.add(work.node()));
            }
        }
        if (plans != change.sourcing().size()) {
            throw new Violation(SOURCING_REPLAYS, order, "a plan was recorded and not followed");
        }
    }

    /** What sourcing was asked is what the order wants. */
    private static void asWished(String order, Wishes wished, SourcingPlan plan) {
        for (SourcingRequest.Demand demand : plan.record().request().demands()) {
            OrderEvent.PlacedLine line = wished.lines.get(demand.line() - 1);
            boolean same = demand.item() == line.item()
                    && demand.group() == line.shipGroup()
                    && demand.splittable() == line.splittable()
                    && demand.quantity() <= line.quantity();
            for (Refusal refusal : wished.refusals) {
                same &= refusal.line() != demand.line() || demand.blocked().contains(refusal.node());
            }
            if (!same) {
                throw new Violation(
                        SOURCING_REPLAYS, order, demand + " is not " + line + " without " + wished.refusals);
            }
        }
    }

    private static void followed(String order, OrderEvent.UnitsAllocated allocated, SourcingPlan plan) {
        boolean same = allocated.fulfilmentOrders().size() == plan.parcels().size();
        for (int i = 0; same && i < plan.parcels().size(); i++) {
            OrderEvent.NewFulfilmentOrder work = allocated.fulfilmentOrders().get(i);
            SourcingPlan.Parcel parcel = plan.parcels().get(i);
            same = work.node().equals(parcel.node())
                    && work.shipGroup() == parcel.group()
                    && work.method() == parcel.method()
                    && work.dispatchBy().equals(parcel.dispatchBy())
                    && Objects.equals(work.capacityDay(), parcel.capacityDay())
                    && work.lines().equals(parcel.lines());
        }
        if (!same) {
            throw new Violation(SOURCING_REPLAYS, order, allocated + " does not follow " + plan);
        }
    }

    private void check(String order, SourcingPlan plan, Instant now) {
        SourcingPlan again = sourcing.replay(plan.record(), network);
        if (!again.equals(plan)) {
            throw new Violation(SOURCING_REPLAYS, order, "planned " + plan + ", replayed " + again);
        }
        if (plan.record().request().now().isAfter(now)) {
            throw new Violation(NODE_TIME, order, "was planned in the future");
        }
        Map<Integer, SourcingRequest.Demand> demands = new HashMap<>();
        Map<Integer, Integer> asked = new HashMap<>();
        Map<Integer, Integer> parcels = new HashMap<>();
        Map<Long, Integer> taken = new HashMap<>();
        for (SourcingRequest.Demand demand : plan.record().request().demands()) {
            demands.put(demand.line(), demand);
            asked.put(demand.line(), demand.quantity());
        }
        for (SourcingPlan.Parcel parcel : plan.parcels()) {
            Node node = network.node(parcel.node().value());
            if (node == null) {
                throw new Violation(SOURCING_REPLAYS, order, "there is no node " + parcel.node());
            }
            SourcingRequest.Group group = plan.record().request().groups().get(parcel.group() - 1);
            rule(order, node.active(), parcel, "the node is closed");
            // Nobody sends anything to the store where it is.
            boolean isThere =
                    group.method() == Method.SHIP_TO_STORE && node.id().equals(group.pickUpNode());
            Method wanted = isThere ? Method.PICK_UP : group.method();
            rule(order, parcel.method() == wanted, parcel, "the customer wanted " + wanted);
            rule(order, !parcel.method().isSent() || node.ships(), parcel, "the node does not ship");
            rule(
                    order,
                    parcel.method().isSent() || node.id().equals(group.pickUpNode()),
                    parcel,
                    "the customer does not come here");
            Node store = group.pickUpNode() == null
                    ? null
                    : network.node(group.pickUpNode().value());
            rule(
                    order,
                    parcel.method() == Method.SHIP || (store != null && store.active() && store.handsOut()),
                    parcel,
                    "nobody hands out anything there");
            Instant by = departs(parcel, group, plan.record().request(), node);
            if (!by.equals(parcel.dispatchBy())) {
                throw new Violation(
                        NODE_TIME,
                        order,
                        "planned at " + plan.record().request().now() + ", dispatched at node " + node.code() + " by "
                                + parcel.dispatchBy() + "; its clock says " + by);
            }
            for (LineQuantity part : parcel.lines()) {
                SourcingRequest.Demand demand = demands.get(part.line());
                if (demand == null) {
                    throw new Violation(SOURCING_REPLAYS, order, parcel + ": nobody asked for line " + part.line());
                }
                rule(order, demand.group() == parcel.group(), parcel, "the line belongs to another group");
                rule(order, !demand.blocked().contains(node.id()), parcel, "the node gave this line back");
                asked.merge(part.line(), -part.quantity(), Integer::sum);
                parcels.merge(part.line(), 1, Integer::sum);
                taken.merge(((long) demand.item() << 32) | node.id().value(), part.quantity(), Integer::sum);
            }
        }
        plan.unfilled().forEach(part -> asked.merge(part.line(), -part.quantity(), Integer::sum));
        for (SourcingRequest.Demand demand : demands.values()) {
            if (asked.getOrDefault(demand.line(), -1) != 0) {
                throw new Violation(SOURCING_REPLAYS, order, "line " + demand.line() + " is planned in part: " + plan);
            }
            if (!demand.splittable() && parcels.getOrDefault(demand.line(), 0) > 1) {
                throw new Violation(SOURCING_REPLAYS, order, "line " + demand.line() + " is split: " + plan);
            }
        }
        withinSupply(order, plan.record().supply(), taken);
    }

    /** As the node's clock has it; where capacity is counted, on the day whose capacity is taken. */
    private static Instant departs(
            SourcingPlan.Parcel parcel, SourcingRequest.Group group, SourcingRequest request, Node node) {
        Instant now = request.now();
        boolean besides = request.groups().stream().anyMatch(other -> other.pickUpNode() != null);
        LocalDate day = parcel.capacityDay();
        if ((day == null) != (node.dailyCapacity() == Node.UNLIMITED)) {
            return Instant.MIN;
        }
        if (parcel.method() == Method.PICK_UP && node.handling().pickUp() != null) {
            Instant slot = group.collectFrom();
            if (slot != null) {
                return isInTime(day, slot, request, node) ? slot : Instant.MIN;
            }
            // When exactly is walked by the tests of the dates.
            LocalDate collected =
                    LocalDate.ofInstant(parcel.dispatchBy(), node.calendar().zone());
            boolean early = parcel.dispatchBy().isBefore(now) || (day != null && collected.isBefore(day));
            return early ? Instant.MIN : parcel.dispatchBy();
        }
        Instant first = DispatchOracle.dispatchBy(node.calendar(), now);
        if (day == null) {
            return first;
        }
        LocalDate leaves = day;
        while (!node.calendar().isWorkday(leaves)) {
            leaves = leaves.plusDays(1);
        }
        Instant by = DispatchOracle.endOf(node.calendar().zone(), leaves);
        // What is collected there counts on a day of its own, and what is sent besides counts with it.
        boolean isItsOwn = leaves.equals(day) && !by.isBefore(first);
        return isItsOwn || besides ? max(by, first) : Instant.MIN;
    }

    /** Where all is asked of one node, in slots that are still to come, nothing counts on a day after its own. */
    private static boolean isInTime(@Nullable LocalDate day, Instant slot, SourcingRequest request, Node node) {
        for (SourcingRequest.Demand demand : request.demands()) {
            SourcingRequest.Group group = request.groups().get(demand.group() - 1);
            Instant other = group.collectFrom();
            if (other == null || other.isBefore(request.now()) || !node.id().equals(group.pickUpNode())) {
                return true;
            }
        }
        return day == null
                || !day.isAfter(LocalDate.ofInstant(slot, node.calendar().zone()));
    }

    private static Instant max(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private static void withinSupply(String order, int[] supply, Map<Long, Integer> taken) {
        for (int at = 0; at < supply.length; at += 2 + 2 * supply[at + 1]) {
            // A day's run says what others had claimed of a node's capacity, not what is on offer.
            for (int i = 0; supply[at] > 0 && i < supply[at + 1]; i++) {
                taken.merge(((long) supply[at] << 32) | supply[at + 2 + 2 * i], -supply[at + 3 + 2 * i], Integer::sum);
            }
        }
        for (int left : taken.values()) {
            if (left > 0) {
                throw new Violation(SOURCING_REPLAYS, order, "plans " + left + " units more than it saw");
            }
        }
    }

    private static void rule(String order, boolean holds, SourcingPlan.Parcel parcel, String otherwise) {
        if (!holds) {
            throw new Violation(SOURCING_REPLAYS, order, parcel + ": " + otherwise);
        }
    }
}
