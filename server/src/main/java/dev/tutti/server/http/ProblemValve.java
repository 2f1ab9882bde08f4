package dev.tutti.server.http;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.CloseNowException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the web server itself refuses (an address that is none, say) looks like every other problem. */
public final class ProblemValve extends ErrorReportValve {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemValve.class);

    @Override
    protected void report(Request request, Response response, Throwable throwable) {
        if (throwable instanceof CloseNowException) {
            return; // nobody is there any more
        }
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        Problem problem = switch (status) {
            case 503 -> Problem.of(503, "unavailable", "the server is starting or stopping");
            case 500 -> Gate.failed(request.getMethod() + " " + request.getRequestURI(), throwable);
            default -> Problem.of(status, "bad-request", "the request is not well-formed");
        };
        byte[] body = problem.bytes();
        response.setContentType("application/problem+json");
        response.setContentLength(body.length);
        try {
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException e) {
            LOG.debug("the caller has gone", e);
        }
    }
}
