package dev.tutti.server.api;

import dev.tutti.postgres.Outbox;
import dev.tutti.postgres.Outbox.DeadLetter;
import dev.tutti.postgres.Outbox.State;
import dev.tutti.postgres.Secrets.Receiver;
import dev.tutti.postgres.Subscription;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import dev.tutti.server.outgoing.Signature;
import java.io.IOException;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Who is told outside what happens: how each stands, its secrets, and what was given up on. They are made by configuration. */
final class SubscriptionEndpoints {
    private final Engine engine;
    private final Outbox outbox;

    SubscriptionEndpoints(Engine engine) {
        this.engine = engine;
        this.outbox = engine.database().outbox();
    }

    void register(Routes routes) {
        routes.add("GET", "/v1/subscriptions", "subscriptions.read", this::list);
        routes.add("DELETE", "/v1/subscriptions/{code}", "subscriptions.write", this::remove);
        routes.add("POST", "/v1/subscriptions/{code}/secrets", "subscriptions.write", this::addSecret);
        routes.add("GET", "/v1/subscriptions/{code}/dead-letters", "subscriptions.read", this::deadLetters);
        routes.add("DELETE", "/v1/subscriptions/{code}/dead-letters", "subscriptions.write", this::drop);
        routes.add("POST", "/v1/subscriptions/{code}/dead-letters/replay", "subscriptions.write", this::replay);
    }

    private void list(Call call) throws IOException {
        call.onlyQueries();
        new Sight(engine, call.caller().scope()).requireEverything();
        List<Subscription> all = engine.database().masterData().subscriptions();
        List<State> states = outbox.states();
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("subscriptions");
            json.writeStartArray();
            for (Subscription subscription : all) {
                json.writeStartObject();
                SubscriptionJson.fields(json, subscription);
                states.stream()
                        .filter(state -> state.code().equals(subscription.code()))
                        .forEach(state -> write(json, state));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, State state) {
        json.writeNumberProperty("secrets", state.secrets());
        json.writeNumberProperty("behindSeconds", Math.round(state.behind() * 1000) / 1000.0);
        json.writeNumberProperty("waiting", state.waiting());
        json.writeNumberProperty("deadLetters", state.dead());
        if (state.failingSince() != null) {
            json.writeStringProperty("failingSince", state.failingSince().toString());
        }
        if (!state.detail().isEmpty()) {
            json.writeStringProperty("failure", state.detail());
        }
    }

    private void remove(Call call) throws IOException {
        if (!engine.catalogue().removeSubscription(call.value(0), call.audit(""))) {
            throw NotDone.notFound("subscription");
        }
        call.replyNothing();
    }

    private void addSecret(Call call) throws IOException {
        String secret = Signature.secret();
        if (!engine.database().secrets().add(Receiver.SUBSCRIPTION, call.value(0), secret, call.audit(""))) {
            throw NotDone.notFound("subscription");
        }
        call.reply(201, json -> {
            json.writeStartObject();
            json.writeStringProperty("secret", secret);
            json.writeEndObject();
        });
    }

    private void mustExist(String code) {
        if (engine.database().masterData().subscriptions().stream()
                .noneMatch(subscription -> subscription.code().equals(code))) {
            throw NotDone.notFound("subscription");
        }
    }

    private void deadLetters(Call call) throws IOException {
        call.onlyQueries("limit");
        new Sight(engine, call.caller().scope()).requireEverything();
        mustExist(call.value(0));
        List<DeadLetter> letters = outbox.deadLetters(call.value(0), call.limit());
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("deadLetters");
            json.writeStartArray();
            for (DeadLetter letter : letters) {
                json.writeStartObject();
                json.writeStringProperty("order", Long.toString(letter.event().order()));
                json.writeNumberProperty("version", letter.event().version());
                json.writeNumberProperty("attempts", letter.attempts());
                json.writeStringProperty("since", letter.since().toString());
                json.writeStringProperty("failure", letter.detail());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void drop(Call call) throws IOException {
        mustExist(call.value(0));
        int dropped = outbox.drop(call.value(0), call.audit(""));
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeNumberProperty("dropped", dropped);
            json.writeEndObject();
        });
    }

    private void replay(Call call) throws IOException {
        mustExist(call.value(0));
        int replayed = outbox.replay(call.value(0), call.audit(""));
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeNumberProperty("replayed", replayed);
            json.writeEndObject();
        });
    }
}
