package dev.tutti.server.api;

import dev.tutti.order.Order;
import dev.tutti.server.engine.Catalogue;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.events.EventOnWire;
import dev.tutti.server.flow.VerifiedFlows;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.Routes;
import dev.tutti.server.http.Streams;
import dev.tutti.server.openapi.Description;
import dev.tutti.server.security.Keys;
import dev.tutti.server.security.Operations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;

/** All of REST v1. */
public final class Api {
    private Api() {}

    public static Routes routes(Engine engine, Keys keys, Operations operations, Streams streams) {
        Routes routes = new Routes(operations);
        routes.addOpen("GET", "/health", call -> health(call, engine));
        routes.add("GET", "/v1/metrics", "metrics.read", call -> metrics(call, engine));
        new OrderEndpoints(engine).register(routes);
        new ReturnEndpoints(engine).register(routes);
        new ExceptionEndpoints(engine).register(routes);
        new AddressEndpoint(engine).register(routes);
        new BulkOrders(engine).register(routes);
        new WorkEndpoints(engine).register(routes);
        new ItemEndpoints(engine).register(routes);
        new NodeEndpoints(engine).register(routes);
        new ChannelEndpoints(engine).register(routes);
        VerifiedFlows verified = new VerifiedFlows();
        new FlowEndpoints(engine, verified).register(routes);
        new FlowControlEndpoints(engine, verified).register(routes);
        new DestinationEndpoints(engine).register(routes);
        new ConfigurationEndpoints(engine).register(routes);
        new StockEndpoints(engine).register(routes);
        new InboundEndpoints(engine).register(routes);
        new AvailabilityEndpoint(engine).register(routes);
        new AvailabilityChanges(engine, streams).register(routes);
        new ReservationEndpoints(engine).register(routes);
        new PromiseEndpoint(engine).register(routes);
        new CalibrationEndpoint(engine).register(routes);
        new RingFenceEndpoints(engine).register(routes);
        new FeedEndpoints(engine, streams).register(routes);
        new SubscriptionEndpoints(engine).register(routes);
        new AuditEndpoint(engine).register(routes);
        new KeyEndpoints(engine, keys).register(routes);
        new DescriptionEndpoints(routes, operations).register(routes);
        return routes;
    }

    /**
     * What there is to say of some routes.
     *
     * @throws IllegalStateException if what is written of them is not what they are
     */
    public static Description description(Routes routes, Operations operations) {
        return Description.of(routes, operations, Known.facts());
    }

    /** Events as they are answered to callers, for whoever sends them elsewhere. */
    public static EventOnWire events(Catalogue catalogue) {
        return new EventsOnWire(catalogue)::json;
    }

    /** An order as it is answered to callers, for whoever sends it elsewhere. */
    public static void writeOrder(JsonGenerator json, Order order, Catalogue catalogue) {
        OrderJson.write(json, order, catalogue);
    }

    private static void metrics(Call call, Engine engine) throws IOException {
        call.onlyQueries();
        String accepted = call.header("Accept");
        if (accepted != null && accepted.contains("text/plain")) {
            byte[] text = engine.metrics().scrape().getBytes(StandardCharsets.UTF_8);
            call.reply(200, "text/plain; version=0.0.4; charset=utf-8", text);
            return;
        }
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeNumberProperty("commandsWaiting", engine.waiting());
            json.writeNumberProperty("positions", engine.index().size());
            json.writeNumberProperty("staleMs", engine.staleness().toMillis());
            json.writeNumberProperty(
                    "lockHoldP50Ms", engine.database().store().lockHold().millis(0.5));
            json.writeNumberProperty(
                    "lockHoldP99Ms", engine.database().store().lockHold().millis(0.99));
            json.writeEndObject();
        });
    }

    private static void health(Call call, Engine engine) throws IOException {
        boolean up = engine.reads().answers();
        call.reply(up ? 200 : 503, json -> {
            json.writeStartObject();
            json.writeStringProperty("status", up ? "UP" : "DOWN");
            json.writeEndObject();
        });
    }
}
