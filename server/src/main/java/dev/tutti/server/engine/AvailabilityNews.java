package dev.tutti.server.engine;

import dev.tutti.inventory.Atp;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Network;
import dev.tutti.server.backoff.Stop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What channels can sell, told anew when it has changed enough: for shops and marketplaces that keep figures of their own.
 *
 * <p>Each change has a number, and of each item the newest alone is kept; so whoever reads on from a number gets what has
 * changed since then, each item once, however long that is ago. Numbers are this server's: another one begins anew. Looked at
 * are the channels that somebody has asked about.
 */
public final class AvailabilityNews implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AvailabilityNews.class);
    private static final long BETWEEN_LOOKS_MILLIS = 200;
    /** So few units are told exactly. */
    private static final int FEW = 10;
    /** Of more, a change by this part of what was told. */
    private static final int PART = 10;

    private final Engine engine;
    private final String epoch;
    private final Set<Integer> touched = ConcurrentHashMap.newKeySet();
    private final Map<Integer, OfChannel> followed = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofPlatform().name("availability-news").unstarted(this::run);
    private final Stop stop = new Stop();
    private Network network;

    /** Units that can be sent, and that can be collected somewhere. */
    public record Change(long number, int item, long ship, long pickUp) {}

    /** What was told of one channel. */
    private static final class OfChannel {
        final ConcurrentSkipListMap<Long, Change> byNumber = new ConcurrentSkipListMap<>();
        final Map<Integer, Change> byItem = new HashMap<>();
        /** Done when every item has been looked at once: nobody is told of a part as if it were all. */
        final CompletableFuture<@Nullable Void> begun = new CompletableFuture<>();

        long newest;

        synchronized void look(int item, long ship, long pickUp) {
            Change told = byItem.get(item);
            boolean news =
                    told == null ? ship + pickUp > 0 : isNews(told.ship(), ship) || isNews(told.pickUp(), pickUp);
            if (news) {
                Change change = new Change(++newest, item, ship, pickUp);
                byItem.put(item, change);
                byNumber.put(change.number(), change);
                if (told != null) {
                    byNumber.remove(told.number());
                }
            }
        }
    }

    AvailabilityNews(Engine engine) {
        this.engine = engine;
        this.epoch = Long.toString(engine.nextId(), 36);
        this.network = engine.catalogue().network();
    }

    static boolean isNews(long told, long now) {
        return told != now && (told <= FEW || now <= FEW || Math.abs(told - now) * PART >= told);
    }

    void start() {
        thread.start();
    }

    void touched(int item) {
        if (!followed.isEmpty()) {
            touched.add(item);
        }
    }

    /** Changes of a channel after a number, the oldest first. */
    public List<Change> after(ChannelId channel, long number, int limit) {
        OfChannel news = followed.get(channel.value());
        if (news == null) {
            news = begin(channel);
        }
        news.begun.join();
        List<Change> changes = new ArrayList<>();
        for (Change change : news.byNumber.tailMap(number, false).values()) {
            if (changes.size() == limit) {
                break;
            }
            changes.add(change);
        }
        return changes;
    }

    /** Which server's numbers these are, and since which start. */
    public String epoch() {
        return epoch;
    }

    /** It is followed before it is looked at, and all of it looked at again after: nothing that moves meanwhile is missed. */
    private OfChannel begin(ChannelId channel) {
        OfChannel news = new OfChannel();
        OfChannel begun = followed.putIfAbsent(channel.value(), news);
        if (begun != null) {
            return begun;
        }
        try {
            Atp atp = atp(channel);
            for (int item = 1; item <= engine.catalogue().lastItem(); item++) {
                look(news, atp, item);
            }
            touchAll();
            news.begun.complete(null);
            return news;
        } finally {
            // Whatever went wrong: whoever waits for it is not to wait for ever, and the next one begins anew.
            if (!news.begun.isDone()) {
                followed.remove(channel.value(), news);
                news.begun.completeExceptionally(new IllegalStateException("the beginning could not be looked at"));
            }
        }
    }

    private void touchAll() {
        for (int item = 1; item <= engine.catalogue().lastItem(); item++) {
            touched.add(item);
        }
    }

    private @Nullable Atp atp(ChannelId channel) {
        Network now = engine.catalogue().network();
        Channel known = now.channel(channel);
        return known == null ? null : new Atp(engine.index(), now, known, "", Engine.now(), node -> true);
    }

    private static void look(OfChannel news, @Nullable Atp atp, int item) {
        if (atp != null) {
            Atp.Units units = atp.now(item);
            news.look(item, units.ship(), units.pickUp());
        }
    }

    private void run() {
        while (!stop.isAskedWithin(BETWEEN_LOOKS_MILLIS)) {
            List<Integer> items = List.of();
            try {
                if (network != engine.catalogue().network() && !followed.isEmpty()) {
                    network = engine.catalogue().network();
                    touchAll();
                }
                items = List.copyOf(touched);
                items.forEach(touched::remove);
                look(items);
            } catch (RuntimeException unforeseen) {
                touched.addAll(items);
                LOG.error("ALARM: nobody tells what channels can sell", unforeseen);
            }
        }
    }

    private void look(List<Integer> items) {
        followed.forEach((channel, news) -> {
            Atp atp = atp(new ChannelId(channel));
            for (int item : items) {
                look(news, atp, item);
                network.kitsWith(item).forEach(kit -> look(news, atp, kit));
            }
        });
    }

    @Override
    public void close() {
        stop.ask();
        Stop.join(thread);
    }
}
