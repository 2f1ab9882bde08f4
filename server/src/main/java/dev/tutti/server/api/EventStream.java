package dev.tutti.server.api;

import dev.tutti.postgres.Reads.FeedCursor;
import dev.tutti.postgres.Reads.FeedEntry;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.events.CloudEvent;
import dev.tutti.server.events.Tail;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.Streams;
import dev.tutti.server.security.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What happens to orders, told as it happens: server-sent events, each a CloudEvent as webhooks get it. The id of the last
 * event of a command is a cursor, with which a browser comes back by itself: it gets what it has not had, and what it had
 * of a command that was not told to its end.
 */
final class EventStream {
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int AT_ONCE = 500;

    private final Streams streams;
    private final Tail tail;
    /** However many catch up: others want the database too. */
    private final Semaphore reading = new Semaphore(3);
    /** Up to where there was nothing more, and when that was. */
    private FeedCursor end = FeedCursor.START;

    private long endSeen;

    EventStream(Engine engine, Streams streams, EventsOnWire events) {
        this.streams = streams;
        this.tail = new Tail(engine.reads(), entry -> events(entry, events));
    }

    private static List<CloudEvent> events(FeedEntry entry, EventsOnWire events) {
        return CloudEvent.of(entry, entry.channelCode(), events::json);
    }

    /**
     * What a listener wants to hear of.
     *
     * @param kinds none means all
     * @param order null means every order
     */
    record Wanted(Scope scope, Set<String> kinds, @Nullable Long order) {
        boolean has(CloudEvent event) {
            return scope.hasChannel(event.channel())
                    && (kinds.isEmpty() || kinds.contains(event.kind()))
                    && (order == null || order == event.event().order());
        }
    }

    void open(Call call, FeedCursor from, Wanted wanted) throws IOException {
        streams.open(call, Call.EVENTS, out -> write(call, out, from, wanted));
    }

    private void write(Call call, OutputStream out, FeedCursor from, Wanted wanted) throws IOException {
        FeedCursor cursor = from;
        // The first word at once, so that it is known to be open, and from where on.
        out.write(id(cursor).append("\n").toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
        long heard = System.nanoTime();
        do {
            List<Tail.Told> news = after(cursor);
            boolean any = false;
            for (Tail.Told told : news) {
                cursor = told.cursor();
                any |= write(told, wanted, out);
            }
            if (!any && System.nanoTime() - heard > HEARTBEAT_NANOS) {
                out.write(id(cursor).append(": nothing new\n\n").toString().getBytes(StandardCharsets.UTF_8));
                any = true;
            }
            if (any) {
                out.flush();
                heard = System.nanoTime();
            }
            if (streams.areOverWithin(news.size() == AT_ONCE ? 0 : LOOK_EVERY_MILLIS)) {
                return;
            }
        } while (call.callerIsStillIn());
    }

    /** Those who have heard all so far look once together. */
    private List<Tail.Told> after(FeedCursor cursor) {
        synchronized (this) {
            if (cursor.equals(end) && System.nanoTime() - endSeen < TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS)) {
                return List.of();
            }
        }
        List<Tail.Told> news;
        reading.acquireUninterruptibly();
        try {
            news = tail.after(cursor, AT_ONCE);
        } finally {
            reading.release();
        }
        if (news.isEmpty()) {
            synchronized (this) {
                end = cursor;
                endSeen = System.nanoTime();
            }
        }
        return news;
    }

    /** @return whether there was anything to write */
    private static boolean write(Tail.Told told, Wanted wanted, OutputStream out) throws IOException {
        List<CloudEvent> events = told.events().stream().filter(wanted::has).toList();
        for (int i = 0; i < events.size(); i++) {
            CloudEvent event = events.get(i);
            StringBuilder head = i == events.size() - 1 ? id(told.cursor()) : new StringBuilder();
            head.append("event: ").append(event.kind()).append("\ndata: ");
            out.write(head.toString().getBytes(StandardCharsets.UTF_8));
            out.write(event.body());
            out.write(new byte[] {'\n', '\n'});
        }
        return !events.isEmpty();
    }

    private static StringBuilder id(FeedCursor cursor) {
        return new StringBuilder("id: ").append(FeedEndpoints.text(cursor)).append('\n');
    }
}
