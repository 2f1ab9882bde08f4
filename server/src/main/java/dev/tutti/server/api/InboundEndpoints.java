package dev.tutti.server.api;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.inbound.InboundCommand;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.inbound.ShipmentId;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NdjsonLines;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What is on its way to nodes: announced, changed, received, called off. */
final class InboundEndpoints {
    private final Engine engine;

    private static final Refusal UNSEEN = Refusal.of(RefusalCode.UNKNOWN_SHIPMENT, "there is no such shipment");

    InboundEndpoints(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/inbound", "inbound.announce", this::announceMany);
        routes.add("GET", "/v1/inbound", "stock.read", this::list);
        routes.add("GET", "/v1/inbound/{reference}", "stock.read", this::get);
        routes.add("PUT", "/v1/inbound/{reference}", "inbound.announce", this::announce);
        routes.add("POST", "/v1/inbound/{reference}/receive", "inbound.receive", this::receive);
        routes.add("POST", "/v1/inbound/{reference}/cancel", "inbound.announce", this::cancel);
    }

    private void announce(Call call) throws IOException {
        Sight sight = new Sight(engine, call.caller().scope());
        InboundReader.Announced said;
        try (JsonReader in = call.json()) {
            said = new InboundReader(in, sight, Engine.now()).shipment(call.value(0));
        }
        Told told = Desk.await(announce(call, said));
        switch (told.answer()) {
            case Answer.Done<InboundShipment>(InboundShipment next) ->
                reply(call, told.fresh() ? 201 : 200, Objects.requireNonNull(next));
            case Answer.Repeated<InboundShipment>(long aggregate) -> reply(call, 200, shipment(aggregate));
            case Answer.Refused<InboundShipment>(Refusal refusal) -> call.reply(Desk.problem(refusal));
        }
    }

    /** One a line. */
    private void announceMany(Call call) throws IOException {
        call.onlyQueries();
        Sight sight = new Sight(engine, call.caller().scope());
        NdjsonLines lines = call.lines();
        try (LineResults results = new LineResults(call)) {
            while (lines.next()) {
                int line = lines.number();
                try (JsonReader in = lines.json()) {
                    InboundReader.Announced said = new InboundReader(in, sight, Engine.now()).shipment(null);
                    results.add(announce(call, said).thenApply(told -> result(line, told)));
                } catch (RuntimeException e) {
                    results.add(line, LineResults.problem(e));
                }
            }
            results.answer();
        }
    }

    /** @param fresh whether it was not known before */
    private record Told(Answer<InboundShipment> answer, boolean fresh) {}

    private static byte[] result(int line, Told told) {
        return switch (told.answer()) {
            case Answer.Done<InboundShipment>(InboundShipment next) ->
                LineResults.bytes(
                        line,
                        told.fresh() ? 201 : 200,
                        json -> json.writeNumberProperty(
                                "version", Objects.requireNonNull(next).version()));
            case Answer.Repeated<InboundShipment> repeated -> LineResults.bytes(line, 200, json -> {});
            case Answer.Refused<InboundShipment>(Refusal refusal) -> LineResults.bytes(line, Desk.problem(refusal));
        };
    }

    /** Two who announce the same at once: the second says it again of what the first has begun. */
    private CompletableFuture<Told> announce(Call call, InboundReader.Announced said) {
        InboundShipment known = engine.database().inbound().shipment(said.reference());
        if (known != null) {
            requireWhole(new Sight(engine, call.caller().scope()), known);
            return again(call, known.id(), said);
        }
        if (said.lines().isEmpty()) {
            throw NotDone.at("lines", RefusalCode.INVALID_FIELD, "a shipment that is new has at least one");
        }
        ShipmentId id = new ShipmentId(engine.nextId());
        KeyClaim claim = new KeyClaim(new Key(KeyKind.SHIPMENT, said.reference()), 0, id.aggregate());
        return Overload.submit(
                        () -> engine.submit(Lane.BULK, id, said.command(id), List.of(claim), call.audit("")),
                        answer -> answer)
                .thenComposeAsync(
                        answer -> answer instanceof Answer.Repeated<InboundShipment>(long aggregate)
                                ? afterAnother(call, shipment(aggregate), said)
                                : CompletableFuture.completedFuture(new Told(answer, true)),
                        Thread::startVirtualThread);
    }

    private CompletableFuture<Told> afterAnother(Call call, InboundShipment known, InboundReader.Announced said) {
        return isWhole(new Sight(engine, call.caller().scope()), known)
                ? again(call, known.id(), said)
                : CompletableFuture.completedFuture(new Told(new Answer.Refused<>(UNSEEN), false));
    }

    private CompletableFuture<Told> again(Call call, ShipmentId id, InboundReader.Announced said) {
        return Overload.submit(
                        () -> engine.submit(Lane.BULK, id, said.command(id), List.of(), call.audit("")),
                        answer -> answer)
                .thenApply(answer -> new Told(answer, false));
    }

    private void receive(Call call) throws IOException {
        Sight sight = new Sight(engine, call.caller().scope());
        InboundShipment shipment = visible(call, sight);
        InboundCommand.Receive received;
        try (JsonReader in = call.json()) {
            received = new InboundReader(in, sight, Engine.now()).arrivals(shipment);
        }
        if (received.last()) {
            requireWhole(sight, shipment);
        }
        answer(call, shipment.id(), received);
    }

    private void cancel(Call call) throws IOException {
        Sight sight = new Sight(engine, call.caller().scope());
        InboundShipment shipment = visible(call, sight);
        requireWhole(sight, shipment);
        try (JsonReader in = call.jsonOrEmpty()) {
            in.begin();
            in.object();
            if (in.nextField() != null) {
                throw in.unknownField();
            }
            in.end();
        }
        answer(call, shipment.id(), new InboundCommand.Cancel());
    }

    private void answer(Call call, ShipmentId id, InboundCommand command) throws IOException {
        List<KeyClaim> keys = new ArrayList<>(1);
        long print = new Fingerprint().add(id.value()).add(command).value();
        Desk.claimRequest(call, print, id.aggregate(), keys);
        switch (Desk.await(engine.submit(Lane.INTERACTIVE, id, command, keys, call.audit("")))) {
            case Answer.Done<InboundShipment>(InboundShipment next) -> reply(call, 200, Objects.requireNonNull(next));
            case Answer.Repeated<InboundShipment>(long aggregate) -> {
                call.header("Idempotent-Replayed", "true");
                reply(call, 200, shipment(aggregate));
            }
            case Answer.Refused<InboundShipment>(Refusal refusal) -> call.reply(Desk.problem(refusal));
        }
    }

    private InboundShipment shipment(long aggregate) {
        return Objects.requireNonNull(engine.database().inbound().shipment(ShipmentId.ofAggregate(aggregate)));
    }

    private void get(Call call) throws IOException {
        call.onlyQueries();
        reply(call, 200, visible(call, new Sight(engine, call.caller().scope())));
    }

    private void list(Call call) throws IOException {
        call.onlyQueries("sku", "limit");
        Sight sight = new Sight(engine, call.caller().scope());
        int item = engine.catalogue().item(call.requiredQuery("sku"));
        if (item < 0) {
            throw NotDone.notFound("item");
        }
        List<Integer> nodes = call.caller().scope().allNodes()
                ? null
                : engine.catalogue().network().nodes().stream()
                        .filter(sight::sees)
                        .map(node -> node.id().value())
                        .toList();
        List<InboundShipment> shipments = engine.database().inbound().expected(item, nodes, call.limit());
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("shipments");
            json.writeStartArray();
            shipments.forEach(shipment -> InboundJson.write(json, shipment, sight));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private InboundShipment visible(Call call, Sight sight) {
        @Nullable InboundShipment found = engine.database().inbound().shipment(call.value(0));
        if (found == null || !sees(sight, found)) {
            throw new NotDone(Problem.of(Refusal.of(RefusalCode.UNKNOWN_SHIPMENT, "there is no such shipment")));
        }
        return found;
    }

    /** Whoever sees one of the nodes it goes to. */
    private static boolean sees(Sight sight, InboundShipment shipment) {
        return shipment.lines().stream().anyMatch(line -> InboundJson.sees(sight, line));
    }

    /** Who says what becomes of all of it sees all the nodes it goes to. */
    private static void requireWhole(Sight sight, InboundShipment shipment) {
        if (!isWhole(sight, shipment)) {
            throw new NotDone(Problem.of(UNSEEN));
        }
    }

    private static boolean isWhole(Sight sight, InboundShipment shipment) {
        return shipment.lines().stream().allMatch(line -> InboundJson.sees(sight, line));
    }

    private void reply(Call call, int status, InboundShipment shipment) throws IOException {
        Sight sight = new Sight(engine, call.caller().scope());
        call.reply(status, json -> InboundJson.write(json, shipment, sight));
    }
}
