package dev.tutti.server.demo;

import dev.tutti.server.demo.Geography.Home;
import dev.tutti.server.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/** What customers do after they have ordered: few call it off, some send it back. */
final class Customers {
    private static final int PERCENT_CANCELLED = 2;
    private static final int PERCENT_RETURNED = 5;
    /** It was too late, or somebody was faster. */
    private static final Set<String> TOO_LATE = Set.of("units-not-in-state", "not-expected-now");

    private final Cast cast;

    Customers(Cast cast) {
        this.cast = cast;
    }

    void hasOrdered(JsonNode order, SplittableRandom own) {
        if (own.nextInt(100) < PERCENT_CANCELLED) {
            cast.run().start(() -> callOff(order, own));
        }
    }

    private void callOff(JsonNode order, SplittableRandom own) {
        cast.run().take(own, 3, 20);
        List<LineUnits> all = parts(order, "released", "allocated", "backordered");
        boolean onlyOne = all.size() > 1 && own.nextInt(100) < 30;
        Reply reply = cast.hub().post(channelKey(order), path(order) + "/cancel", Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("reason", People.reasonToCancel(own));
            if (onlyOne) {
                LineUnits.write(json, List.of(all.get(own.nextInt(all.size()))));
            }
            json.writeEndObject();
        }));
        if (reply.isDone()) {
            cast.tally().cancelled();
            cast.tally().seen(reply.json());
        } else if (!TOO_LATE.contains(reply.code())) {
            cast.tally().surprise("cancelling " + path(order), reply.body());
        }
    }

    /** All of an order has arrived. */
    void haveAll(JsonNode order, SplittableRandom own) {
        cast.tally().delivered();
        if (own.nextInt(100) < PERCENT_RETURNED) {
            cast.run().start(() -> takeBack(order, own));
        }
    }

    private void takeBack(JsonNode order, SplittableRandom own) {
        cast.run().take(own, 60, 180);
        List<LineUnits> all = parts(order, "shipped", "collected");
        if (all.isEmpty()) {
            return;
        }
        boolean onlyOne = all.size() > 1 && own.nextInt(100) < 60;
        boolean whole = own.nextInt(100) < 80;
        Place store = storeNearBy(order, own);
        // Either it goes over a store's counter, or the channel's own people book it.
        String key = own.nextBoolean() ? cast.keys().node(store.code()) : channelKey(order);
        Reply reply = cast.hub().post(key, path(order) + "/returns", Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("node", store.code());
            json.writeBooleanProperty("restock", whole);
            json.writeStringProperty("reason", People.reasonToReturn(whole, own));
            if (onlyOne) {
                LineUnits.write(json, List.of(all.get(own.nextInt(all.size()))));
            }
            json.writeEndObject();
        }));
        if (reply.isDone()) {
            cast.tally().returned();
        } else if (!TOO_LATE.contains(reply.code())) {
            cast.tally().surprise("returning " + path(order), reply.body());
        }
    }

    private Place storeNearBy(JsonNode order, SplittableRandom own) {
        Home home = cast.geography().home(order.at("/shipGroups/0/postcode").asString(""));
        return cast.geography().nearestStore(home == null ? cast.geography().anyHome(own) : home);
    }

    private String channelKey(JsonNode order) {
        return cast.keys().channel(order.path("channel").asString());
    }

    private static String path(JsonNode order) {
        return "/v1/orders/" + order.path("id").asString();
    }

    /** The units of each line that are in one of some states. */
    private static List<LineUnits> parts(JsonNode order, String... states) {
        List<LineUnits> parts = new ArrayList<>();
        for (JsonNode line : order.path("lines")) {
            int units = 0;
            for (String state : states) {
                units += line.path("units").path(state).asInt(0);
            }
            if (units > 0) {
                parts.add(new LineUnits(line.path("line").asInt(), units));
            }
        }
        return parts;
    }
}
