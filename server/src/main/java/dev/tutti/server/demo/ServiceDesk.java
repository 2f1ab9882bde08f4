package dev.tutti.server.demo;

import dev.tutti.server.demo.Geography.Home;
import dev.tutti.server.json.Json;
import java.util.SplittableRandom;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Looks at what is held of the orders that came by telephone, calls the customer, and does what they say. */
final class ServiceDesk {
    /** What is done to an order that somebody was faster with. */
    private static final int CONFLICT = 409;

    private final Cast cast;
    private final String key;
    private final SplittableRandom random;

    ServiceDesk(Cast cast, SplittableRandom random) {
        this.cast = cast;
        this.key = cast.keys().service();
        this.random = random;
    }

    void work() {
        while (cast.run().goesOn()) {
            cast.run().take(random, 2, 10);
            Reply held = cast.hub().get(key, "/v1/orders?channel=phone&held=true&sort=placedAt&limit=1");
            String first = held.isDone() ? held.json().at("/orders/0/id").asString("") : "";
            if (!first.isEmpty()) {
                cast.run().take(random, 5, 20);
                look("/v1/orders/" + first);
            }
        }
    }

    private void look(String path) {
        Reply order = cast.hub().get(key, path);
        if (!order.isDone()) {
            return;
        }
        for (JsonNode hold : order.json().path("holds")) {
            switch (hold.path("type").asString("")) {
                case "address" ->
                    correct(path, order.json().at("/shipGroups/0/postcode").asString());
                case "duplicate" -> decide(path, hold);
                default -> release(path, hold, "looked at");
            }
        }
    }

    private void correct(String path, String typed) {
        Home home = cast.geography().homeLike(typed);
        done(path + "/ship-groups/1/address", Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("reason", "called the customer");
            json.writeName("address");
            json.writeStartObject();
            Shoppers.nameAndTown(json, home, home.postcode(), People.name(random));
            json.writeStringProperty("street", People.street(random));
            json.writeEndObject();
            json.writeName("location");
            location(json, home);
            json.writeEndObject();
        }));
    }

    private static void location(JsonGenerator json, Home home) {
        json.writeStartObject();
        json.writeNumberProperty("latitude", home.point().latitude());
        json.writeNumberProperty("longitude", home.point().longitude());
        json.writeEndObject();
    }

    /** Most that look like one order are one order. */
    private void decide(String path, JsonNode hold) {
        if (random.nextInt(100) < 85) {
            done(path + "/cancel", reason("typed twice"));
        } else {
            release(path, hold, "the customer wants both");
        }
    }

    private void release(String path, JsonNode hold, String why) {
        done(path + "/holds/" + hold.path("number").asInt() + "/release", reason(why));
    }

    private static byte[] reason(String why) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("reason", why);
            json.writeEndObject();
        });
    }

    private void done(String path, byte[] body) {
        Reply reply = cast.hub().post(key, path, body);
        if (!reply.isDone() && reply.status() != CONFLICT) {
            cast.tally().surprise(path, reply.body());
        }
    }
}
