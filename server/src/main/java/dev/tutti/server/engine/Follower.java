package dev.tutti.server.engine;

import dev.tutti.conveyor.StoreFailure;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.postgres.Database;
import dev.tutti.postgres.Signals;
import dev.tutti.postgres.StockReads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this server's picture of the stock near the truth: loads it at start, then reads what is written to the ledger
 * by other servers.
 *
 * <p>It is woken by a signal that servers send each other after a commit, many commits in one signal; if a signal is
 * lost it looks by itself soon after. A slow sweep over all positions heals whatever else was missed.
 */
final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration PATIENCE = Duration.ofMillis(250);
    private static final int SIGNALS_PER_SECOND = 40;
    /** Looks between two parts of the sweep, and parts that make a whole sweep. */
    private static final int LOOKS_PER_SWEEP = 8;

    private static final int SWEEPS_PER_ROUND = 150;

    private final StockReads stock;
    private final Signals signals;
    private final AvailabilityIndex index;
    private final Catalogue catalogue;
    private final AtomicBoolean somethingToTell = new AtomicBoolean();
    private final Thread listening = Thread.ofPlatform().name("follow-ledger").unstarted(this::listen);
    private final Thread telling = Thread.ofPlatform().name("tell-others").unstarted(this::tell);
    private volatile boolean closed;
    private volatile long lastLook = System.nanoTime();
    private long since;

    Follower(Database database, AvailabilityIndex index, Catalogue catalogue) {
        this.stock = database.stock();
        this.signals = database.signals();
        this.index = index;
        this.catalogue = catalogue;
    }

    void start() {
        since = stock.horizon();
        stock.learn(index, 0, Integer.MAX_VALUE);
        listening.start();
        telling.start();
    }

    void tellOthers() {
        somethingToTell.set(true);
    }

    /** How long ago the ledger was last read to its end. */
    Duration staleness() {
        return Duration.ofNanos(System.nanoTime() - lastLook);
    }

    private void listen() {
        int look = 0;
        int part = 0;
        while (!closed) {
            try {
                signals.await(PATIENCE);
                since = stock.follow(index, since);
                lastLook = System.nanoTime();
                if (++look % LOOKS_PER_SWEEP == 0) {
                    sweep(part++ % SWEEPS_PER_ROUND);
                    catalogue.refresh();
                }
            } catch (StoreFailure e) {
                LOG.warn("cannot follow the ledger: {}", e.getMessage());
                pause(500);
            } catch (RuntimeException unforeseen) {
                LOG.error("ALARM: following the ledger failed", unforeseen);
                pause(500);
            }
        }
    }

    private void sweep(int part) {
        int width = catalogue.lastItem() / SWEEPS_PER_ROUND + 1;
        stock.learn(index, part * width, (part + 1) * width - 1);
    }

    private void tell() {
        while (!closed) {
            pause(1000 / SIGNALS_PER_SECOND);
            if (somethingToTell.getAndSet(false)) {
                try {
                    signals.send();
                } catch (StoreFailure e) {
                    LOG.warn("cannot tell the others: {}", e.getMessage());
                }
            }
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        Engine.join(listening);
        Engine.join(telling);
        signals.close();
    }
}
