package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.decision.Spelling;
import dev.tutti.flow.Action;
import dev.tutti.flow.FlowKind;
import dev.tutti.fulfilment.FulfilmentStatus;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.inventory.Position;
import dev.tutti.invoice.InvoiceKind;
import dev.tutti.network.ItemTerms;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeType;
import dev.tutti.order.AddressProblem;
import dev.tutti.order.ExceptionKind;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderStatus;
import dev.tutti.order.RejectReason;
import dev.tutti.postgres.Destination.Ability;
import dev.tutti.promise.Option;
import dev.tutti.reservation.ReservationState;
import dev.tutti.returns.ReturnStatus;
import dev.tutti.server.events.AvailabilityTold;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.Problem;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.json.JsonReader;
import dev.tutti.server.openapi.Facts;
import dev.tutti.server.security.Role;
import java.time.DayOfWeek;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the program knows of REST v1: spellings and limits by the names that the description's texts use. */
final class Known {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Known() {}

    static Facts facts() {
        return new Facts(values(), problems(), EventSchemas.all());
    }

    private static SortedMap<String, JsonNode> values() {
        SortedMap<String, JsonNode> values = new TreeMap<>();
        values.put("LONGEST_RESERVATION", JSON.numberNode(ReservationEndpoints.LONGEST_SECONDS));
        for (Enum<?>[] constants : List.<Enum<?>[]>of(
                OrderStatus.values(),
                FlowKind.values(),
                ExceptionKind.values(),
                AddressProblem.values(),
                InvoiceKind.values(),
                ExceptionEndpoints.Remedy.values(),
                ReturnStatus.values(),
                ReservationState.values(),
                UnitState.values(),
                FulfilmentStatus.values(),
                Method.values(),
                Option.Way.values(),
                InboundShipment.Kind.values(),
                Condition.values(),
                RejectReason.values(),
                Ability.values(),
                Action.values(),
                NodeType.values(),
                DayOfWeek.values(),
                Role.values())) {
            values.put(constants[0].getDeclaringClass().getSimpleName(), spelt(constants));
        }
        ArrayNode kinds = JSON.arrayNode();
        SubscriptionJson.KINDS.forEach(kinds::add);
        kinds.add(AvailabilityTold.KIND);
        values.put("EventKind", kinds);
        values.put("MOST_BYTES", JSON.numberNode(Call.MOST_BYTES));
        values.put("MOST_AMOUNT", JSON.numberNode(OrderReader.MOST_AMOUNT));
        values.put("MOST_ATTRIBUTES", JSON.numberNode(JsonReader.MOST_ATTRIBUTES));
        values.put("MOST_GROUPS", JSON.numberNode(OrderReader.MOST_GROUPS));
        values.put("MOST_HOLIDAYS", JSON.numberNode(NodeJson.MOST_HOLIDAYS));
        values.put("MOST_IN_AN_ARRAY", JSON.numberNode(Upserts.MOST_IN_AN_ARRAY));
        values.put("MOST_ITEMS_AT_ONCE", JSON.numberNode(AvailabilityEndpoint.MOST_ITEMS));
        values.put("MOST_PARTS", JSON.numberNode(ItemTerms.MOST_PARTS));
        values.put("MOST_LINES", JSON.numberNode(OrderReader.MOST_LINES));
        values.put("MOST_OF_A_LIST", JSON.numberNode(Call.MOST_OF_A_LIST));
        values.put("USUAL_OF_A_LIST", JSON.numberNode(Call.USUAL_OF_A_LIST));
        values.put("MOST_UNITS", JSON.numberNode(OrderDraft.MOST_UNITS));
        values.put("MOST_IN_STOCK", JSON.numberNode(Position.MOST));
        values.put("LEAST_IN_STOCK", JSON.numberNode(-Position.MOST));
        values.put("MOST_COST", JSON.numberNode(NodeCosts.MOST));
        values.put("MOST_COST_OF_A_MILE", JSON.numberNode(NodeCosts.MOST_UNIT_MILE));
        values.put("MOST_COST_OF_A_DAY", JSON.numberNode(NodeCosts.MOST_DAY_LATE));
        values.put("LONGEST_WAIT", JSON.numberNode(FeedEndpoints.LONGEST_WAIT_SECONDS));
        values.put("PATIENCE", JSON.numberNode(Desk.PATIENCE_SECONDS));
        return values;
    }

    static ArrayNode spelt(Enum<?>... constants) {
        ArrayNode spellings = JSON.arrayNode();
        for (Enum<?> constant : constants) {
            spellings.add(Spelling.of(constant));
        }
        return spellings;
    }

    private static SortedMap<String, SortedSet<Integer>> problems() {
        SortedMap<String, SortedSet<Integer>> problems = new TreeMap<>();
        for (RefusalCode code : RefusalCode.values()) {
            // An error of our own is answered as internal-error, under a number.
            if (code != RefusalCode.DECISION_FAILED) {
                problems.computeIfAbsent(code.code(), c -> new TreeSet<>()).add(Problem.status(code));
            }
        }
        for (BadJson.Kind kind : BadJson.Kind.values()) {
            problems.computeIfAbsent(kind.code(), c -> new TreeSet<>()).add(Problem.status(kind));
        }
        return problems;
    }
}
