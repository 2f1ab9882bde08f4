package dev.tutti.server.demo;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Everybody outside: the services that the demo's flows call, and those who are told what happens. */
final class Outsiders implements AutoCloseable {
    private static final int ONE_DECLINED_IN = 100;
    private static final int ONE_SUSPECT_IN = 200;

    private final Map<String, Long> held = new ConcurrentHashMap<>();
    private final List<Outsider> services =
            List.of(Outsider.start("fraud-check", 400, Outsiders::suspect), Outsider.start("payments", 400, this::pay));

    private final List<Outsider> listeners =
            List.of(Outsider.start("mail", 40, event -> ""), Outsider.start("erp", 40, event -> ""));

    private final @Nullable BrokerProcess broker;
    private final @Nullable OrderTopic marketplace;

    private Outsiders(@Nullable BrokerProcess broker) {
        this.broker = broker;
        this.marketplace = broker == null ? null : new OrderTopic(broker.topic("tutti.orders-in"));
    }

    static Outsiders start(DemoOptions options) {
        return new Outsiders(
                options.kafka() ? BrokerProcess.start(options.data().resolve("kafka")) : null);
    }

    /** Where the marketplace leaves its orders; null if it calls instead. */
    @Nullable
    OrderTopic marketplace() {
        return marketplace;
    }

    /** Where all events are written as well, or null. */
    @Nullable
    String eventsTopic() {
        return broker == null ? null : "kafka://" + broker.address() + "/tutti.events";
    }

    /** Those who are told what happens. */
    List<Outsider> listeners() {
        return listeners;
    }

    /** Those that flows call. */
    List<Outsider> services() {
        return services;
    }

    private static String suspect(JsonNode asked) {
        return "{\"answers\": {\"risk\": \"%s\"}}".formatted(oneIn(ONE_SUSPECT_IN) ? "high" : "low");
    }

    /** Declines some, and never gives more than it holds. */
    private String pay(JsonNode asked) {
        JsonNode payment = asked.path("payment");
        String number = payment.path("payment").asString("");
        long amount = payment.path("amount").asLong(0);
        boolean done = switch (payment.path("do").asString("")) {
            case "authorise" -> !oneIn(ONE_DECLINED_IN) && add(number, amount);
            case "capture", "void" -> add(number, -amount);
            default -> true;
        };
        return "{\"done\": %b}".formatted(done);
    }

    private boolean add(String payment, long amount) {
        boolean[] enough = {false};
        held.compute(payment, (number, before) -> {
            long after = (before == null ? 0 : before) + amount;
            enough[0] = after >= 0;
            return enough[0] ? Long.valueOf(after) : before;
        });
        return enough[0];
    }

    private static boolean oneIn(int many) {
        return ThreadLocalRandom.current().nextInt(many) == 0;
    }

    @Override
    public void close() {
        services.forEach(Outsider::close);
        listeners.forEach(Outsider::close);
        if (marketplace != null) {
            marketplace.close();
        }
        if (broker != null) {
            broker.close();
        }
    }
}
