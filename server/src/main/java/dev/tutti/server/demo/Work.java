package dev.tutti.server.demo;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A fulfilment order, as its node sees it: in a list of work, or in the answer to what was done last. */
record Work(String order, int number, boolean pickUp, List<Line> lines) {
    record Line(int line, int released, int picked, int packed) {}

    /** What is done next. */
    enum Step {
        PICK,
        PACK,
        HAND_OVER,
        COLLECT
    }

    static Work listed(JsonNode work) {
        return of(work.path("order").asString(), work);
    }

    /** As an answer shows it, or null if it is not there. */
    static @Nullable Work in(JsonNode order, int number) {
        for (JsonNode work : order.path("fulfilmentOrders")) {
            if (work.path("number").asInt() == number) {
                return of(order.path("id").asString(), work);
            }
        }
        return null;
    }

    private static Work of(String order, JsonNode work) {
        List<Line> lines = new ArrayList<>();
        for (JsonNode line : work.path("lines")) {
            JsonNode units = line.path("units");
            lines.add(new Line(
                    line.path("line").asInt(),
                    units.path("released").asInt(0),
                    units.path("picked").asInt(0),
                    units.path("packed").asInt(0)));
        }
        boolean pickUp = work.path("method").asString("").equals("pick-up");
        return new Work(order, work.path("number").asInt(), pickUp, lines);
    }

    /** Null if there is nothing left to do. */
    @Nullable
    Step step() {
        if (lines.stream().anyMatch(line -> line.released() > 0)) {
            return Step.PICK;
        }
        if (lines.stream().anyMatch(line -> line.picked() > 0)) {
            return Step.PACK;
        }
        if (lines.stream().anyMatch(line -> line.packed() > 0)) {
            return pickUp ? Step.COLLECT : Step.HAND_OVER;
        }
        return null;
    }

    /** What is still on the shelf, or should be. */
    List<LineUnits> toPick() {
        return lines.stream()
                .filter(line -> line.released() > 0)
                .map(line -> new LineUnits(line.line(), line.released()))
                .toList();
    }

    String path() {
        return "/v1/orders/" + order + "/fulfilment-orders/" + number;
    }

    String name() {
        return order + "." + number;
    }
}
