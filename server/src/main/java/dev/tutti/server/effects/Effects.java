package dev.tutti.server.effects;

import dev.tutti.conveyor.StoreFailure;
import dev.tutti.postgres.Destination;
import dev.tutti.postgres.EffectQueue;
import dev.tutti.postgres.EffectQueue.Due;
import dev.tutti.server.backoff.Stop;
import dev.tutti.server.engine.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls services outside, many at a time, each within its limits.
 *
 * <p>An intent is committed before anybody is called, and taken up under a lease that is longer than a call may take: a
 * server that dies leaves it to the others. Whoever is about to send calls it unknown first, for from then on it may have
 * happened.
 */
public final class Effects implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Effects.class);
    private static final long PAUSE_MILLIS = 100;
    /** Beyond a call's own time: to bring its answer back. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** How long the end waits for answers that are on their way. */
    private static final long PATIENCE_MILLIS = 20_000;

    private final Engine engine;
    private final EffectQueue queue;
    private final Caller caller;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    private final Stop stop = new Stop();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Thread thread = Thread.ofPlatform().name("effects").unstarted(this::run);

    private Effects(Engine engine, OrderOnWire onWire) {
        this.engine = engine;
        this.queue = engine.database().effects();
        this.caller = new Caller(engine, queue, onWire);
    }

    public static Effects start(Engine engine, OrderOnWire onWire) {
        Effects effects = new Effects(engine, onWire);
        effects.thread.start();
        return effects;
    }

    private void run() {
        boolean busy = false;
        while (!stop.isAskedWithin(busy ? 0 : PAUSE_MILLIS)) {
            busy = false;
            for (Destination destination : due()) {
                try {
                    busy |= takeUp(destination);
                } catch (StoreFailure e) {
                    LOG.warn("calls to {} wait for the database: {}", destination.code(), e.getMessage());
                } catch (RuntimeException unforeseen) {
                    LOG.error("ALARM: {} is not called", destination.code(), unforeseen);
                }
            }
        }
    }

    private List<Destination> due() {
        try {
            Set<String> codes = queue.destinationsDue();
            return engine.catalogue().destinations().stream()
                    .filter(destination -> codes.contains(destination.code()))
                    .toList();
        } catch (StoreFailure e) {
            LOG.warn("calls wait for the database: {}", e.getMessage());
            return List.of();
        } catch (RuntimeException unforeseen) {
            LOG.error("ALARM: nobody is called", unforeseen);
            return List.of();
        }
    }

    /** As many as may be under way; true if there may be more. */
    private boolean takeUp(Destination destination) {
        Line line = lines.computeIfAbsent(destination.code(), code -> new Line());
        int free = line.free(destination.atOnce());
        if (free == 0) {
            return false;
        }
        Duration lease = Duration.ofSeconds(destination.timeoutSeconds()).plus(GRACE);
        long notAfter = System.nanoTime() + GRACE.toNanos() / 2;
        List<Due> taken = queue.take(destination.code(), free, lease);
        for (Due effect : taken) {
            boolean isTry = line.begin();
            underWay.incrementAndGet();
            Thread.ofVirtual()
                    .name("effect-" + effect.key())
                    .start(() -> call(destination, effect, notAfter, line, isTry));
        }
        return taken.size() == free;
    }

    private void call(Destination destination, Due effect, long notAfter, Line line, boolean isTry) {
        Boolean reached = null;
        try {
            reached = caller.call(destination, effect, notAfter);
        } catch (StoreFailure e) {
            // Its lease ends, and somebody takes it up again.
            LOG.warn("effect {} waits for the database: {}", effect.key(), e.getMessage());
        } catch (RuntimeException unforeseen) {
            LOG.error("ALARM: effect {} at {} failed", effect.key(), destination.code(), unforeseen);
        } finally {
            line.end(reached, isTry);
            underWay.decrementAndGet();
        }
    }

    /**
     * Takes nothing up any more and waits for the answers that are on their way. What has none by then is unknown, as after
     * any other loss: asked again, looked up, or for a person.
     */
    @Override
    public void close() {
        stop.ask();
        Stop.join(thread);
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        try {
            while (underWay.get() > 0 && System.nanoTime() - until < 0) {
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        caller.close();
    }
}
