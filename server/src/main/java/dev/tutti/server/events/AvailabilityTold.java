package dev.tutti.server.events;

import dev.tutti.conveyor.StoreFailure;
import dev.tutti.network.Channel;
import dev.tutti.postgres.Outbox.EventId;
import dev.tutti.postgres.Subscription;
import dev.tutti.server.backoff.Backoff;
import dev.tutti.server.backoff.Stop;
import dev.tutti.server.engine.AvailabilityNews;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells subscriptions that ask for it what channels can sell, as it changes: webhooks and topics. One server at a time tells
 * a subscription. Nothing has to wait for one that is away: of each item the newest figures alone are told when it is back.
 * Another server that takes over begins from the beginning, and says so.
 */
public final class AvailabilityTold implements AutoCloseable {
    /** The kind to subscribe to; who subscribes to everything is told of orders alone. */
    public static final String KIND = "availability-changed";

    private static final Logger LOG = LoggerFactory.getLogger(AvailabilityTold.class);
    private static final long PAUSE_MILLIS = 250;
    private static final int AT_ONCE = 500;
    /** Longer than the longest request. */
    private static final Duration LEASE = Duration.ofSeconds(90);

    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final Engine engine;
    private final Sink webhooks = new Post();
    private final Sink topics = new Topics();
    private final Map<String, Told> told = new ConcurrentHashMap<>();
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Stop stop = new Stop();
    private final Thread thread = Thread.ofPlatform().name("availability-told").unstarted(this::run);

    /** How far a subscription has been told, by channel; in one thread's hands at a time. */
    private static final class Told {
        final Map<Integer, Long> upTo = new ConcurrentHashMap<>();
        private int failures;
        private long restsUntil = System.nanoTime();

        synchronized boolean rests() {
            return System.nanoTime() - restsUntil < 0;
        }

        synchronized void failed() {
            failures++;
            restsUntil =
                    System.nanoTime() + Backoff.after(failures, LONGEST_REST).toNanos();
        }

        synchronized void succeeded() {
            failures = 0;
        }
    }

    private AvailabilityTold(Engine engine) {
        this.engine = engine;
    }

    public static AvailabilityTold start(Engine engine) {
        AvailabilityTold told = new AvailabilityTold(engine);
        told.thread.start();
        return told;
    }

    private void run() {
        while (!stop.isAskedWithin(PAUSE_MILLIS)) {
            List<Subscription> subscriptions = engine.catalogue().subscriptions();
            // Who is new, or has moved, is told from the beginning.
            told.keySet()
                    .retainAll(
                            subscriptions.stream().map(AvailabilityTold::where).toList());
            for (Subscription subscription : subscriptions) {
                Told so = told.computeIfAbsent(where(subscription), where -> new Told());
                if (subscription.events().contains(KIND) && !so.rests() && underWay.add(subscription.code())) {
                    Thread.ofVirtual()
                            .name("availability-told-" + subscription.code())
                            .start(() -> takeATurn(subscription, so));
                }
            }
        }
    }

    private static String where(Subscription subscription) {
        return subscription.code() + " " + subscription.url();
    }

    private void takeATurn(Subscription to, Told so) {
        try {
            tell(to, so);
        } catch (StoreFailure e) {
            LOG.warn("what channels can sell is not told to {}: {}", to.code(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException unforeseen) {
            LOG.error("ALARM: what channels can sell is not told to {}", to.code(), unforeseen);
            so.failed();
        } finally {
            underWay.remove(to.code());
        }
    }

    /** For long enough to tell of one channel. */
    private boolean hasLease(Subscription to, Told so) {
        if (engine.database()
                .leases()
                .take(KIND + " " + to.code(), engine.news().epoch(), LEASE)) {
            return true;
        }
        // Whoever has it has told of things that this server would not know to be told.
        so.upTo.clear();
        return false;
    }

    private void tell(Subscription to, Told so) throws InterruptedException {
        boolean topic = KafkaTopic.isMeant(to.url());
        Sink sink = topic ? topics : webhooks;
        List<String> secrets = topic ? List.of() : engine.database().outbox().secrets(to.code());
        if (!topic && secrets.isEmpty()) {
            return;
        }
        for (Channel channel : engine.catalogue().network().channels()) {
            boolean wanted = to.channels().isEmpty() || to.channels().contains(channel.code());
            if (wanted && (stop.isAsked() || !hasLease(to, so))) {
                return;
            }
            if (wanted && !tell(to, so, channel, sink, secrets)) {
                so.failed();
                return;
            }
        }
        so.succeeded();
    }

    /** @return false if it was not taken */
    private boolean tell(Subscription to, Told so, Channel channel, Sink sink, List<String> secrets)
            throws InterruptedException {
        Long told = so.upTo.get(channel.id().value());
        long from = told == null ? 0 : told;
        List<AvailabilityNews.Change> known = engine.news().after(channel.id(), from, AT_ONCE + 1);
        List<AvailabilityNews.Change> changes = known.subList(0, Math.min(known.size(), AT_ONCE));
        if (changes.isEmpty() && told != null) {
            return true;
        }
        // A beginning is told even if nothing can be sold: what was told before by another server no longer holds.
        long upTo = changes.isEmpty() ? 0 : changes.getLast().number();
        Sink.Answer answer =
                sink.send(to, secrets, event(channel, changes, upTo, told == null, known.size() > AT_ONCE));
        if (answer.failure() != null) {
            LOG.info("subscription {} did not take what {} can sell: {}", to.code(), channel.code(), answer.failure());
            return false;
        }
        so.upTo.put(channel.id().value(), upTo);
        return true;
    }

    private CloudEvent event(
            Channel channel, List<AvailabilityNews.Change> changes, long upTo, boolean fromTheBeginning, boolean more) {
        String id = engine.news().epoch() + "-" + channel.code() + "-" + upTo;
        byte[] body = Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("specversion", "1.0");
            json.writeStringProperty("id", id);
            json.writeStringProperty("source", "/v1/availability");
            json.writeStringProperty("type", CloudEvent.TYPE_PREFIX + KIND);
            json.writeStringProperty("subject", channel.code());
            json.writeStringProperty("time", Engine.now().toString());
            json.writeStringProperty("datacontenttype", "application/json");
            json.writeStringProperty("partitionkey", channel.code());
            json.writeName("data");
            json.writeStartObject();
            json.writeStringProperty("channel", channel.code());
            json.writeBooleanProperty("fromTheBeginning", fromTheBeginning);
            json.writeBooleanProperty("more", more);
            json.writeName("items");
            json.writeStartArray();
            for (AvailabilityNews.Change change : changes) {
                json.writeStartObject();
                json.writeStringProperty("sku", engine.catalogue().sku(change.item()));
                json.writeNumberProperty("ship", change.ship());
                json.writeNumberProperty("pickUp", change.pickUp());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        });
        return new CloudEvent(new EventId(0, 0), KIND, id, channel.code(), channel.code(), body);
    }

    /** Tells nothing any more; what is under way is waited for. */
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
