package dev.tutti.order;

import static dev.tutti.decision.RefusalCode.AMOUNTS_DISAGREE;
import static dev.tutti.decision.RefusalCode.CURRENCY_MISMATCH;
import static dev.tutti.decision.RefusalCode.INVALID_FIELD;
import static dev.tutti.decision.RefusalCode.UNKNOWN_CHANNEL;
import static dev.tutti.decision.RefusalCode.UNKNOWN_FLOW;
import static dev.tutti.decision.RefusalCode.UNKNOWN_NODE;

import dev.tutti.decision.Refusal;
import dev.tutti.flow.Flow;
import dev.tutti.fulfilment.Method;
import dev.tutti.network.Channel;
import dev.tutti.network.Node;
import dev.tutti.order.OrderEvent.OrderPlaced;
import dev.tutti.order.OrderEvent.PlacedLine;
import dev.tutti.quantity.Proration;
import java.util.ArrayList;
import java.util.List;

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
        Refused.at(
                "lines",
                draft.lines().size() > MOST_LINES,
                INVALID_FIELD,
                "an order has at most " + MOST_LINES + " lines, not "
                        + draft.lines().size());
        checkGroups(draft, facts);
        checkLines(draft);
        Flow flow = facts.flows().newest(channel.flow());
        if (flow == null) {
            throw new Refused(Refusal.at(
                    "channel",
                    UNKNOWN_FLOW,
                    "channel " + channel.code() + " names the flow " + channel.flow() + ", which does not exist"));
        }
        OrderHeader header = new OrderHeader(
                draft.id(),
                draft.channel(),
                draft.externalId(),
                draft.customer(),
                channel.currency(),
                draft.placedAt(),
                draft.priority(),
                draft.shipGroups(),
                draft.attributes());
        OrderPlaced placed = new OrderPlaced(header, pricedLines(draft), flow.name(), flow.version());
        Change change = Change.placing(placed, facts);
        FlowRun.start(change);
        return change.accepted(draft.contacts());
    }

    private static void checkGroups(OrderDraft draft, OrderFacts facts) {
        for (int i = 0; i < draft.shipGroups().size(); i++) {
            ShipGroup group = draft.shipGroups().get(i);
            if (group.method() == Method.PICK_UP) {
                String path = "shipGroups[" + i + "].pickUpNode";
                Node node = group.pickUpNode() == null
                        ? null
                        : facts.network().node(group.pickUpNode().value());
                Refused.at(path, node == null, UNKNOWN_NODE, "there is no such node to collect at");
                Refused.at(
                        path,
                        node != null && !node.handsOut(),
                        INVALID_FIELD,
                        "customers cannot collect at " + (node == null ? "" : node.code()));
            }
        }
    }

    private static void checkLines(OrderDraft draft) {
        long units = 0;
        for (int i = 0; i < draft.lines().size(); i++) {
            OrderDraft.Line line = draft.lines().get(i);
            String path = "lines[" + i + "]";
            Refused.at(
                    path + ".quantity",
                    line.quantity() < 1 || line.quantity() > OrderDraft.MOST_UNITS,
                    INVALID_FIELD,
                    "a quantity is between 1 and " + OrderDraft.MOST_UNITS + ", not " + line.quantity());
            Refused.at(
                    path + ".shipGroup",
                    line.shipGroup() < 1
                            || line.shipGroup() > draft.shipGroups().size(),
                    INVALID_FIELD,
                    "there is no ship group " + line.shipGroup());
            checkAmount(path + ".unitPrice", line.unitPrice());
            checkAmount(path + ".discount", line.discount());
            checkAmount(path + ".tax", line.tax());
            Refused.at(
                    path + ".discount",
                    line.discount() > line.unitPrice() * line.quantity(),
                    AMOUNTS_DISAGREE,
                    "the discount is more than the line's " + line.unitPrice() * line.quantity());
            units += line.quantity();
        }
        Refused.at(
                "lines",
                units > OrderDraft.MOST_UNITS,
                INVALID_FIELD,
                "an order has at most " + OrderDraft.MOST_UNITS + " units, not " + units);
    }

    private static void checkAmount(String path, long amount) {
        Refused.at(
                path,
                amount < 0 || amount > MOST_MONEY,
                INVALID_FIELD,
                "an amount is between 0 and " + MOST_MONEY + " minor units, not " + amount);
    }

    /** Shares the order's discount and shipping out over the lines by their value, and checks the sum. */
    private static List<PlacedLine> pricedLines(OrderDraft draft) {
        checkAmount("shipping", draft.shipping());
        checkAmount("discount", draft.discount());
        int n = draft.lines().size();
        long[] value = new long[n];
        long goods = 0;
        for (int i = 0; i < n; i++) {
            OrderDraft.Line line = draft.lines().get(i);
            value[i] = line.unitPrice() * line.quantity() - line.discount();
            goods = goods + value[i];
            Refused.at("lines", goods > MOST_MONEY, INVALID_FIELD, "the lines come to more than " + MOST_MONEY);
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
            OrderDraft.Line line = draft.lines().get(i);
            LineMoney money = new LineMoney(line.unitPrice(), line.discount() + discount[i], line.tax(), shipping[i]);
            total = Math.addExact(total, money.total(line.quantity()));
            lines.add(new PlacedLine(i + 1, line.item(), line.quantity(), line.shipGroup(), line.splittable(), money));
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
