package dev.tutti.server.api;

import static dev.tutti.decision.RefusalCode.UNKNOWN_RESERVATION;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.network.Channel;
import dev.tutti.reservation.Allowance;
import dev.tutti.reservation.Reservation;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.reservation.ReservationId;
import dev.tutti.reservation.Reservations;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NdjsonLines;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.JsonReader;
import dev.tutti.server.security.Caller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Units held for a while for somebody who has not ordered yet. */
final class ReservationEndpoints {
    private static final int USUAL_SECONDS = 900;
    static final int LONGEST_SECONDS = Math.toIntExact(Reservations.LONGEST.toSeconds());

    private final Engine engine;

    ReservationEndpoints(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/reservations", "reservations.make", this::make);
        routes.add("POST", "/v1/reservations/bulk", "reservations.make", this::makeMany);
        routes.add("GET", "/v1/reservations", "reservations.read", this::list);
        routes.add("GET", "/v1/reservations/{id}", "reservations.read", this::get);
        routes.add("POST", "/v1/reservations/{id}/extend", "reservations.make", this::extend);
        routes.add("POST", "/v1/reservations/{id}/release", "reservations.make", this::release);
    }

    private void make(Call call) throws IOException {
        Sight sight = new Sight(engine, call.caller().scope());
        Asked asked;
        try (JsonReader in = call.json()) {
            asked = read(in, sight, call.caller());
        }
        answer(call, asked.reserve().id(), asked.reserve(), asked.print(), 201);
    }

    /** What is to be held, and a number that is another for another content. */
    private record Asked(ReservationCommand.Reserve reserve, long print) {}

    private Asked read(JsonReader in, Sight sight, Caller caller) {
        String reference = "";
        int seconds = USUAL_SECONDS;
        int mostParcels = 0;
        boolean mayWait = false;
        in.begin();
        in.object();
        CartReader reader = new CartReader(in, sight);
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "reference" -> reference = in.isNull() ? "" : in.text(200);
                case "seconds" -> seconds = in.integer(1, LONGEST_SECONDS);
                case "mostParcels" -> mostParcels = in.integer(1, CartReader.MOST_LINES);
                case "mayWait" -> mayWait = in.bool();
                default -> {
                    if (!reader.take(name)) {
                        throw in.unknownField();
                    }
                }
            }
        }
        CartReader.Cart cart = reader.cart();
        in.end();
        return new Asked(
                new ReservationCommand.Reserve(
                        new ReservationId(engine.nextId()),
                        cart.channel().id(),
                        cart.customerGroup(),
                        reference,
                        Engine.now().plusSeconds(seconds),
                        cart.groups(),
                        cart.demands(),
                        cart.slots(),
                        mostParcels,
                        mayWait,
                        caller.mostHeld() == 0 ? null : new Allowance(caller.key(), caller.mostHeld())),
                new Fingerprint()
                        .add(cart.channel().id().value())
                        .add(cart.customerGroup())
                        .add(reference)
                        .add(seconds)
                        .add(mostParcels)
                        .add(mayWait)
                        .add(cart.groups())
                        .add(cart.demands())
                        .add(cart.slots())
                        .value());
    }

    /** One a line, each held or refused by itself. */
    private void makeMany(Call call) throws IOException {
        call.onlyQueries();
        Sight sight = new Sight(engine, call.caller().scope());
        String key = call.idempotencyKey();
        NdjsonLines lines = call.lines();
        try (LineResults results = new LineResults(call)) {
            while (lines.next()) {
                int line = lines.number();
                try (JsonReader in = lines.json()) {
                    Asked asked = read(in, sight, call.caller());
                    ReservationId id = asked.reserve().id();
                    List<KeyClaim> keys = key == null
                            ? List.of()
                            : List.of(new KeyClaim(
                                    new Key(
                                            KeyKind.REQUEST,
                                            call.caller().key() + Desk.KEY_SEPARATOR + key + Desk.KEY_SEPARATOR + line),
                                    asked.print(),
                                    id.aggregate()));
                    results.add(Overload.submit(
                                    () -> engine.submit(Lane.BULK, id, asked.reserve(), keys, call.audit("")),
                                    answer -> answer)
                            .thenApply(answer -> result(line, answer)));
                } catch (RuntimeException e) {
                    results.add(line, LineResults.problem(e));
                }
            }
            results.answer();
        }
    }

    private static byte[] result(int line, Answer<Reservation> answer) {
        return switch (answer) {
            case Answer.Done<Reservation>(Reservation next) ->
                LineResults.bytes(
                        line,
                        201,
                        json -> writeId(json, Objects.requireNonNull(next).id()));
            case Answer.Repeated<Reservation>(long aggregate) ->
                LineResults.bytes(line, 200, json -> {
                    writeId(json, ReservationId.ofAggregate(aggregate));
                    json.writeBooleanProperty("replayed", true);
                });
            case Answer.Refused<Reservation>(Refusal refusal) -> LineResults.bytes(line, Desk.problem(refusal));
        };
    }

    private static void writeId(JsonGenerator json, ReservationId id) {
        json.writeStringProperty("id", Long.toString(id.value()));
    }

    /** Those of one reference, such as a cart, the newest first. */
    private void list(Call call) throws IOException {
        call.onlyQueries("channel", "reference", "limit");
        Channel channel = new Sight(engine, call.caller().scope()).channel(call.requiredQuery("channel"));
        if (channel == null) {
            throw NotDone.at("channel", RefusalCode.UNKNOWN_CHANNEL, "there is no such channel");
        }
        List<Reservation> found =
                engine.reads().reservations(channel.id(), call.requiredQuery("reference"), call.limit());
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("reservations");
            json.writeStartArray();
            found.forEach(reservation -> ReservationJson.write(json, reservation, engine.catalogue()));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void get(Call call) throws IOException {
        call.onlyQueries();
        reply(call, 200, visible(call));
    }

    private void extend(Call call) throws IOException {
        Integer seconds = null;
        try (JsonReader in = call.json()) {
            in.begin();
            in.object();
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                switch (name) {
                    case "seconds" -> seconds = in.integer(1, LONGEST_SECONDS);
                    default -> throw in.unknownField();
                }
            }
            in.required(seconds, "seconds");
            in.end();
        }
        ReservationId id = visible(call).id();
        int more = Objects.requireNonNull(seconds);
        answer(
                call,
                id,
                new ReservationCommand.Extend(Engine.now().plusSeconds(more)),
                new Fingerprint().add(id.value()).add("extend").add(more).value(),
                200);
    }

    private void release(Call call) throws IOException {
        try (JsonReader in = call.jsonOrEmpty()) {
            in.begin();
            in.object();
            String name = in.nextField();
            if (name != null) {
                throw in.unknownField();
            }
            in.end();
        }
        ReservationId id = visible(call).id();
        answer(
                call,
                id,
                new ReservationCommand.Release(),
                new Fingerprint().add(id.value()).add("release").value(),
                200);
    }

    private void answer(Call call, ReservationId id, ReservationCommand command, long print, int status)
            throws IOException {
        List<KeyClaim> keys = new ArrayList<>(1);
        Desk.claimRequest(call, print, id.aggregate(), keys);
        Answer<Reservation> answer = Desk.await(engine.submit(Lane.INTERACTIVE, id, command, keys, call.audit("")));
        switch (answer) {
            case Answer.Done<Reservation>(Reservation next) -> reply(call, status, Objects.requireNonNull(next));
            case Answer.Repeated<Reservation>(long aggregate) -> {
                call.header("Idempotent-Replayed", "true");
                reply(call, 200, Objects.requireNonNull(engine.reads().reservation(aggregate)));
            }
            case Answer.Refused<Reservation>(Refusal refusal) -> call.reply(Desk.problem(refusal));
        }
    }

    private Reservation visible(Call call) {
        ReservationId id = new ReservationId(call.number(0, UNKNOWN_RESERVATION));
        @Nullable Reservation found = engine.reads().reservation(id.aggregate());
        Sight sight = new Sight(engine, call.caller().scope());
        if (found == null || !sight.seesChannel(found.channel().value())) {
            throw NotDone.unknown(UNKNOWN_RESERVATION);
        }
        return found;
    }

    private void reply(Call call, int status, Reservation reservation) throws IOException {
        call.reply(status, json -> ReservationJson.write(json, reservation, engine.catalogue()));
    }
}
