package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.postgres.Reads.FeedCursor;
import dev.tutti.postgres.Reads.FeedEntry;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Routes;
import dev.tutti.server.http.Streams;
import dev.tutti.server.security.Scope;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What happens to orders, for whoever wants to follow: read from a cursor on, waiting if there is nothing yet. */
final class FeedEndpoints {
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,18})-([0-9]{1,19})-([0-9]{1,10})");
    static final int LONGEST_WAIT_SECONDS = 30;
    private static final long LOOK_EVERY_MILLIS = 200;

    private final Engine engine;
    private final EventsOnWire events;

    private final EventStream stream;

    FeedEndpoints(Engine engine, Streams streams) {
        this.engine = engine;
        this.events = new EventsOnWire(engine.catalogue());
        this.stream = new EventStream(engine, streams, events);
    }

    void register(Routes routes) {
        routes.add("GET", "/v1/events", "events.read", this::read);
        routes.add("GET", "/v1/event-stream", "events.read", this::open);
    }

    /** Where a listener was before, if it was; else from now on. */
    private void open(Call call) throws IOException {
        call.onlyQueries("after", "events", "order");
        String before = call.header("Last-Event-ID");
        String after = call.query("after");
        boolean goesOn = before != null && !before.isEmpty();
        FeedCursor from =
                cursor(goesOn ? "Last-Event-ID" : "after", goesOn ? before : after == null ? "latest" : after);
        String some = call.query("events");
        Set<String> kinds = new TreeSet<>(some == null ? List.of() : List.of(some.split(",")));
        for (String kind : kinds) {
            if (!SubscriptionJson.KINDS.contains(kind)) {
                throw NotDone.at("events", RefusalCode.INVALID_FIELD, "there is no event " + Call.safe(kind));
            }
        }
        String order = call.query("order");
        if (order != null && !order.matches("[0-9]{1,18}")) {
            throw NotDone.at("order", RefusalCode.INVALID_FIELD, "an order's number has digits alone");
        }
        stream.open(
                call,
                from,
                new EventStream.Wanted(call.caller().scope(), kinds, order == null ? null : Long.valueOf(order)));
    }

    static String text(FeedCursor cursor) {
        return cursor.transaction() + "-" + cursor.order() + "-" + cursor.version();
    }

    private void read(Call call) throws IOException {
        call.onlyQueries("after", "limit", "wait");
        int limit = call.limit();
        int wait = call.number("wait", 0, LONGEST_WAIT_SECONDS, 0);
        FeedCursor after = cursor("after", call.query("after"));
        Scope scope = call.caller().scope();
        List<FeedEntry> found = waitedFor(after, limit, wait);
        if (!call.callerIsStillIn()) {
            throw new NotDone(Problem.of(401, "unauthenticated", "the key was revoked meanwhile"));
        }
        FeedCursor next = found.isEmpty() ? after : found.getLast().cursor();
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("events");
            json.writeStartArray();
            for (FeedEntry entry : found) {
                if (scope.hasChannel(entry.channelCode())) {
                    json.writeStartObject();
                    json.writeStringProperty(
                            "order", Long.toString(entry.cursor().order()));
                    json.writeStringProperty("channel", entry.channelCode());
                    json.writeStringProperty("externalId", entry.externalId());
                    OrderJson.journalEntry(json, entry.entry(), events);
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeStringProperty("next", text(next));
            json.writeEndObject();
        });
    }

    private List<FeedEntry> waitedFor(FeedCursor after, int limit, int seconds) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<FeedEntry> found = engine.reads().feed(after, limit);
        while (found.isEmpty()
                && System.nanoTime() < until
                && !Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            found = engine.reads().feed(after, limit);
        }
        return found;
    }

    private FeedCursor cursor(String where, @Nullable String text) {
        if (text == null) {
            return FeedCursor.START;
        }
        if (text.equals("latest")) {
            return engine.reads().feedEnd();
        }
        Matcher parts = CURSOR.matcher(text);
        try {
            if (parts.matches()) {
                FeedCursor asked = new FeedCursor(
                        Long.parseLong(parts.group(1)),
                        Long.parseLong(parts.group(2)),
                        Integer.parseInt(parts.group(3)));
                // From before a restore to an earlier time: what happens from now on is news.
                FeedCursor end = engine.reads().feedEnd();
                return asked.compareTo(end) > 0 ? end : asked;
            }
        } catch (NumberFormatException e) {
            // as below
        }
        throw NotDone.at(where, RefusalCode.INVALID_FIELD, "it is the next of an answer before, or latest");
    }
}
