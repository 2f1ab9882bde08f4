package dev.tutti.server.http;

import dev.tutti.conveyor.StoreFailure;
import dev.tutti.server.engine.Metrics;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.security.Caller;
import dev.tutti.server.security.Keys;
import dev.tutti.server.security.Operations;
import dev.tutti.server.security.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.coyote.BadRequestException;
import org.apache.coyote.CloseNowException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way in: who is it, may they, and what does the route say. Whatever goes wrong behind it is answered here.
 *
 * <p>Requests are handled on virtual threads that wait for the conveyor: of all ways of waiting this costs the least
 * here (see docs/decisions).
 */
public final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS");

    private final Routes routes;
    private final Keys keys;
    private final Sessions sessions;
    private final Operations operations;
    private final Metrics metrics;

    public Gate(Routes routes, Keys keys, Sessions sessions, Operations operations, Metrics metrics) {
        this.routes = routes;
        this.keys = keys;
        this.sessions = sessions;
        this.operations = operations;
        this.metrics = metrics;
    }

    public void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long begun = System.nanoTime();
        Routes.Match match = routes.match(request.getRequestURI());
        try {
            answer(request, response, match);
        } finally {
            String route = match == null ? "" : match.pattern();
            metrics.answered(known(request.getMethod()), route, response.getStatus(), System.nanoTime() - begun);
        }
    }

    /** Whatever a caller makes up for a method is one and the same to whoever counts. */
    private static String known(String method) {
        return METHODS.contains(method) ? method : "other";
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, Routes.@Nullable Match match)
            throws IOException {
        Call call = new Call(request, response, Caller.NOBODY, () -> false, match == null ? List.of() : match.values());
        try {
            Routes.Route route = match == null ? null : match.byMethod().get(request.getMethod());
            if (match != null && route != null && route.operation() == null) {
                try (Call open = new Call(request, response, Caller.NOBODY, () -> false, match.values())) {
                    route.handler().handle(open);
                }
                return;
            }
            Caller caller = caller(request);
            if (caller == null && route != null && route.page() && isBrowser(request)) {
                call.redirect("/enter");
                return;
            }
            if (caller == null) {
                response.setHeader("WWW-Authenticate", "Bearer");
                call.reply(Problem.of(401, "unauthenticated", "send a valid key, as in Authorization: Bearer tutti_…"));
                return;
            }
            pass(request, response, match, route, caller);
        } catch (RuntimeException e) {
            if (response.isCommitted()) {
                throw e;
            }
            // What was written so far is not the answer.
            response.resetBuffer();
            call.reply(problem(request.getMethod() + " " + request.getRequestURI(), e));
        } catch (BadRequestException e) {
            // A body in chunks that are none. What comes behind it is no request.
            response.setHeader("Connection", "close");
            if (!response.isCommitted()) {
                response.resetBuffer();
            }
            call.reply(Problem.of(400, "bad-request", "the body is not well-formed"));
        } catch (IOException e) {
            LOG.info("{} {} was cut off: {}", request.getMethod(), request.getRequestURI(), e.getMessage());
            throw new CloseNowException("the rest cannot be answered", e);
        }
    }

    /** What went wrong, for the caller: with a request, or with one line of it. */
    public static Problem problem(String what, RuntimeException e) {
        return switch (e) {
            case NotDone notDone -> notDone.problem();
            case BadJson bad -> Problem.of(bad);
            case StoreFailure.Unstorable unstorable ->
                Problem.of(422, "not-storable", "the database would not store this content");
            case StoreFailure.Unreachable busy
            when busy.isBusy() -> {
                LOG.warn("{}: all connections to the database are in use", what);
                yield Problem.of(503, "unavailable", "too much is read at once; try again soon");
            }
            case StoreFailure failure -> {
                LOG.warn("{}: {}", what, failure.getMessage());
                yield Problem.of(503, "database-unreachable", "the database does not answer; try again soon");
            }
            default -> failed(what, e);
        };
    }

    /**
     * Who is asking: by a key, or by a session that began with one. A session lets nobody do more than look, for a
     * browser sends its cookie whoever made it ask.
     */
    private @Nullable Caller caller(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization == null && request.getMethod().equals("GET")) {
            return sessions.caller(Call.cookie(request, Call.SESSION));
        }
        return keys.caller(authorization);
    }

    private static boolean isBrowser(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return accept != null && accept.contains("text/html");
    }

    private void pass(
            HttpServletRequest request,
            HttpServletResponse response,
            Routes.@Nullable Match match,
            Routes.@Nullable Route route,
            Caller caller)
            throws IOException {
        if (match == null) {
            throw NotDone.notFound("path");
        }
        String operation = route == null ? null : route.operation();
        if (route == null || operation == null) {
            response.setHeader("Allow", String.join(", ", match.byMethod().keySet()));
            throw new NotDone(Problem.of(
                    405,
                    "method-not-allowed",
                    "here is " + String.join(", ", match.byMethod().keySet()) + " possible"));
        }
        if (!operations.allows(caller.role(), operation)) {
            throw new NotDone(
                    Problem.of(403, "forbidden", "the role " + caller.role().wire() + " has no right to " + operation));
        }
        BooleanSupplier still = () -> caller(request) != null;
        try (Call call = new Call(request, response, caller, still, match.values())) {
            route.handler().handle(call);
        }
    }

    /** An error of our own: recorded under a number the caller is told. */
    public static Problem failed(String what, Throwable cause) {
        String id = UUID.randomUUID().toString();
        LOG.error("{} failed [{}]", what, id, cause);
        return Problem.of(500, "internal-error", "this is an error in Tutti itself, recorded as " + id);
    }
}
