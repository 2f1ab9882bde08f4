package dev.tutti.order;

import static dev.tutti.decision.RefusalCode.AMOUNTS_DISAGREE;
import static dev.tutti.decision.RefusalCode.CURRENCY_MISMATCH;
import static dev.tutti.decision.RefusalCode.INVALID_FIELD;
import static dev.tutti.decision.RefusalCode.ITEM_NOT_OFFERED;
import static dev.tutti.decision.RefusalCode.UNKNOWN_CHANNEL;
import static dev.tutti.decision.RefusalCode.UNKNOWN_FLOW;
import static dev.tutti.decision.RefusalCode.UNKNOWN_NODE;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowKind;
import dev.tutti.fulfilment.Method;
import dev.tutti.inventory.Slots;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.Slot;
import dev.tutti.order.OrderEvent.OrderPlaced;
import dev.tutti.order.OrderEvent.PlacedLine;
import dev.tutti.quantity.Proration;
import dev.tutti.reservation.Reservation;
import dev.tutti.sourcing.Offered;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Takes a new order: is it whole, does its money add up, and how does it begin to travel. */
final class Placing {
    private static final int MOST_LINES = 10_000;
    /** Ten thousand million major units: beyond any order, and far from overflow. */
    private static final long MOST_MONEY = 1_000_000_000_000L;

    private Placing() {}

    static OrderDecision decide(OrderDraft draft, OrderFacts facts) {
        Channel channel = facts.network().channel(draft.channel());
        if (channel == null) {
            throw new Refused(Refusal.at("channel", UNKNOWN_CHANNEL, "there is no such channel"));
        }
        Refused.at(
                "currency",
                !channel.currency().getCurrencyCode().equals(draft.currency()),
                CURRENCY_MISMATCH,
                "channel " + channel.code() + " sells in " + channel.currency() + ", not in " + draft.currency());
        Refused.at("lines", draft.lines().isEmpty(), INVALID_FIELD, "an order has at least one line");
        checkGroups(draft, facts);
        checkSlots(draft, facts);
        checkLines(draft);
        checkTerms(draft, channel, facts.network());
        List<Kits.Opened> opened = Kits.opened(draft.lines(), facts.network());
        checkSize(opened);
        Flow flow = facts.flows().newest(channel.flows().order());
        if (flow == null || flow.kind() != FlowKind.ORDER) {
            throw new Refused(Refusal.at(
                    "channel",
                    UNKNOWN_FLOW,
                    "channel " + channel.code() + " names the flow "
                            + channel.flows().order() + ", which is no flow of orders"));
        }
        OrderHeader header = new OrderHeader(
                draft.id(),
                draft.channel(),
                draft.externalId(),
                draft.customer(),
                channel.currency(),
                draft.placedAt(),
                draft.priority(),
                Addresses.checked(draft.shipGroups(), draft.contacts()),
                draft.attributes(),
                facts.duplicateOf());
        OrderPlaced placed = new OrderPlaced(header, pricedLines(draft, opened), flow.name(), flow.version());
        Change change = Change.placing(placed, facts);
        TakingOver.takeOver(change, draft.reservation(), facts.reservation());
        FlowRun.start(change);
        draft.contacts().forEach(change::keeps);
        return change.accepted();
    }

    private static void checkGroups(OrderDraft draft, OrderFacts facts) {
        for (int i = 0; i < draft.shipGroups().size(); i++) {
            ShipGroup group = draft.shipGroups().get(i);
            if (group.method().isCollected()) {
                String path = "shipGroups[" + i + "].pickUpNode";
                Node node = group.pickUpNode() == null
                        ? null
                        : facts.network().node(group.pickUpNode().value());
                Refused.at(path, node == null, UNKNOWN_NODE, "there is no such node to collect at");
                String why = node == null ? null : Offered.notAt(node);
                Refused.at(path, why != null, INVALID_FIELD, String.valueOf(why));
            }
        }
    }

    private static void checkSlots(OrderDraft draft, OrderFacts facts) {
        TreeMap<String, Slot> slots = new TreeMap<>();
        for (int i = 0; i < draft.shipGroups().size(); i++) {
            ShipGroup group = draft.shipGroups().get(i);
            if (group.slot() != null) {
                String path = "shipGroups[" + i + "].collectFrom";
                Refused.at(
                        path,
                        !group.slot().node().equals(group.pickUpNode()),
                        INVALID_FIELD,
                        "it is a slot of another node");
                slots.put(path, group.slot());
            }
        }
        // What a reservation holds is the order's already.
        Reservation held = facts.reservation();
        if (held != null && held.id().value() == draft.reservation() && held.isHeld()) {
            held.slots().forEach(slot -> slots.values().remove(slot));
        }
        Refusal full = Slots.refusal(facts.network(), facts.stock(), slots, facts.now());
        if (full != null) {
            throw new Refused(full);
        }
    }

    private static void checkLines(OrderDraft draft) {
        for (int i = 0; i < draft.lines().size(); i++) {
            OrderDraft.Line line = draft.lines().get(i);
            if (line.quantity() < 1 || line.quantity() > OrderDraft.MOST_UNITS) {
                throw wrong(
                        i,
                        "quantity",
                        INVALID_FIELD,
                        "a quantity is between 1 and " + OrderDraft.MOST_UNITS + ", not " + line.quantity());
            }
            if (line.shipGroup() < 1 || line.shipGroup() > draft.shipGroups().size()) {
                throw wrong(i, "shipGroup", INVALID_FIELD, "there is no ship group " + line.shipGroup());
            }
            checkAmount(i, "unitPrice", line.unitPrice());
            checkAmount(i, "discount", line.discount());
            checkAmount(i, "tax", line.tax());
            long goods = line.unitPrice() * line.quantity();
            if (line.discount() > goods) {
                throw wrong(i, "discount", AMOUNTS_DISAGREE, "the discount is more than the line's " + goods);
            }
        }
    }

    /** Whether the channel sells each item, and in the way that was chosen. */
    private static void checkTerms(OrderDraft draft, Channel channel, Network network) {
        for (int i = 0; i < draft.lines().size(); i++) {
            OrderDraft.Line line = draft.lines().get(i);
            Method method = draft.shipGroups().get(line.shipGroup() - 1).method();
            String why = Offered.not(network, line.item(), channel.code(), method);
            if (why != null) {
                throw wrong(i, "sku", ITEM_NOT_OFFERED, why);
            }
        }
    }

    private static void checkSize(List<Kits.Opened> lines) {
        Refused.at(
                "lines",
                lines.size() > MOST_LINES,
                INVALID_FIELD,
                "an order has at most " + MOST_LINES + " lines, parts of kits too, not " + lines.size());
        long units =
                lines.stream().mapToLong(opened -> opened.line().quantity()).sum();
        Refused.at(
                "lines",
                units > OrderDraft.MOST_UNITS,
                INVALID_FIELD,
                "an order has at most " + OrderDraft.MOST_UNITS + " units, not " + units);
    }

    private static Refused wrong(int line, String field, RefusalCode code, String detail) {
        return new Refused(Refusal.at("lines[" + line + "]." + field, code, detail));
    }

    private static void checkAmount(int line, String field, long amount) {
        if (!isAmount(amount)) {
            throw wrong(line, field, INVALID_FIELD, noAmount(amount));
        }
    }

    private static void checkAmount(String path, long amount) {
        Refused.at(path, !isAmount(amount), INVALID_FIELD, noAmount(amount));
    }

    private static boolean isAmount(long amount) {
        return amount >= 0 && amount <= MOST_MONEY;
    }

    private static String noAmount(long amount) {
        return "an amount is between 0 and " + MOST_MONEY + " minor units, not " + amount;
    }

    /** Shares the order's discount and shipping out over the lines by their value, and checks the sum. */
    private static List<PlacedLine> pricedLines(OrderDraft draft, List<Kits.Opened> opened) {
        checkAmount("shipping", draft.shipping());
        checkAmount("discount", draft.discount());
        int n = opened.size();
        long[] value = new long[n];
        long goods = 0;
        for (int i = 0; i < n; i++) {
            OrderDraft.Line line = opened.get(i).line();
            value[i] = line.unitPrice() * line.quantity() - line.discount();
            goods = goods + value[i];
            if (goods > MOST_MONEY) {
                throw new Refused(Refusal.at("lines", INVALID_FIELD, "the lines come to more than " + MOST_MONEY));
            }
        }
        Refused.at(
                "discount",
                draft.discount() > goods,
                AMOUNTS_DISAGREE,
                "the discount of " + draft.discount() + " is more than the lines' " + goods);
        long[] discount = Proration.byLargestRemainder(draft.discount(), value);
        long[] shipping = Proration.byLargestRemainder(draft.shipping(), value);
        List<PlacedLine> lines = new ArrayList<>(n);
        long total = 0;
        for (int i = 0; i < n; i++) {
            OrderDraft.Line line = opened.get(i).line();
            LineMoney money = new LineMoney(line.unitPrice(), line.discount() + discount[i], line.tax(), shipping[i]);
            total = Math.addExact(total, money.total(line.quantity()));
            lines.add(new PlacedLine(
                    i + 1,
                    line.item(),
                    line.quantity(),
                    line.shipGroup(),
                    line.splittable(),
                    money,
                    opened.get(i).kit()));
        }
        Long stated = draft.statedTotal();
        Refused.at(
                "total",
                stated != null && stated != total,
                AMOUNTS_DISAGREE,
                "the order says " + stated + ", its lines, discount, tax and shipping come to " + total);
        return lines;
    }
}
