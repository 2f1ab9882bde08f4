package dev.tutti.simulator.walk;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowKind;
import dev.tutti.flow.Flows;
import dev.tutti.flow.Journey;
import dev.tutti.flow.StandardFlows;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.inventory.Fences;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Stock;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelFlows;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.WorkCalendar;
import dev.tutti.order.Contact;
import dev.tutti.order.ExceptionKind;
import dev.tutti.order.FlowPosition;
import dev.tutti.order.Hold;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDecision;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderEvent;
import dev.tutti.order.OrderFacts;
import dev.tutti.order.OrderFlow;
import dev.tutti.order.OrderId;
import dev.tutti.order.OrderLine;
import dev.tutti.order.Orders;
import dev.tutti.order.Outside;
import dev.tutti.order.RejectReason;
import dev.tutti.order.ShipGroup;
import dev.tutti.simulator.Chance;
import dev.tutti.simulator.PaidFlow;
import dev.tutti.sourcing.Sourcing;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One order's random life: first whatever happens, then whatever helps. It must never be without a time at which it is
 * looked at again, nor ask for what cannot be done; and in the end it must be over.
 */
public final class Walk {
    private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
    private static final Duration LONG = Duration.ofDays(1_000);
    private static final int NODES = 3;
    private static final int MOST_WILD = 40;
    private static final int MOST_FRIENDLY = 400;

    private final FlowKind kind;
    private final Map<String, OrderFlow> verified;
    private final Chance chance;
    private final OrderFacts facts;
    private final Shelves shelves = new Shelves();
    private final List<String> signals;
    private final List<String> story = new ArrayList<>();

    private Instant now = START;
    private @Nullable Order order;
    private @Nullable Instant due;
    private @Nullable String surprise;

    private Walk(List<Flow> flows, Map<String, OrderFlow> verified, long seed) {
        this.kind = flows.getLast().kind();
        this.verified = verified;
        this.chance = new Chance(seed);
        this.facts = new OrderFacts(START, network(flows), new Flows(flows), shelves, new Sourcing(), null, null);
        TreeSet<String> names = new TreeSet<>(List.of("supply-arrived"));
        for (Step step : flows.getLast().steps()) {
            for (Step.Edge edge : step.edges()) {
                if (edge.on() instanceof Trigger.Event(var name) && !edge.on().equals(Trigger.UNITS_CHANGED)) {
                    names.add(name);
                }
            }
        }
        this.signals = List.copyOf(names);
    }

    /** The flow itself; if it is one of parts, after one for the orders that have them. */
    private static List<Flow> flows(Flow flow, long seed) {
        if (flow.kind() == FlowKind.ORDER) {
            return List.of(flow);
        }
        return List.of(seed % 2 == 0 ? PaidFlow.flow() : StandardFlows.shipAndWait(), flow);
    }

    /** What there is of each item at each node; chance says anew before each decision. */
    private static final class Shelves implements Stock {
        private final int[] units = new int[NODES];
        private int mayWait;

        @Override
        public void read(int item, Fences fences, Candidates into) {
            into.clear();
            for (int place = 1; place <= NODES; place++) {
                if (units[place - 1] > 0) {
                    into.add(place, units[place - 1]);
                }
            }
        }

        @Override
        public Position balance(PositionKey position) {
            return position.isWaiting() ? new Position(0, 0, 0, mayWait, 0, 1) : Position.EMPTY;
        }
    }

    /**
     * Lives one life.
     *
     * @return why it got stuck, with all that had happened, or null
     */
    public static @Nullable String stuck(Flow flow, long seed) {
        return stuck(flow, Map.of(), seed);
    }

    /** As {@link #stuck(Flow, long)}; and wherever anything waits must be among what the verifiers
     * of these flows, by name, have seen. */
    public static @Nullable String stuckOrUnforeseen(Flow flow, Map<String, OrderFlow> verified, long seed) {
        return stuck(flow, verified, seed);
    }

    private static @Nullable String stuck(Flow flow, Map<String, OrderFlow> verified, long seed) {
        Walk walk = new Walk(flows(flow, seed), verified, seed);
        String why = walk.lived();
        return why == null ? null : why + "\n  " + String.join("\n  ", walk.story);
    }

    private @Nullable String lived() {
        try {
            decide(new OrderCommand.PlaceOrder(draft()));
            int wild = chance.below(MOST_WILD);
            for (int i = 0; i < wild && order != null; i++) {
                if (kind == FlowKind.RETURN && i == wild / 4) {
                    sell();
                }
                stock(chance.below(4));
                anything(Objects.requireNonNull(order));
                if (isForgotten()) {
                    return "nobody will look at it again";
                }
                if (isUnforeseen()) {
                    return surprise == null ? "the verifier has not seen that it may wait so" : surprise;
                }
            }
            for (int i = 0; i < MOST_FRIENDLY && mustGoOn(); i++) {
                stock(100);
                help(Objects.requireNonNull(order));
                if (isForgotten()) {
                    return "nobody will look at it again";
                }
            }
            return mustGoOn() ? "it does not come to its end" : null;
        } catch (BrokenInvariant e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Most that is brought back was sold without much ado. */
    private void sell() {
        stock(100);
        for (int i = 0; i < 3 && order != null; i++) {
            wake();
            answerAll(order);
            finish(order);
        }
    }

    private boolean mustGoOn() {
        return order != null && !(order.closed() && order.journeys().others().isEmpty());
    }

    private void look(@Nullable Order before, List<OrderEvent> events) {
        Order at = before;
        for (OrderEvent event : events) {
            Order after = Order.apply(at, event);
            for (Journey journey : at == null ? List.<Journey>of() : underWay(at)) {
                OrderFlow flow = verified.get(flowOf(at, journey));
                if (flow != null && at != null && !flow.foresees(at, after, journey, facts.network())) {
                    surprise = "the verifier does not know that " + event + " may happen to " + journey + " at " + at;
                }
            }
            at = after;
        }
    }

    private static List<Journey> underWay(Order order) {
        List<Journey> all = new ArrayList<>(order.closed() ? List.of() : List.of(Journey.ORDER));
        order.journeys().others().forEach(other -> all.add(other.journey()));
        return all;
    }

    private boolean isUnforeseen() {
        Order at = order;
        if (surprise != null || at == null || at.flow().pausedUntil() != null) {
            return surprise != null;
        }
        return underWay(at).stream().anyMatch(journey -> isUnforeseen(at, journey));
    }

    private boolean isUnforeseen(Order at, Journey journey) {
        OrderFlow flow = verified.get(flowOf(at, journey));
        FlowPosition position = at.journeys().position(journey);
        return flow != null && position != null && !flow.mayWait(position.step(), at, journey, facts.network());
    }

    private static String flowOf(@Nullable Order order, Journey journey) {
        FlowPosition position = order == null ? null : order.journeys().position(journey);
        return position == null ? "" : position.flow();
    }

    private boolean isForgotten() {
        return mustGoOn() && due == null;
    }

    private void stock(int most) {
        for (int i = 0; i < NODES; i++) {
            shelves.units[i] = chance.below(most + 1);
            shelves.mayWait = chance.percent(85) ? Position.MOST : chance.below(most + 1);
        }
    }

    private void anything(Order at) {
        switch (chance.below(20)) {
            case 0 -> decide(new OrderCommand.CancelUnits(someUnits(at), "changed my mind"));
            case 1 -> decide(new OrderCommand.CancelUnits(List.of(), "changed my mind"));
            case 2, 3 -> signal();
            case 4 -> decide(new OrderCommand.ReturnUnits(someUnits(at), new NodeId(1), false, "too small"));
            case 15 -> decide(new OrderCommand.AnnounceReturn(someUnits(at), null, "too small"));
            case 16 -> goOnWithReturn(at);
            case 5, 6 -> wake();
            case 7 -> now = now.plus(Duration.ofMinutes(chance.below(5_000)));
            case 9 -> answer(at);
            case 10 -> decide(new OrderCommand.OpenException(ExceptionKind.PERSON, "?"));
            case 11 -> decide(new OrderCommand.SettlePayment());
            case 17 -> correctAddress();
            case 13 -> hold(at);
            case 14 -> releaseHold(at);
            case 12 ->
                decide(chance.oneIn(4) ? new OrderCommand.WriteOff("?") : new OrderCommand.ResolveException("?"));
            case 8 -> {
                Duration pause = Duration.ofMinutes(1 + chance.below(10_000));
                decide(
                        chance.oneIn(2)
                                ? new OrderCommand.ResumeFlow()
                                : new OrderCommand.PauseFlow(now.plus(pause), "?"));
            }
            default -> atNode(at);
        }
    }

    private void help(Order at) {
        switch (chance.below(5)) {
            case 4 -> answerAll(at);
            case 0 -> decide(new OrderCommand.Signal(Journey.ORDER, "supply-arrived"));
            case 1 -> {
                if (chance.oneIn(20)) {
                    now = now.plus(LONG);
                }
                wake();
            }
            default -> {
                releaseHold(at);
                finish(at);
            }
        }
    }

    private void finish(Order at) {
        for (FulfilmentOrder work : at.fulfilmentOrders()) {
            decide(new OrderCommand.PickUnits(work.number(), OrderCommand.allUnits()));
            decide(new OrderCommand.PackUnits(work.number(), OrderCommand.allUnits()));
            decide(new OrderCommand.HandOver(work.number(), OrderCommand.allUnits(), "carrier", ""));
        }
    }

    private void goOnWithReturn(Order at) {
        int number = 1 + chance.below(at.returns().all().size() + 1);
        decide(
                chance.oneIn(3)
                        ? new OrderCommand.CancelReturn(number, "?")
                        : new OrderCommand.ReceiveReturn(
                                number, chance.oneIn(2) ? List.of() : someUnits(at), new NodeId(1), false));
    }

    private void answer(Order at) {
        if (!at.outside().effects().isEmpty()) {
            int number = 1 + chance.below(at.outside().effects().size());
            decide(new OrderCommand.AnswerEffect(number, chance.oneIn(2), new TreeMap<>(), ""));
        }
    }

    private void hold(Order at) {
        List<Integer> lines = chance.oneIn(2)
                ? List.of()
                : List.of(1 + chance.below(at.lines().size()));
        decide(new OrderCommand.PlaceHold("manual", "?", lines, now.plus(Duration.ofMinutes(1 + chance.below(5_000)))));
    }

    private void releaseHold(Order at) {
        if (!at.holds().open().isEmpty()) {
            List<Hold> open = at.holds().open();
            decide(new OrderCommand.ReleaseHold(
                    open.get(chance.below(open.size())).number(), "?"));
        }
    }

    private void answerAll(Order at) {
        for (Outside.Effect effect : at.outside().effects()) {
            if (effect.done() == null) {
                decide(new OrderCommand.AnswerEffect(effect.number(), !chance.oneIn(4), new TreeMap<>(), ""));
            }
        }
    }

    private void signal() {
        Journey journey = kind == FlowKind.ORDER ? Journey.ORDER : new Journey(kind, 1 + chance.below(3));
        decide(new OrderCommand.Signal(journey, signals.get(chance.below(signals.size()))));
    }

    private void wake() {
        if (due != null && due.isAfter(now)) {
            now = due;
        }
        decide(new OrderCommand.Wake());
    }

    private void atNode(Order at) {
        if (at.fulfilmentOrders().isEmpty()) {
            return;
        }
        FulfilmentOrder work =
                at.fulfilmentOrders().get(chance.below(at.fulfilmentOrders().size()));
        FulfilmentLine line = work.lines().get(chance.below(work.lines().size()));
        List<LineQuantity> lines = chance.below(3) == 0
                ? OrderCommand.allUnits()
                : List.of(new LineQuantity(
                        line.line(), 1 + chance.below(line.units().total() + 1)));
        decide(
                switch (chance.below(6)) {
                    case 0 -> new OrderCommand.PackUnits(work.number(), lines);
                    case 1 -> new OrderCommand.HandOver(work.number(), lines, "carrier", "");
                    case 2 -> new OrderCommand.RejectUnits(work.number(), lines, RejectReason.NOT_FOUND);
                    case 3 -> new OrderCommand.YieldUnits(work.number(), line.line(), 1);
                    default -> new OrderCommand.PickUnits(work.number(), lines);
                });
    }

    private List<LineQuantity> someUnits(Order at) {
        OrderLine line = at.lines().get(chance.below(at.lines().size()));
        return List.of(
                new LineQuantity(line.number(), 1 + chance.below(line.units().total())));
    }

    private Contact contact() {
        return new Contact(
                1, "A. Person", List.of("Lange Straße 1"), "Berlin", "", chance.oneIn(4) ? "1" : "10117", "DE", "", "");
    }

    private void correctAddress() {
        decide(new OrderCommand.CorrectAddress(contact(), null));
    }

    private void decide(OrderCommand command) {
        OrderId duplicateOf = order == null && chance.oneIn(4) ? new OrderId(2) : null;
        OrderFacts around =
                new OrderFacts(now, facts.network(), facts.flows(), shelves, facts.sourcing(), duplicateOf, null);
        String before = order == null ? "" : order.flow().step();
        if (Orders.decide(order, command, around) instanceof OrderDecision.Accepted accepted) {
            story.add(now + " " + command + (before.isEmpty() ? "" : ", at " + before) + ": " + accepted.events());
            look(order, accepted.events());
            order = accepted.next();
            due = accepted.due();
        }
    }

    private OrderDraft draft() {
        List<OrderDraft.Line> lines = new ArrayList<>();
        int count = 1 + chance.below(3);
        for (int i = 0; i < count; i++) {
            lines.add(new OrderDraft.Line(i + 1, 1 + chance.below(3), 1, chance.below(2) == 0, 100, 0, 0));
        }
        stock(chance.below(4));
        return new OrderDraft(
                new OrderId(1),
                new ChannelId(1),
                "1",
                chance.oneIn(3) ? "" : "customer",
                "EUR",
                START,
                chance.below(3),
                List.of(new ShipGroup(1, Method.SHIP, null, null, chance.below(2) == 0 ? "DE" : "FR", "")),
                lines,
                0,
                0,
                null,
                chance.oneIn(3) ? List.of() : List.of(contact()),
                new TreeMap<>());
    }

    private static Network network(List<Flow> flows) {
        List<Node> nodes = new ArrayList<>();
        for (int number = 1; number <= NODES; number++) {
            nodes.add(new Node(
                    new NodeId(number),
                    "N" + number,
                    NodeType.STORE,
                    null,
                    WorkCalendar.everyDay(ZoneOffset.UTC, LocalTime.of(15, 0)),
                    Node.UNLIMITED,
                    NodeCosts.PUBLISHED,
                    "",
                    true,
                    true,
                    true,
                    new TreeMap<>()));
        }
        Channel channel =
                new Channel(new ChannelId(1), "web", Currency.getInstance("EUR"), channelFlows(flows), "", "");
        return new Network(1, nodes, List.of(channel));
    }

    private static ChannelFlows channelFlows(List<Flow> flows) {
        Flow last = flows.getLast();
        return new ChannelFlows(
                flows.getFirst().name(),
                last.kind() == FlowKind.FULFILMENT_ORDER ? last.name() : "",
                last.kind() == FlowKind.RETURN ? last.name() : "");
    }
}
