package dev.tutti.server.demo;

import dev.tutti.server.demo.Work.Step;
import dev.tutti.server.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The people at one node. They look at their list every few seconds and take each piece of work in hand from where it
 * stands, so it does not matter who began it, or in which run. Each piece goes its own way, from shelf to door.
 */
final class Staff {
    private static final int PAGE = 200;
    private static final int MOST_IN_HAND = 2_000;
    /** However hurried, all nodes together do not look more often than so many times a second. */
    private static final int LOOKS_PER_SECOND = 100;
    /** New work is what they look for; so often they look at all that is not finished, for what was left lying. */
    private static final int ALL_EVERY = 10;

    private static final int PER_MILLE_REJECTED = 30;
    private static final int PER_MILLE_SHORT = 20;
    private static final int PERCENT_LATE = 12;
    private static final byte[] EVERYTHING = "{}".getBytes(StandardCharsets.UTF_8);
    /** A customer called it off meanwhile, or stock that is missing went to somebody else. */
    private static final Set<String> OVERTAKEN =
            Set.of("units-not-in-state", "not-expected-now", "unknown-line", "unknown-fulfilment-order");

    private final Cast cast;
    private final Place place;
    private final String key;
    private final SplittableRandom random;
    private final double leastSeconds;
    /** Some are quicker than others. */
    private final double temper;

    private final Set<String> inHand = ConcurrentHashMap.newKeySet();

    Staff(Cast cast, Place place, double pace, SplittableRandom random) {
        this.cast = cast;
        this.place = place;
        this.key = cast.keys().node(place.code());
        this.random = random;
        this.temper = 0.6 + random.nextDouble();
        // taken at the pace of the run, and so multiplied by it
        this.leastSeconds = Math.max(5, pace * cast.geography().places().size() / LOOKS_PER_SECOND);
    }

    void work() {
        cast.run().take(random, 0, leastSeconds);
        for (int look = 0; cast.run().goesOn(); look++) {
            look(look % ALL_EVERY == 0 ? "" : "&status=released");
            cast.run().take(random, leastSeconds, 4);
        }
    }

    private void look(String which) {
        String after = "";
        while (inHand.size() < MOST_IN_HAND) {
            String path = "/v1/nodes/" + place.code() + "/fulfilment-orders?limit=" + PAGE + which + after;
            Reply reply = cast.hub().get(key, path);
            if (!reply.isDone()) {
                cast.tally().surprise(path, reply.body());
                return;
            }
            JsonNode page = reply.json();
            for (JsonNode listed : page.path("fulfilmentOrders")) {
                takeInHand(Work.listed(listed));
            }
            if (!page.has("next")) {
                return;
            }
            after = "&after=" + page.path("next").asString();
        }
    }

    private void takeInHand(Work work) {
        if (inHand.add(work.name())) {
            SplittableRandom own = random.split();
            cast.run().start(() -> {
                try {
                    finish(work, own);
                } finally {
                    inHand.remove(work.name());
                }
            });
        }
    }

    private void finish(Work listed, SplittableRandom own) {
        int luck = own.nextInt(1000);
        Work work = listed;
        if (work.step() == Step.PICK && luck < PER_MILLE_REJECTED) {
            think(Step.PICK, own);
            work = rejected(work, part(work, own), reason(own));
        } else if (work.step() == Step.PICK && luck < PER_MILLE_REJECTED + PER_MILLE_SHORT) {
            think(Step.PICK, own);
            work = pickedShort(work, own);
        }
        for (Step step = next(work); work != null && step != null; step = next(work)) {
            think(step, own);
            work = did(work, step, step == Step.HAND_OVER ? parcel(own) : EVERYTHING, own);
        }
    }

    private static @Nullable Step next(@Nullable Work work) {
        return work == null ? null : work.step();
    }

    /** What each step takes, in seconds of a quiet day. Customers come when they come, and some come late. */
    private void think(Step step, SplittableRandom own) {
        switch (step) {
            case PICK -> cast.run().take(own, 8 * temper, 25 * temper);
            case PACK -> cast.run().take(own, 5 * temper, 12 * temper);
            case HAND_OVER -> cast.run().take(own, 8, 25);
            case COLLECT -> cast.run().take(own, own.nextInt(100) < PERCENT_LATE ? 400 : 20, 60);
        }
    }

    /** One line that cannot be had. */
    private static List<LineUnits> part(Work work, SplittableRandom own) {
        List<LineUnits> lines = work.toPick();
        return List.of(lines.get(own.nextInt(lines.size())));
    }

    private static String reason(SplittableRandom own) {
        int luck = own.nextInt(100);
        return luck < 50 ? "not-found" : luck < 75 ? "damaged" : luck < 90 ? "no-capacity" : "other";
    }

    /** All but one unit is found; the one is looked for once more and given back. */
    private @Nullable Work pickedShort(Work work, SplittableRandom own) {
        List<LineUnits> found = new ArrayList<>(work.toPick());
        int n = own.nextInt(found.size());
        LineUnits line = found.remove(n);
        if (line.quantity() > 1) {
            found.add(n, new LineUnits(line.line(), line.quantity() - 1));
        }
        Work next = work;
        if (!found.isEmpty()) {
            next = did(
                    work,
                    Step.PICK,
                    Json.bytes(json -> {
                        json.writeStartObject();
                        LineUnits.write(json, found);
                        json.writeEndObject();
                    }),
                    own);
        }
        if (next != null) {
            think(Step.PACK, own);
            next = rejected(next, List.of(new LineUnits(line.line(), 1)), "not-found");
        }
        return next;
    }

    private @Nullable Work rejected(Work work, List<LineUnits> lines, String reason) {
        Reply reply = cast.hub().post(key, work.path() + "/reject", Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("reason", reason);
            LineUnits.write(json, lines);
            json.writeEndObject();
        }));
        return after(work, reply);
    }

    private @Nullable Work did(Work work, Step step, byte[] body, SplittableRandom own) {
        Reply reply = cast.hub().post(key, work.path() + "/" + path(step), body);
        Work next = after(work, reply);
        boolean out = step == Step.HAND_OVER || step == Step.COLLECT;
        if (out && reply.isDone()) {
            JsonNode order = reply.json();
            if (order.path("status").asString("").equals("fulfilled")) {
                cast.customers().haveAll(order, own);
            }
        }
        return next;
    }

    private static String path(Step step) {
        return switch (step) {
            case PICK -> "pick";
            case PACK -> "pack";
            case HAND_OVER -> "hand-over";
            case COLLECT -> "collect";
        };
    }

    /** What is left to do, or null if somebody else has changed it: then the list will tell. */
    private @Nullable Work after(Work work, Reply reply) {
        if (!reply.isDone()) {
            if (!OVERTAKEN.contains(reply.code())) {
                cast.tally().surprise(work.path(), reply.body());
            }
            return null;
        }
        JsonNode order = reply.json();
        cast.tally().seen(order);
        return Work.in(order, work.number());
    }

    private static byte[] parcel(SplittableRandom own) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("carrier", People.carrier(own));
            json.writeStringProperty("tracking", String.format(Locale.ROOT, "%012d", own.nextLong(1_000_000_000_000L)));
            json.writeEndObject();
        });
    }
}
