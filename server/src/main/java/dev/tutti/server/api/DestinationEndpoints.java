package dev.tutti.server.api;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.Outside;
import dev.tutti.postgres.Destination;
import dev.tutti.postgres.EffectQueue;
import dev.tutti.postgres.EffectQueue.Standing;
import dev.tutti.postgres.Secrets.Receiver;
import dev.tutti.server.effects.AnswerAddress;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.JsonReader;
import dev.tutti.server.outgoing.Signature;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Services outside that flows call: how each stands, what calls are signed with, and what they say later. */
final class DestinationEndpoints {
    private final Engine engine;
    private final EffectQueue effects;
    private final Desk desk;

    DestinationEndpoints(Engine engine) {
        this.engine = engine;
        this.effects = engine.database().effects();
        this.desk = new Desk(engine);
    }

    void register(Routes routes) {
        routes.add("GET", "/v1/destinations", "destinations.read", this::list);
        routes.add("POST", "/v1/destinations/{code}/secrets", "destinations.write", this::addSecret);
        routes.add("POST", "/v1/destinations/{code}/ask-again", "destinations.write", this::askAllAgain);
        routes.add("POST", "/v1/orders/{id}/effects/{number}/answer", "orders.answer", this::answer);
        routes.add("POST", "/v1/orders/{id}/effects/{number}/ask-again", "orders.answer", this::askAgain);
        routes.addOpen("POST", AnswerAddress.PATH + "{address}", this::answerLater);
    }

    private void list(Call call) throws IOException {
        call.onlyQueries();
        new Sight(engine, call.caller().scope()).requireEverything();
        List<Destination> all = engine.database().masterData().destinations();
        List<Standing> standings = effects.standings();
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("destinations");
            json.writeStartArray();
            for (Destination destination : all) {
                json.writeStartObject();
                DestinationJson.fields(json, destination);
                for (Standing standing : standings) {
                    if (standing.destination().equals(destination.code())) {
                        json.writeNumberProperty("secrets", standing.secrets());
                        json.writeNumberProperty("waiting", standing.waiting());
                        json.writeNumberProperty("unanswered", standing.unanswered());
                        json.writeNumberProperty("stuck", standing.stuck());
                        if (!standing.failure().isEmpty()) {
                            json.writeStringProperty("failure", standing.failure());
                        }
                    }
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void addSecret(Call call) throws IOException {
        String secret = Signature.secret();
        if (!engine.database().secrets().add(Receiver.DESTINATION, call.value(0), secret, call.audit(""))) {
            throw NotDone.notFound("destination");
        }
        call.reply(201, json -> {
            json.writeStartObject();
            json.writeStringProperty("secret", secret);
            json.writeEndObject();
        });
    }

    private void mustBeAskable(String code) {
        Destination destination = engine.database().masterData().destinations().stream()
                .filter(one -> one.code().equals(code))
                .findFirst()
                .orElseThrow(() -> NotDone.notFound("destination"));
        if (destination.ability() == Destination.Ability.NEITHER) {
            throw notNow(code + " can neither be asked with the same key nor be looked up: only a person can find out");
        }
    }

    private static NotDone notNow(String why) {
        return new NotDone(Problem.of(Refusal.of(RefusalCode.NOT_EXPECTED_NOW, why)));
    }

    private void askAllAgain(Call call) throws IOException {
        String reason = reason(call);
        mustBeAskable(call.value(0));
        replyAsked(call, effects.askAgain(call.value(0), call.audit(reason)));
    }

    private void askAgain(Call call) throws IOException {
        long id = call.number(0, RefusalCode.UNKNOWN_ORDER);
        int number = call.smallNumber(1, RefusalCode.UNKNOWN_ORDER);
        String reason = reason(call);
        Order order = new Sight(engine, call.caller().scope()).order(id);
        Outside.Effect effect = order.outside().effect(number);
        if (effect == null) {
            throw NotDone.notFound("effect");
        }
        mustBeAskable(effect.destination());
        if (!effects.askAgain(id, number, call.audit(reason))) {
            throw notNow("it is answered, or will be asked again by itself");
        }
        replyAsked(call, 1);
    }

    private static void replyAsked(Call call, int asked) throws IOException {
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeNumberProperty("asked", asked);
            json.writeEndObject();
        });
    }

    private static String reason(Call call) throws IOException {
        try (JsonReader in = call.jsonOrEmpty()) {
            in.begin();
            in.object();
            String reason = null;
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                if (!name.equals("reason")) {
                    throw in.unknownField();
                }
                reason = in.nonEmptyText(500);
            }
            String why = in.required(reason, "reason");
            in.end();
            return why;
        }
    }

    /** @param done null if it is not said */
    private record Said(@Nullable Boolean done, SortedMap<String, String> answers, String detail) {
        static Said read(Call call) throws IOException {
            Boolean done = null;
            SortedMap<String, String> answers = new TreeMap<>();
            String detail = "";
            try (JsonReader in = call.jsonOrEmpty()) {
                in.begin();
                in.object();
                for (String name = in.nextField(); name != null; name = in.nextField()) {
                    switch (name) {
                        case "done" -> done = in.bool();
                        case "answers" -> answers = in.attributes();
                        case "detail" -> detail = in.text(500);
                        default -> throw in.unknownField();
                    }
                }
                in.end();
            }
            return new Said(done, answers, detail);
        }

        /** Of money nothing is taken for granted. */
        OrderCommand.AnswerEffect to(Order order, int number) {
            Outside.Effect effect = order.outside().effect(number);
            if (done == null && effect != null && effect.money() != null) {
                throw NotDone.at("done", RefusalCode.INVALID_FIELD, "of money it must be said whether it was done");
            }
            return new OrderCommand.AnswerEffect(number, done == null || done, answers, detail);
        }
    }

    /** What a person has found out. */
    private void answer(Call call) throws IOException {
        long id = call.number(0, RefusalCode.UNKNOWN_ORDER);
        int number = call.smallNumber(1, RefusalCode.UNKNOWN_ORDER);
        Said said = Said.read(call);
        Order order = new Sight(engine, call.caller().scope()).order(id);
        Outside.Effect effect = order.outside().effect(number);
        if (effect != null && effect.money() != null && effect.done() == null && !effects.waits(id, number)) {
            throw notNow(
                    effect.destination() + " is being asked, and may answer at any moment; if it does not, this becomes"
                            + " a case, and can be answered then");
        }
        if (desk.change(call, id, said.to(order, number), said.detail())) {
            effects.settle(id, number, "answered by " + call.caller().name());
        }
    }

    /** What a service says of what it was asked; who knows the address is the one who was asked. */
    private void answerLater(Call call) throws IOException {
        AnswerAddress address = AnswerAddress.read(call.value(0));
        String destination =
                address == null ? null : effects.destination(address.order(), address.number(), address.key());
        Order order =
                address == null || destination == null ? null : engine.reads().order(address.order());
        if (address == null || order == null) {
            throw NotDone.notFound("effect with this address");
        }
        Said said = Said.read(call);
        Audit audit = new Audit(
                "effect:" + destination, address.order() + "-" + address.number(), Engine.now(), said.detail());
        Answer<Order> answer = Desk.await(engine.submit(
                Lane.INTERACTIVE,
                address.order(),
                false,
                new HubCommand.ForOrder(said.to(order, address.number())),
                List.of(),
                audit));
        if (answer instanceof Answer.Refused<Order>(var refusal)) {
            throw new NotDone(Desk.problem(refusal));
        }
        effects.settle(address.order(), address.number(), "answered later");
        call.replyNothing();
    }
}
