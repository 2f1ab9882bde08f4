package dev.tutti.server.api;

import static dev.tutti.decision.RefusalCode.UNKNOWN_ORDER;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.RefusalCode;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.ExceptionKind;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What people do with orders that a person must look at, one by one or many at once. */
final class ExceptionEndpoints {
    static final int MOST_AT_ONCE = 500;
    private static final Duration LATEST = Duration.ofDays(366);

    /** What can be done with many at once. */
    enum Remedy {
        ASSIGN,
        RESOLVE,
        SETTLE,
        RESUME,
        CANCEL
    }

    private final Engine engine;
    private final Desk desk;

    ExceptionEndpoints(Engine engine) {
        this.engine = engine;
        this.desk = new Desk(engine);
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/orders/{id}/open-exception", "orders.resolve", this::open);
        routes.add("POST", "/v1/orders/{id}/assign-exception", "orders.resolve", this::assign);
        routes.add("POST", "/v1/orders/{id}/resolve-exception", "orders.resolve", this::resolve);
        routes.add("POST", "/v1/exceptions", "orders.resolve", this::many);
    }

    /** What a body says. */
    private static final class Asked {
        private String owner = "";
        private String reason = "";
        private @Nullable Instant lookBy;
        private @Nullable Remedy remedy;
        private List<Long> orders = List.of();

        static Asked read(Call call, List<String> fields, List<String> required) throws IOException {
            Asked asked = new Asked();
            List<String> missing = new ArrayList<>(required);
            try (JsonReader in = call.jsonOrEmpty()) {
                in.begin();
                in.object();
                for (String name = in.nextField(); name != null; name = in.nextField()) {
                    asked.field(in, fields.contains(name) ? name : "");
                    missing.remove(name);
                }
                if (!missing.isEmpty()) {
                    throw in.missing(missing.getFirst());
                }
                in.end();
            }
            return asked;
        }

        private void field(JsonReader in, String name) {
            switch (name) {
                case "owner" -> owner = in.text(100);
                case "reason" -> reason = in.nonEmptyText(500);
                case "lookBy" -> {
                    Instant now = Engine.now();
                    lookBy = in.instant(now, now.plus(LATEST));
                }
                case "do" -> remedy = in.oneOf(Remedy.values());
                case "orders" -> {
                    orders = in.list(MOST_AT_ONCE, Asked::order);
                    if (new TreeSet<>(orders).size() < orders.size()) {
                        throw in.invalid("an order is named twice");
                    }
                }
                default -> throw in.unknownField();
            }
        }

        private static Long order(JsonReader in) {
            String text = in.nonEmptyText(18);
            if (!text.matches("[0-9]+")) {
                throw in.invalid("an order's number has digits alone");
            }
            return Long.valueOf(text);
        }
    }

    private void open(Call call) throws IOException {
        Asked asked = Asked.read(call, List.of("reason"), List.of("reason"));
        change(call, new OrderCommand.OpenException(ExceptionKind.PERSON, asked.reason), asked.reason);
    }

    private void assign(Call call) throws IOException {
        Asked asked = Asked.read(call, List.of("owner", "lookBy", "reason"), List.of("owner"));
        change(call, new OrderCommand.AssignException(asked.owner, asked.lookBy), asked.reason);
    }

    private void resolve(Call call) throws IOException {
        Asked asked = Asked.read(call, List.of("reason"), List.of("reason"));
        change(call, new OrderCommand.ResolveException(asked.reason), asked.reason);
    }

    private void change(Call call, OrderCommand command, String reason) throws IOException {
        long id = call.number(0, UNKNOWN_ORDER);
        new Sight(engine, call.caller().scope()).requireOrder(id);
        desk.change(call, id, command, reason);
    }

    /** The same for many, each by itself: what cannot be done for one does not keep it from the others. */
    private void many(Call call) throws IOException {
        Asked asked = Asked.read(
                call, List.of("orders", "do", "owner", "lookBy", "reason"), List.of("orders", "do", "reason"));
        if (asked.remedy == Remedy.ASSIGN && asked.owner.isEmpty()) {
            throw NotDone.at("owner", RefusalCode.INVALID_FIELD, "it is assigned to somebody");
        }
        Sight sight = new Sight(engine, call.caller().scope());
        TreeMap<Long, CompletableFuture<Answer<Order>>> answers = new TreeMap<>();
        TreeMap<Long, Problem> problems = new TreeMap<>();
        for (long id : asked.orders) {
            try {
                sight.requireOrder(id);
            } catch (NotDone unknown) {
                problems.put(id, unknown.problem());
            }
        }
        for (long id : asked.orders) {
            if (!problems.containsKey(id)) {
                HubCommand command = new HubCommand.ForOrder(command(asked));
                answers.put(
                        id,
                        Overload.submit(() ->
                                engine.submit(Lane.BULK, id, false, command, List.of(), call.audit(asked.reason))));
            }
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(Desk.PATIENCE_SECONDS);
        answers.forEach((id, answer) -> {
            try {
                if (Desk.await(answer, until) instanceof Answer.Refused<Order>(var refusal)) {
                    problems.put(id, Desk.problem(refusal));
                }
            } catch (NotDone unanswered) {
                problems.put(id, unanswered.problem());
            }
        });
        call.reply(200, json -> write(json, asked.orders, problems));
    }

    private static OrderCommand command(Asked asked) {
        return switch (asked.remedy) {
            case ASSIGN -> new OrderCommand.AssignException(asked.owner, asked.lookBy);
            case RESOLVE -> new OrderCommand.ResolveException(asked.reason);
            case SETTLE -> new OrderCommand.SettlePayment();
            case RESUME -> new OrderCommand.ResumeFlow();
            case CANCEL -> new OrderCommand.CancelUnits(OrderCommand.allUnits(), asked.reason);
            case null -> throw new IllegalStateException("it is not said what to do");
        };
    }

    private static void write(JsonGenerator json, List<Long> orders, TreeMap<Long, Problem> problems) {
        json.writeStartObject();
        json.writeName("results");
        json.writeStartArray();
        for (long id : orders) {
            json.writeStartObject();
            json.writeStringProperty("order", Long.toString(id));
            Problem problem = problems.get(id);
            json.writeBooleanProperty("done", problem == null);
            if (problem != null) {
                json.writeName("problem");
                problem.write(json);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
