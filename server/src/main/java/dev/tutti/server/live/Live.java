package dev.tutti.server.live;

import dev.tutti.postgres.LiveReads;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Routes;
import dev.tutti.server.http.Streams;
import dev.tutti.server.live.LiveBoard.Picture;
import dev.tutti.server.security.Caller;
import dev.tutti.server.security.Keys;
import dev.tutti.server.security.Operations;
import dev.tutti.server.security.Scope;
import dev.tutti.server.security.Sessions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The live page: the way in, the page, and the stream that keeps it up to date.
 *
 * <p>Whoever looks does the work: a stream's own thread asks its board for a picture once a second, and the first to ask
 * makes it for all. Nobody looks, nothing runs.
 */
public final class Live {
    private static final String OPERATION = "live.read";
    private static final String HTML = "text/html;charset=utf-8";
    private static final int MOST_BOARDS = 100;
    private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
            + "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final Engine engine;
    private final Keys keys;
    private final Sessions sessions;
    private final Operations operations;
    private final Pages pages = new Pages();
    private final LiveReads reads;
    private final Reading<Tally> tally;
    private final Map<Scope, LiveBoard> boards = new ConcurrentHashMap<>();
    private final Streams streams;

    public Live(Engine engine, Keys keys, Sessions sessions, Operations operations, Streams streams) {
        this.engine = engine;
        this.streams = streams;
        this.keys = keys;
        this.sessions = sessions;
        this.operations = operations;
        this.reads = engine.database().live();
        Tally counted = new Tally(reads);
        // Filling it takes a while, and it is done once: it need not rest as long.
        this.tally = new Reading<>(counted::advance, 1);
    }

    public void register(Routes routes) {
        routes.addPage("/", OPERATION, this::page);
        routes.add("GET", "/live/stream", OPERATION, this::stream);
        routes.addOpen("GET", "/enter", call -> replyPage(call, 200, pages.enter(null)));
        routes.addOpen("POST", "/enter", this::enter);
        routes.addOpen("GET", "/enter/{ticket}", this::enterByTicket);
        routes.addOpen("POST", "/leave", this::leave);
        Assets.register(routes);
    }

    private void page(Call call) throws IOException {
        call.onlyQueries();
        replyPage(call, 200, pages.page(board(call.caller().scope()).picture().sections()));
    }

    private static void replyPage(Call call, int status, String html) throws IOException {
        call.header("Content-Security-Policy", POLICY);
        call.header("X-Content-Type-Options", "nosniff");
        call.header("Referrer-Policy", "no-referrer");
        call.header("Cache-Control", "no-store");
        call.reply(status, HTML, html.getBytes(StandardCharsets.UTF_8));
    }

    /** Boards are kept while somebody looks at them, or did a minute ago. */
    private LiveBoard board(Scope scope) {
        if (boards.size() >= MOST_BOARDS) {
            boards.values().removeIf(LiveBoard::isForgotten);
        }
        return boards.computeIfAbsent(scope, s -> new LiveBoard(engine, reads, s, pages, tally));
    }

    private void enter(Call call) throws IOException {
        mustBeOurs(call);
        String key = call.formField("key");
        Caller caller = keys.caller("Bearer " + (key == null ? "" : key));
        if (caller == null) {
            replyPage(call, 401, pages.enter("There is no such key, or it was revoked."));
        } else if (!operations.allows(caller.role(), OPERATION)) {
            replyPage(call, 403, pages.enter("This key is for a role that does not see this page."));
        } else {
            begin(call, caller);
        }
    }

    private void enterByTicket(Call call) throws IOException {
        Caller caller = sessions.byTicket(call.value(0));
        if (caller == null) {
            replyPage(call, 404, pages.enter("This address let somebody in until the server was started anew."));
        } else {
            begin(call, caller);
        }
    }

    /** Another site's page must not let its visitors in or out here. */
    private static void mustBeOurs(Call call) {
        if (call.fromAnotherSite()) {
            throw new NotDone(Problem.of(403, "forbidden", "this form was sent by another site's page"));
        }
    }

    private void begin(Call call, Caller caller) {
        call.keepSession(sessions.enter(caller));
        call.redirect("/");
    }

    private void leave(Call call) {
        mustBeOurs(call);
        sessions.leave(call.session());
        call.keepSession("");
        call.redirect("/enter");
    }

    private void stream(Call call) throws IOException {
        call.onlyQueries();
        streams.open(call, Call.EVENTS, out -> send(call, out));
    }

    private void send(Call call, OutputStream out) throws IOException {
        LiveBoard board = board(call.caller().scope());
        Map<String, @Nullable String> sent = new HashMap<>();
        long heard = System.nanoTime();
        Picture picture;
        do {
            picture = board.picture();
            StringBuilder events = new StringBuilder();
            picture.sections().forEach((id, html) -> {
                if (!html.equals(sent.put(id, html))) {
                    event(id, html, events);
                }
            });
            if (events.isEmpty() && System.nanoTime() - heard > HEARTBEAT_NANOS) {
                events.append(": nothing new\n\n");
            }
            if (!events.isEmpty()) {
                out.write(events.toString().getBytes(StandardCharsets.UTF_8));
                out.flush();
                heard = System.nanoTime();
            }
        } while (!streams.areOverWithin(TimeUnit.NANOSECONDS.toMillis(picture.lastsNanos()) + 1)
                && call.callerIsStillIn());
    }

    private static void event(String name, String html, StringBuilder into) {
        into.append("event: ").append(name).append('\n');
        html.lines().forEach(line -> into.append("data: ").append(line).append('\n'));
        into.append('\n');
    }
}
