package dev.tutti.server.http;

import dev.tutti.conveyor.StoreFailure;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.security.Caller;
import dev.tutti.server.security.Keys;
import dev.tutti.server.security.Operations;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
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

    private final Routes routes;
    private final Keys keys;
    private final Operations operations;

    public Gate(Routes routes, Keys keys, Operations operations) {
        this.routes = routes;
        this.keys = keys;
        this.operations = operations;
    }

    public void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Routes.Match match = routes.match(request.getRequestURI());
        Call call = new Call(request, response, Caller.NOBODY, match == null ? List.of() : match.values());
        try {
            Routes.Route route = match == null ? null : match.byMethod().get(request.getMethod());
            if (route != null && route.operation() == null) {
                route.handler().handle(call);
                return;
            }
            Caller caller = keys.caller(request.getHeader("Authorization"));
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
            call.reply(problem(request.getMethod() + " " + request.getRequestURI(), e));
        }
    }

    /** What went wrong, for the caller: with a request, or with one line of it. */
    public static Problem problem(String what, RuntimeException e) {
        return switch (e) {
            case NotDone notDone -> notDone.problem();
            case BadJson bad -> Problem.of(bad);
            case StoreFailure.Unstorable unstorable ->
                Problem.of(422, "not-storable", "the database would not store this content");
            case StoreFailure failure -> {
                LOG.warn("{}: {}", what, failure.getMessage());
                yield Problem.of(503, "database-unreachable", "the database does not answer; try again soon");
            }
            default -> failed(what, e);
        };
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
        route.handler().handle(new Call(request, response, caller, match.values()));
    }

    /** An error of our own: recorded under a number the caller is told. */
    public static Problem failed(String what, Throwable cause) {
        String id = UUID.randomUUID().toString();
        LOG.error("{} failed [{}]", what, id, cause);
        return Problem.of(500, "internal-error", "this is an error in Tutti itself, recorded as " + id);
    }
}
