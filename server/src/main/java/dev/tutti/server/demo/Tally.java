package dev.tutti.server.demo;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** What has happened since the start, as the clients were told. */
final class Tally {
    private static final Logger LOG = LoggerFactory.getLogger(Tally.class);

    private final Map<String, LongAdder> placed = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder returned = new LongAdder();
    private final LongAdder surprises = new LongAdder();
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();

    void placed(String channel) {
        placed.computeIfAbsent(channel, code -> new LongAdder()).increment();
    }

    void refused() {
        refused.increment();
    }

    void delivered() {
        delivered.increment();
    }

    void cancelled() {
        cancelled.increment();
    }

    void returned() {
        returned.increment();
    }

    /** Every answer about an order says whether some of it waits for stock. */
    void seen(JsonNode order) {
        String id = order.path("id").asString("");
        for (JsonNode line : order.path("lines")) {
            if (line.path("units").path("backordered").asInt(0) > 0) {
                waiting.add(id);
                return;
            }
        }
        waiting.remove(id);
    }

    /** A refusal that no client of the demo should ever get. */
    void surprise(String what, String answer) {
        surprises.increment();
        LOG.warn("{}: {}", what, answer);
    }

    long placed() {
        return placed.values().stream().mapToLong(LongAdder::sum).sum();
    }

    long placedBy(String channel) {
        LongAdder orders = placed.get(channel);
        return orders == null ? 0 : orders.sum();
    }

    long deliveries() {
        return delivered.sum();
    }

    long cancellations() {
        return cancelled.sum();
    }

    long returns() {
        return returned.sum();
    }

    long surprises() {
        return surprises.sum();
    }

    /** Short enough for the narrowest terminal, where it is written over. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "placed %,d · delivered %,d · waiting %,d · refused %,d",
                placed(),
                delivered.sum(),
                waiting.size(),
                refused.sum());
    }
}
