package dev.tutti.server.events;

import dev.tutti.conveyor.StoreFailure;
import dev.tutti.postgres.Outbox;
import dev.tutti.postgres.Outbox.Held;
import dev.tutti.postgres.Reads.FeedEntry;
import dev.tutti.postgres.Subscription;
import dev.tutti.server.backoff.Stop;
import dev.tutti.server.engine.Engine;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells subscriptions what happens. Each is in one server's hands at a time, for one turn: so servers share them, and one
 * that dies leaves its own to the others.
 */
public final class Deliveries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final long PAUSE_MILLIS = 100;

    private final Engine engine;
    private final Outbox outbox;
    private final EventOnWire onWire;
    private final Sink webhooks = new Post();
    private final Sink topics = new Topics();
    private final Tail tail;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Stop stop = new Stop();
    private final Thread thread = Thread.ofPlatform().name("deliveries").unstarted(this::run);

    private Deliveries(Engine engine, EventOnWire onWire) {
        this.engine = engine;
        this.outbox = engine.database().outbox();
        this.onWire = onWire;
        this.tail = new Tail(engine.reads(), this::events);
    }

    public static Deliveries start(Engine engine, EventOnWire onWire) {
        Deliveries deliveries = new Deliveries(engine, onWire);
        deliveries.thread.start();
        return deliveries;
    }

    private void run() {
        while (!stop.isAskedWithin(PAUSE_MILLIS)) {
            for (Subscription subscription : due()) {
                if (underWay.add(subscription.code())) {
                    Thread.ofVirtual()
                            .name("delivery-" + subscription.code())
                            .start(() -> takeATurn(subscription.code()));
                }
            }
        }
    }

    private List<Subscription> due() {
        List<Subscription> all = engine.catalogue().subscriptions();
        if (all.isEmpty()) {
            return all;
        }
        try {
            Set<String> codes = outbox.due();
            return all.stream()
                    .filter(subscription -> codes.contains(subscription.code()))
                    .toList();
        } catch (StoreFailure e) {
            LOG.warn("subscriptions wait for the database: {}", e.getMessage());
            return List.of();
        } catch (RuntimeException unforeseen) {
            LOG.error("ALARM: nobody is told anything", unforeseen);
            return List.of();
        }
    }

    private void takeATurn(String code) {
        try {
            Held held = outbox.take(code, Turn.lease());
            if (held != null) {
                turn(held);
            }
        } catch (StoreFailure e) {
            // Its lease ends, and somebody takes it up again.
            LOG.warn("subscription {} waits for the database: {}", code, e.getMessage());
        } catch (RuntimeException unforeseen) {
            LOG.error("ALARM: subscription {} is told nothing", code, unforeseen);
        } finally {
            underWay.remove(code);
        }
    }

    /** As it stands in the database now: what was changed a moment ago holds already. */
    private void turn(Held held) {
        for (Subscription to : engine.database().masterData().subscriptions()) {
            if (to.code().equals(held.code())) {
                new Turn(outbox, engine.reads(), tail, sink(to), to, this::events, stop::isAsked).run(held);
            }
        }
    }

    private Sink sink(Subscription subscription) {
        return KafkaTopic.isMeant(subscription.url()) ? topics : webhooks;
    }

    private List<CloudEvent> events(FeedEntry entry) {
        return CloudEvent.of(entry, entry.channelCode(), onWire);
    }

    /** Takes nothing up any more; a turn that is under way sends no more and says how far it came. */
    @Override
    public void close() {
        stop.ask();
        try (webhooks;
                topics) {
            thread.join();
            for (int i = 0; i < 100 && !underWay.isEmpty(); i++) {
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
