package dev.tutti.server.api;

import static dev.tutti.decision.RefusalCode.UNKNOWN_ORDER;
import static dev.tutti.decision.RefusalCode.UNKNOWN_RETURN;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.order.OrderCommand;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What customers send or bring back: announced or not, received, called off. */
final class ReturnEndpoints {
    private final Engine engine;
    private final Desk desk;

    ReturnEndpoints(Engine engine) {
        this.engine = engine;
        this.desk = new Desk(engine);
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/orders/{id}/returns", "orders.return", this::takeBack);
        routes.add("POST", "/v1/orders/{id}/announced-returns", "orders.return", this::announce);
        routes.add("POST", "/v1/orders/{id}/returns/{number}/receive", "orders.return", this::receive);
        routes.add("POST", "/v1/orders/{id}/returns/{number}/cancel", "orders.return", this::cancel);
    }

    /** What a body says. */
    private record Asked(List<LineQuantity> lines, @Nullable Node node, boolean restock, String reason) {}

    private Asked read(Call call, Set<String> fields, Set<String> required) throws IOException {
        Sight sight = new Sight(engine, call.caller().scope());
        List<LineQuantity> lines = OrderCommand.allUnits();
        Node node = null;
        boolean restock = true;
        String reason = null;
        try (JsonReader in = call.jsonOrEmpty()) {
            in.begin();
            in.object();
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                switch (fields.contains(name) ? name : "") {
                    case "lines" -> lines = in.isNull() ? lines : Wire.lineQuantities(in);
                    case "node" -> node = Wire.node(in, sight);
                    case "restock" -> restock = in.bool();
                    case "reason" -> reason = in.nonEmptyText(500);
                    default -> throw in.unknownField();
                }
            }
            if (required.contains("node")) {
                in.required(node, "node");
            }
            if (required.contains("reason")) {
                in.required(reason, "reason");
            }
            in.end();
        }
        return new Asked(lines, node, restock, reason == null ? "" : reason);
    }

    private void takeBack(Call call) throws IOException {
        long id = call.number(0, UNKNOWN_ORDER);
        Asked asked = read(call, Set.of("lines", "node", "restock", "reason"), Set.of("node", "reason"));
        new Sight(engine, call.caller().scope()).requireOrder(id);
        if (asked.node() != null) {
            desk.change(
                    call,
                    id,
                    new OrderCommand.ReturnUnits(asked.lines(), asked.node().id(), asked.restock(), asked.reason()),
                    asked.reason());
        }
    }

    private void announce(Call call) throws IOException {
        long id = call.number(0, UNKNOWN_ORDER);
        Asked asked = read(call, Set.of("lines", "node", "reason"), Set.of("reason"));
        new Sight(engine, call.caller().scope()).requireOrder(id);
        NodeId node = asked.node() == null ? null : asked.node().id();
        desk.change(call, id, new OrderCommand.AnnounceReturn(asked.lines(), node, asked.reason()), asked.reason());
    }

    private void receive(Call call) throws IOException {
        long id = call.number(0, UNKNOWN_ORDER);
        int number = call.smallNumber(1, UNKNOWN_RETURN);
        Asked asked = read(call, Set.of("lines", "node", "restock"), Set.of("node"));
        new Sight(engine, call.caller().scope()).requireOrder(id);
        if (asked.node() != null) {
            NodeId node = asked.node().id();
            desk.change(call, id, new OrderCommand.ReceiveReturn(number, asked.lines(), node, asked.restock()), "");
        }
    }

    private void cancel(Call call) throws IOException {
        long id = call.number(0, UNKNOWN_ORDER);
        int number = call.smallNumber(1, UNKNOWN_RETURN);
        Asked asked = read(call, Set.of("reason"), Set.of("reason"));
        new Sight(engine, call.caller().scope()).requireOrder(id);
        desk.change(call, id, new OrderCommand.CancelReturn(number, asked.reason()), asked.reason());
    }
}
