package dev.tutti.server.api;

import static dev.tutti.decision.RefusalCode.UNKNOWN_ORDER;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.Refusal;
import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.hub.HubCommand;
import dev.tutti.network.Channel;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Orders: placed, looked at, called off. */
final class OrderEndpoints {
    private final Engine engine;
    private final Desk desk;
    private final EventsOnWire events;

    OrderEndpoints(Engine engine) {
        this.engine = engine;
        this.desk = new Desk(engine);
        this.events = new EventsOnWire(engine.catalogue());
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/orders", "orders.place", this::place);
        routes.add("GET", "/v1/orders", "orders.read", new OrderSearchEndpoint(engine)::search);
        routes.add("GET", "/v1/channels/{code}/orders/{externalId}", "orders.read", this::find);
        routes.add("GET", "/v1/orders/{id}", "orders.read", this::get);
        routes.add("POST", "/v1/orders/{id}/cancel", "orders.cancel", this::cancel);
        routes.add("POST", "/v1/orders/{id}/signals", "orders.signal", this::signal);
    }

    private void place(Call call) throws IOException {
        Sight sight = new Sight(engine, call.caller().scope());
        long id = engine.nextId();
        OrderReader.Asked asked;
        try (JsonReader in = call.json()) {
            asked = OrderReader.read(in, sight, id, Engine.now());
        }
        List<KeyClaim> keys = new ArrayList<>(2);
        KeyClaim external = externalKey(asked);
        keys.add(external);
        Desk.claimRequest(call, asked.fingerprint(), id, keys);
        Answer<Order> answer =
                Desk.await(engine.submit(Lane.INTERACTIVE, id, true, command(asked), keys, call.audit("")));
        switch (answer) {
            case Answer.Done<Order>(Order next)
            when next != null -> {
                call.header("Location", "/v1/orders/" + id);
                desk.reply(call, 201, next);
            }
            case Answer.Done<Order> done -> throw new IllegalStateException("placing leaves an order");
            case Answer.Repeated<Order>(long first) -> {
                call.header("Location", "/v1/orders/" + first);
                call.header("Idempotent-Replayed", "true");
                desk.reply(call, 200, Desk.required(engine.reads().orderAsPlaced(first)));
            }
            case Answer.Refused<Order>(Refusal refusal) -> call.reply(Desk.problem(refusal, external));
        }
    }

    static HubCommand command(OrderReader.Asked asked) {
        return new HubCommand.ForOrder(new OrderCommand.PlaceOrder(asked.draft()));
    }

    static KeyClaim externalKey(OrderReader.Asked asked) {
        return new KeyClaim(
                new Key(
                        KeyKind.EXTERNAL_ORDER,
                        externalKey(asked.channel(), asked.draft().externalId())),
                asked.fingerprint(),
                asked.draft().id().value());
    }

    private static String externalKey(Channel channel, String externalId) {
        return channel.id().value() + "|" + externalId;
    }

    private void get(Call call) throws IOException {
        call.onlyQueries();
        Order order = new Sight(engine, call.caller().scope()).order(call.number(0, UNKNOWN_ORDER));
        replyWithTimeline(call, order);
    }

    private void find(Call call) throws IOException {
        call.onlyQueries();
        Sight sight = new Sight(engine, call.caller().scope());
        Channel channel = sight.channel(call.value(0));
        long id = channel == null
                ? -1
                : engine.reads().orderByKey(KeyKind.EXTERNAL_ORDER.name(), externalKey(channel, call.value(1)));
        if (id < 0) {
            throw Sight.noOrder();
        }
        replyWithTimeline(call, sight.order(id));
    }

    private void replyWithTimeline(Call call, Order order) throws IOException {
        var timeline = engine.reads().timeline(order.id().value());
        call.header("ETag", "\"" + order.version() + "\"");
        call.reply(200, json -> OrderJson.write(json, order, engine.catalogue(), timeline, events));
    }

    private void cancel(Call call) throws IOException {
        long id = call.number(0, UNKNOWN_ORDER);
        List<LineQuantity> lines = OrderCommand.allUnits();
        String reason = null;
        try (JsonReader in = call.jsonOrEmpty()) {
            in.begin();
            in.object();
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                switch (name) {
                    case "lines" -> lines = in.isNull() ? lines : Wire.lineQuantities(in);
                    case "reason" -> reason = in.nonEmptyText(500);
                    default -> throw in.unknownField();
                }
            }
            in.required(reason, "reason");
            in.end();
        }
        new Sight(engine, call.caller().scope()).requireOrder(id);
        String why = reason == null ? "" : reason;
        desk.change(call, id, new OrderCommand.CancelUnits(lines, why), why);
    }

    private void signal(Call call) throws IOException {
        long id = call.number(0, UNKNOWN_ORDER);
        String signal = null;
        Journey part = Journey.ORDER;
        try (JsonReader in = call.jsonOrEmpty()) {
            in.begin();
            in.object();
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                switch (name) {
                    case "name" -> signal = in.nonEmptyText(100);
                    case "part" -> part = Wire.part(in);
                    default -> throw in.unknownField();
                }
            }
            in.required(signal, "name");
            in.end();
        }
        new Sight(engine, call.caller().scope()).requireOrder(id);
        desk.change(call, id, new OrderCommand.Signal(part, signal == null ? "" : signal), "");
    }
}
