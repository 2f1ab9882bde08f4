package dev.tutti.simulator;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.hub.HubCommand;
import dev.tutti.network.ChannelId;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.network.PickUpHours;
import dev.tutti.network.Slot;
import dev.tutti.order.Contact;
import dev.tutti.order.Hold;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.OrderLine;
import dev.tutti.order.ShipGroup;
import dev.tutti.reservation.Allowance;
import dev.tutti.reservation.Reservation;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.reservation.ReservationId;
import dev.tutti.returns.Return;
import dev.tutti.returns.ReturnLine;
import dev.tutti.sourcing.SourcingRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Those who place orders, change their minds, approve, and send things twice. */
final class Customers {
    private final World world;
    private final Chance chance;
    private int orders;

    Customers(World world) {
        this.world = world;
        this.chance = world.chance;
    }

    void place() {
        int external = orders > 3 && chance.oneIn(25) ? chance.between(1, orders) : ++orders;
        int channel = 1 + external % 5;
        List<Key> keys = new ArrayList<>();
        keys.add(new Key(KeyKind.EXTERNAL_ORDER, channel + "|X" + external + poison(400, '\0')));
        if (chance.percent(30)) {
            keys.add(new Key(KeyKind.REQUEST, "place " + external));
        }
        OrderDraft draft = forCart(draft(channel, "X" + external));
        world.send(new Request(
                world.nextRequest(), "customer", lane(), 0, keys, world.nextRequest(), false, id -> under(id, draft)));
    }

    /** Somebody puts things into a cart, thinks about it, or leaves it standing. */
    void fillCart() {
        Reservation cart = chance.percent(30) ? world.someReservation() : null;
        if (cart != null) {
            Instant later = world.now().plus(Duration.ofMinutes(chance.between(-10, 300)));
            command(
                    cart.id().aggregate(),
                    new HubCommand.ForReservation(
                            chance.percent(60)
                                    ? new ReservationCommand.Extend(later)
                                    : new ReservationCommand.Release()));
            return;
        }
        OrderDraft wanted = draft(chance.between(1, 5), "cart");
        List<SourcingRequest.Group> groups = wanted.shipGroups().stream()
                .map(g -> g.asSourced(world.scenario.network()))
                .toList();
        List<SourcingRequest.Demand> demands = new ArrayList<>();
        for (OrderDraft.Line line : wanted.lines()) {
            demands.add(new SourcingRequest.Demand(
                    demands.size() + 1, line.item(), line.quantity(), line.shipGroup(), line.splittable(), List.of()));
        }
        TreeMap<Integer, Slot> slots = new TreeMap<>();
        for (ShipGroup group : wanted.shipGroups()) {
            if (group.slot() != null) {
                slots.put(group.number(), group.slot());
            }
        }
        Instant until = world.now().plus(Duration.ofMinutes(chance.between(1, 240)));
        long number = world.nextRequest();
        int mostParcels = chance.oneIn(8) ? 1 : 0;
        boolean mayWait = chance.percent(40);
        Allowance allowance = chance.percent(50) ? Scenario.ALLOWANCE : null;
        String reference = "cart" + poison(300, '\0');
        world.send(new Request(
                number,
                "shop",
                lane(),
                0,
                List.of(new Key(KeyKind.REQUEST, "cart " + number)),
                number,
                false,
                id -> new HubCommand.ForReservation(new ReservationCommand.Reserve(
                        new ReservationId(id),
                        wanted.channel(),
                        "",
                        reference,
                        until,
                        groups,
                        demands,
                        slots,
                        mostParcels,
                        mayWait,
                        allowance))));
    }

    /** An order for what a cart holds, more or less. */
    private OrderDraft forCart(OrderDraft draft) {
        Reservation cart = chance.percent(60) ? world.someReservation() : null;
        for (int i = 0; i < 6 && cart != null && !cart.channel().equals(draft.channel()); i++) {
            cart = world.someReservation();
        }
        if (cart == null || (!cart.channel().equals(draft.channel()) && chance.percent(95))) {
            return draft;
        }
        List<OrderDraft.Line> lines = new ArrayList<>();
        List<ShipGroup> groups = new ArrayList<>(draft.shipGroups());
        if (!cart.groups().isEmpty() && chance.percent(80)) {
            groups.clear();
            for (SourcingRequest.Group of : cart.groups()) {
                Slot slot = cart.slots().stream()
                        .filter(held -> held.node().equals(of.pickUpNode()))
                        .findFirst()
                        .orElse(null);
                groups.add(
                        of.method().isCollected()
                                ? collecting(of.number(), of.method(), of.pickUpNode(), perhapsAnother(slot, of))
                                : new ShipGroup(of.number(), of.method(), of.destination(), null, "DE", "10115"));
            }
        }
        for (Reservation.Waiting waiting : cart.waiting()) {
            lines.add(new OrderDraft.Line(
                    waiting.item(),
                    Math.max(1, waiting.quantity() + (chance.percent(80) ? 0 : chance.between(-1, 2))),
                    Math.min(waiting.group(), groups.size()),
                    chance.percent(70),
                    chance.between(0, 5_000),
                    0,
                    0));
        }
        for (Reservation.Parcel parcel : cart.parcels()) {
            for (Reservation.HeldUnits held : parcel.units()) {
                if (lines.isEmpty() || chance.percent(85)) {
                    int units = Math.max(1, held.quantity() + (chance.percent(80) ? 0 : chance.between(-1, 2)));
                    lines.add(new OrderDraft.Line(
                            held.item(),
                            units,
                            Math.min(parcel.group(), groups.size()),
                            chance.percent(70),
                            chance.between(1, 999),
                            0,
                            0));
                }
            }
        }
        return new OrderDraft(
                draft.id(),
                draft.channel(),
                draft.externalId(),
                draft.customer(),
                draft.currency(),
                draft.placedAt(),
                draft.priority(),
                lines.isEmpty() ? draft.shipGroups() : groups,
                lines.isEmpty() ? draft.lines() : lines,
                lines.isEmpty() ? draft.discount() : 0,
                draft.shipping(),
                null,
                draft.contacts(),
                draft.attributes(),
                cart.id().value());
    }

    private Lane lane() {
        return chance.percent(80) ? Lane.INTERACTIVE : Lane.BULK;
    }

    private String poison(int onceIn, char character) {
        return chance.oneIn(onceIn) ? String.valueOf(character) : "";
    }

    private static HubCommand under(long id, OrderDraft d) {
        return new HubCommand.ForOrder(new OrderCommand.PlaceOrder(new OrderDraft(
                new OrderId(id),
                d.channel(),
                d.externalId(),
                d.customer(),
                d.currency(),
                d.placedAt(),
                d.priority(),
                d.shipGroups(),
                d.lines(),
                d.discount(),
                d.shipping(),
                d.statedTotal(),
                d.contacts(),
                d.attributes(),
                d.reservation())));
    }

    private OrderDraft draft(int channel, String external) {
        List<ShipGroup> groups = new ArrayList<>();
        int wanted = chance.percent(80) ? 1 : 2;
        for (int g = 1; g <= wanted; g++) {
            groups.add(group(g));
        }
        List<OrderDraft.Line> lines = new ArrayList<>();
        int count = chance.percent(50) ? 1 : chance.between(2, 4);
        long value = 0;
        for (int l = 0; l < count; l++) {
            int quantity = chance.percent(60) ? 1 : chance.between(1, 5);
            long price = chance.between(1, 9999);
            long discount = chance.percent(70) ? 0 : chance.between(0, (int) price);
            value += price * quantity - discount;
            lines.add(new OrderDraft.Line(
                    item(),
                    quantity,
                    chance.between(1, wanted),
                    chance.percent(70),
                    price,
                    discount,
                    chance.between(0, 500)));
        }
        long discount = chance.percent(70) ? 0 : chance.between(0, (int) value);
        return new OrderDraft(
                new OrderId(0),
                new ChannelId(channel),
                external,
                "customer" + poison(300, '\0') + poison(300, '\uffff'),
                chance.oneIn(100) ? "USD" : "EUR",
                world.now(),
                chance.below(3),
                groups,
                lines,
                discount,
                chance.percent(50) ? 0 : chance.between(1, 999),
                null,
                List.of(),
                new TreeMap<>());
    }

    /** Half of all lines want the same item. */
    private int item() {
        if (chance.oneIn(15)) {
            return Scenario.KIT;
        }
        return chance.percent(50) ? 1 : chance.between(1, world.scenario.items());
    }

    private ShipGroup group(int number) {
        if (chance.percent(25)) {
            for (Node node : world.scenario.network().nodes()) {
                if (node.handsOut() && chance.percent(60)) {
                    Method method = chance.percent(50) ? Method.SHIP_TO_STORE : Method.PICK_UP;
                    return collecting(number, method, node.id(), chance.percent(60) ? slot(node) : null);
                }
            }
            if (chance.oneIn(20)) {
                return new ShipGroup(number, Method.PICK_UP, null, new NodeId(99), "DE", "10115");
            }
        }
        GeoPoint there = chance.percent(90) ? new GeoPoint(chance.between(30, 60), chance.between(-10, 30)) : null;
        return new ShipGroup(number, Method.SHIP, there, null, "DE", "10115");
    }

    private static ShipGroup collecting(int number, Method method, @Nullable NodeId node, @Nullable Slot slot) {
        return new ShipGroup(number, method, null, node, "DE", "10115", null, "", slot, null);
    }

    /** Mostly the one that the cart has. */
    private @Nullable Slot perhapsAnother(@Nullable Slot held, SourcingRequest.Group of) {
        NodeId store = of.pickUpNode();
        Node node = store == null ? null : world.scenario.network().node(store.value());
        return node == null || chance.percent(75) ? held : chance.percent(30) ? null : slot(node);
    }

    /** One of the next, which many want; sometimes one that is days away; seldom one that has begun already. */
    private @Nullable Slot slot(Node node) {
        PickUpHours hours = node.handling().pickUp();
        List<Slot> next = new ArrayList<>();
        Instant from = world.now().minus(Duration.ofMinutes(chance.oneIn(10) ? 90 : 0));
        LocalDate day = LocalDate.ofInstant(from, node.calendar().zone());
        boolean isFar = chance.oneIn(4);
        for (int i = 0; hours != null && i < (isFar ? 15 : 3); i++) {
            for (PickUpHours.Stretch open : hours.open(node.calendar(), day.plusDays(i))) {
                for (PickUpHours.Stretch slot : hours.slots(open)) {
                    Slot of = slot.from().isBefore(from) ? null : Slot.of(node, slot.from());
                    if (of != null) {
                        next.add(of);
                    }
                }
            }
        }
        return next.isEmpty() ? null : next.get(chance.below(isFar ? next.size() : Math.min(3, next.size())));
    }

    /** Somebody calls something off, or says what a flow waits for. */
    void changeTheirMind() {
        Order order = world.someOrder();
        if (order == null) {
            return;
        }
        if (order.flow().step().equals(ApprovalFlow.WAITING) && chance.percent(80)) {
            command(order, new OrderCommand.Signal(Journey.ORDER, ApprovalFlow.APPROVED));
        } else if (chance.percent(15)) {
            command(order, new OrderCommand.Signal(Journey.ORDER, chance.percent(80) ? "supply-arrived" : "nonsense"));
        } else if (chance.percent(5)) {
            world.ask("customer", lane(), order.id().value(), new OrderCommand.Signal(Journey.ORDER, Poison.SIGNAL));
        } else if (chance.percent(20)) {
            hold(order);
        } else if (chance.percent(10)) {
            move(order);
        } else if (chance.percent(20)) {
            letGo(order);
        } else if (chance.percent(70)) {
            cancel(order);
        }
    }

    /** A person at the desk: asks for money again, or gives up on it, and says when a case is closed. */
    void seeToMoney(Order order) {
        if (order.payments().any() && order.exception() != null) {
            command(
                    order,
                    chance.percent(90) ? new OrderCommand.SettlePayment() : new OrderCommand.WriteOff("gave up"));
        }
    }

    private void move(Order order) {
        int group = chance.between(1, order.header().shipGroups().size() + 1);
        String street = chance.percent(80) ? "Lange Straße 1" : "";
        Contact contact = new Contact(
                group, "A. Person", List.of(street), "Berlin", "", chance.percent(80) ? "10117" : "1011", "DE", "", "");
        command(order, new OrderCommand.CorrectAddress(contact, null));
    }

    private void hold(Order order) {
        List<Integer> lines = chance.percent(50)
                ? List.of()
                : List.of(chance.between(1, order.lines().size()));
        Instant until = world.now().plus(Duration.ofHours(chance.between(1, 72)));
        command(order, new OrderCommand.PlaceHold("manual", "let me think", lines, until));
    }

    /** True if anything was held. */
    boolean letGo(Order order) {
        List<Hold> open = order.holds().open();
        if (!open.isEmpty()) {
            command(order, new OrderCommand.ReleaseHold(chance.of(open).number(), "all is well"));
        }
        return !open.isEmpty();
    }

    void askForMoney(Order order) {
        command(order, new OrderCommand.SettlePayment());
    }

    void resolve(Order order) {
        command(order, new OrderCommand.ResolveException("looked at"));
    }

    /** Somebody sends back what they have, to any node, now and then more than that, sometimes broken. */
    void sendBack() {
        Order order = chance.percent(50) ? world.someClosedOrder() : world.someOrder();
        if (order != null) {
            seeToMoney(order);
            sendBack(order);
        }
    }

    void sendBack(Order order) {
        if (!order.returns().all().isEmpty() && chance.percent(60)) {
            goOnWith(order, chance.of(order.returns().all()));
            return;
        }
        if (chance.percent(50)
                || (order.in(UnitState.SHIPPED) + order.in(UnitState.COLLECTED) == 0 && chance.percent(90))) {
            return;
        }
        List<LineQuantity> lines = new ArrayList<>();
        for (OrderLine line : order.lines()) {
            int theirs = line.units().in(UnitState.SHIPPED) + line.units().in(UnitState.COLLECTED);
            int most = chance.percent(95) ? theirs : line.units().total();
            if (most > 0 && chance.percent(70)) {
                lines.add(new LineQuantity(line.number(), chance.between(1, most)));
            }
        }
        Node node = chance.of(world.scenario.network().nodes());
        command(
                order,
                chance.percent(50)
                        ? new OrderCommand.ReturnUnits(lines, node.id(), chance.percent(60), "not what I thought")
                        : new OrderCommand.AnnounceReturn(
                                lines, chance.percent(50) ? node.id() : null, "not what I thought"));
    }

    /** What was announced comes, in part or whole, or does not; somebody looks at it. */
    private void goOnWith(Order order, Return one) {
        Node node = chance.of(world.scenario.network().nodes());
        List<LineQuantity> some = new ArrayList<>();
        for (ReturnLine line : one.lines()) {
            if (line.expected() > 0 && chance.percent(60)) {
                some.add(new LineQuantity(line.line(), chance.between(1, line.expected())));
            }
        }
        switch (chance.between(1, 10)) {
            case 1, 2, 3, 4, 5 ->
                command(order, new OrderCommand.ReceiveReturn(one.number(), some, node.id(), chance.percent(60)));
            case 6 -> command(order, new OrderCommand.CancelReturn(one.number(), "I keep it"));
            case 7, 8 ->
                command(order, new OrderCommand.ReturnUnits(some, node.id(), chance.percent(60), "I have not said so"));
            default -> {
                String seen = chance.percent(80) ? PartFlows.GOOD : PartFlows.WORN;
                command(order, new OrderCommand.Signal(Journey.ofReturn(one.number()), seen));
            }
        }
    }

    private void cancel(Order order) {
        String reason = "changed my mind" + poison(40, '\0') + poison(60, '\uffff');
        List<LineQuantity> lines = new ArrayList<>();
        if (chance.percent(70)) {
            for (OrderLine line : order.lines()) {
                if (chance.percent(60)) {
                    lines.add(new LineQuantity(
                            line.number(), chance.between(1, line.units().total())));
                }
            }
        }
        command(order, new OrderCommand.CancelUnits(lines, reason));
    }

    void approve(Order order) {
        command(order, new OrderCommand.Signal(Journey.ORDER, ApprovalFlow.APPROVED));
    }

    private void command(Order order, OrderCommand command) {
        command(order.id().value(), new HubCommand.ForOrder(guarded(order, command)));
    }

    private void command(long aggregate, HubCommand command) {
        long number = world.nextRequest();
        // Once in a while a program reuses a key for something else.
        long key = chance.oneIn(30) && !world.isQuiet() ? number - chance.between(1, 20) : number;
        world.send(new Request(
                number,
                "customer",
                lane(),
                aggregate,
                List.of(new Key(KeyKind.REQUEST, "change " + key)),
                number,
                false,
                any -> command));
    }

    private OrderCommand guarded(Order order, OrderCommand command) {
        if (world.isQuiet() || chance.percent(85)) {
            return command;
        }
        return new OrderCommand.IfUnchanged(order.version() - (chance.percent(80) ? 0 : 1), command);
    }
}
