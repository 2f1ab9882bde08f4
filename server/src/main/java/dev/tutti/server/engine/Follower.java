package dev.tutti.server.engine;

import dev.tutti.conveyor.StoreFailure;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.postgres.Database;
import dev.tutti.postgres.Signals;
import dev.tutti.postgres.StockReads;
import dev.tutti.server.backoff.Stop;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
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
    /**
     * All positions are swept in five minutes, in parts so small that reading one holds nothing up, however often
     * signals come.
     */
    private static final int PARTS_OF_SWEEP = 1_200;

    private static final Duration BETWEEN_PARTS = Duration.ofMillis(250);

    private final StockReads stock;
    private final Signals signals;
    private final AvailabilityIndex index;
    private final AtomicBoolean somethingToTell = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final Stop stop = new Stop();
    private volatile long lastLook = System.nanoTime();
    private StockReads.Seen seen = new StockReads.Seen(0, List.of());

    Follower(Database database, AvailabilityIndex index) {
        this.stock = database.stock();
        this.signals = database.signals();
        this.index = index;
    }

    /** @param catalogue is brought up to date as well */
    void start(Catalogue catalogue) {
        learnEverything();
        threads.add(Thread.ofPlatform().name("follow-ledger").start(() -> listen(catalogue)));
        threads.add(Thread.ofPlatform().name("tell-others").start(this::tell));
    }

    void tellOthers() {
        somethingToTell.set(true);
    }

    /** How long ago the ledger was last read to its end. */
    Duration staleness() {
        return Duration.ofNanos(System.nanoTime() - lastLook);
    }

    private void learnEverything() {
        seen = stock.seen();
        stock.learn(index, 0, Integer.MAX_VALUE);
        stock.learnDays(index, yesterday());
    }

    private void listen(Catalogue catalogue) {
        boolean isLost = false;
        int part = 0;
        long partDue = System.nanoTime();
        while (!stop.isAsked()) {
            try {
                signals.await(PATIENCE);
                if (isLost) {
                    // A database that came back may give numbers of transactions out again that were read on from here.
                    learnEverything();
                    isLost = false;
                }
                seen = stock.follow(index, seen);
                lastLook = System.nanoTime();
                catalogue.refresh();
                if (lastLook - partDue >= 0) {
                    partDue = lastLook + BETWEEN_PARTS.toNanos();
                    sweep(part++ % PARTS_OF_SWEEP, catalogue.lastItem());
                }
            } catch (StoreFailure e) {
                LOG.warn("cannot follow the ledger: {}", e.getMessage());
                isLost = true;
                stop.isAskedWithin(500);
            } catch (RuntimeException unforeseen) {
                LOG.error("ALARM: following the ledger failed", unforeseen);
                stop.isAskedWithin(500);
            }
        }
    }

    private void sweep(int part, int lastItem) {
        if (part == 0) {
            stock.learnDays(index, yesterday());
        }
        int width = lastItem / PARTS_OF_SWEEP + 1;
        stock.learn(index, part * width, (part + 1) * width - 1);
    }

    /** No node plans work for a day before this one, in whichever zone. */
    private static LocalDate yesterday() {
        return LocalDate.ofInstant(Engine.now(), ZoneOffset.UTC).minusDays(1);
    }

    private void tell() {
        while (!stop.isAskedWithin(1000 / SIGNALS_PER_SECOND)) {
            if (somethingToTell.getAndSet(false)) {
                try {
                    signals.send();
                } catch (StoreFailure e) {
                    LOG.warn("cannot tell the others: {}", e.getMessage());
                }
            }
        }
    }

    @Override
    public void close() {
        stop.ask();
        threads.forEach(Stop::join);
        signals.close();
    }
}
