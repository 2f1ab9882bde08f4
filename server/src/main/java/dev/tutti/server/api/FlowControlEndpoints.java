package dev.tutti.server.api;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Journey;
import dev.tutti.order.FlowPosition;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.flow.VerifiedFlows;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.Codes;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What people do when an order does not go its own way: pause it, send it to another step, see to its money. */
final class FlowControlEndpoints {
    private static final RefusalCode UNKNOWN_ORDER = RefusalCode.UNKNOWN_ORDER;
    private static final Duration USUAL_HOLD = Duration.ofDays(1);
    private static final Duration LONGEST_PAUSE = Duration.ofDays(366);

    private final Engine engine;
    private final Desk desk;
    private final VerifiedFlows verified;

    FlowControlEndpoints(Engine engine, VerifiedFlows verified) {
        this.engine = engine;
        this.desk = new Desk(engine);
        this.verified = verified;
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/orders/{id}/pause", "orders.pause", this::pause);
        routes.add(
                "POST",
                "/v1/orders/{id}/resume",
                "orders.pause",
                call -> simple(call, reason -> new OrderCommand.ResumeFlow()));
        routes.add(
                "POST",
                "/v1/orders/{id}/settle",
                "orders.settle",
                call -> simple(call, reason -> new OrderCommand.SettlePayment()));
        routes.add(
                "POST",
                "/v1/orders/{id}/write-off",
                "orders.write-off",
                call -> simple(call, OrderCommand.WriteOff::new));
        routes.add("POST", "/v1/orders/{id}/holds", "orders.hold", this::hold);
        routes.add("POST", "/v1/orders/{id}/holds/{number}/release", "orders.hold", this::letGo);
        routes.add("POST", "/v1/orders/{id}/enter-step", "orders.enter-step", this::enter);
    }

    /** What a body says: why, and what else there may be. */
    private record Asked(
            String reason,
            @Nullable Instant until,
            @Nullable String step,
            Journey part) {}

    private static Asked read(Call call, String wanted) throws IOException {
        String reason = null;
        Instant until = null;
        String step = null;
        Journey part = Journey.ORDER;
        try (JsonReader in = call.jsonOrEmpty()) {
            in.begin();
            in.object();
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                if (name.equals("reason")) {
                    reason = in.nonEmptyText(500);
                } else if (name.equals(wanted) && name.equals("until")) {
                    Instant now = Engine.now();
                    until = in.instant(now, now.plus(LONGEST_PAUSE));
                } else if (name.equals(wanted) && name.equals("step")) {
                    step = Codes.read(in);
                } else if (wanted.equals("step") && name.equals("part")) {
                    part = Wire.part(in);
                } else {
                    throw in.unknownField();
                }
            }
            if (wanted.equals("until")) {
                in.required(until, "until");
            } else if (wanted.equals("step")) {
                in.required(step, "step");
            }
            String why = in.required(reason, "reason");
            in.end();
            return new Asked(why, until, step, part);
        }
    }

    private void pause(Call call) throws IOException {
        long id = call.number(0, UNKNOWN_ORDER);
        Asked asked = read(call, "until");
        new Sight(engine, call.caller().scope()).requireOrder(id);
        if (asked.until() != null) {
            desk.change(call, id, new OrderCommand.PauseFlow(asked.until(), asked.reason()), asked.reason());
        }
    }

    /** What needs no more than a reason. */
    private void simple(Call call, Function<String, OrderCommand> command) throws IOException {
        long id = call.number(0, UNKNOWN_ORDER);
        Asked asked = read(call, "");
        new Sight(engine, call.caller().scope()).requireOrder(id);
        desk.change(call, id, command.apply(asked.reason()), asked.reason());
    }

    private void hold(Call call) throws IOException {
        long id = call.number(0, UNKNOWN_ORDER);
        String type = null;
        String reason = null;
        List<Integer> lines = List.of();
        Instant now = Engine.now();
        Instant until = now.plus(USUAL_HOLD);
        try (JsonReader in = call.json()) {
            in.begin();
            in.object();
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                switch (name) {
                    case "type" -> type = Codes.read(in);
                    case "reason" -> reason = in.nonEmptyText(500);
                    case "lines" ->
                        lines = in.list(OrderReader.MOST_LINES, each -> in.integer(1, OrderReader.MOST_LINES));
                    case "until" -> until = in.instant(now, now.plus(LONGEST_PAUSE));
                    default -> throw in.unknownField();
                }
            }
            type = in.required(type, "type");
            reason = in.required(reason, "reason");
            in.end();
        }
        new Sight(engine, call.caller().scope()).requireOrder(id);
        desk.change(call, id, new OrderCommand.PlaceHold(type, reason, lines, until), reason);
    }

    private void letGo(Call call) throws IOException {
        int number = call.smallNumber(1, RefusalCode.NOT_EXPECTED_NOW);
        simple(call, reason -> new OrderCommand.ReleaseHold(number, reason));
    }

    /** Only where the flow itself might come with an order like this one: then nothing can be wrong with it. */
    private void enter(Call call) throws IOException {
        long id = call.number(0, UNKNOWN_ORDER);
        Asked asked = read(call, "step");
        Order order = new Sight(engine, call.caller().scope()).order(id);
        String step = asked.step() == null ? "" : asked.step();
        Journey part = asked.part();
        FlowPosition at =
                part.isOfOrder() && order.closed() ? null : order.journeys().position(part);
        if (at == null) {
            throw new NotDone(Problem.of(
                    Refusal.at("part", RefusalCode.NOT_EXPECTED_NOW, "no flow of " + part + " is under way")));
        }
        Flow flow = engine.catalogue().flows().of(at.flow(), at.version());
        if (!verified.of(flow).mayEnter(step, order, part, engine.catalogue().network())) {
            boolean known = flow.steps().stream().anyMatch(one -> one.name().equals(step));
            throw new NotDone(Problem.of(Refusal.at(
                    "step",
                    known ? RefusalCode.NOT_EXPECTED_NOW : RefusalCode.INVALID_FIELD,
                    known
                            ? "nothing that stands as " + part + " does comes to " + step + " in its flow"
                            : "its flow has no step " + step)));
        }
        desk.change(
                call,
                id,
                new OrderCommand.IfUnchanged(order.version(), new OrderCommand.EnterStep(part, step)),
                asked.reason());
    }
}
