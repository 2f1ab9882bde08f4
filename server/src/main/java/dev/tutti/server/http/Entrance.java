package dev.tutti.server.http;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What the web server knows of us. The server starts while the database does, so the first requests may find the gate
 * still closed: they wait.
 */
public final class Entrance extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient CompletableFuture<Gate> opening;
    private transient volatile @Nullable Gate open;

    public Entrance(CompletableFuture<Gate> opening) {
        this.opening = opening;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Gate gate = open;
        if (gate == null) {
            try {
                gate = opening.join();
            } catch (CompletionException e) {
                // Whoever starts the server hears why.
                response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
                return;
            }
            open = gate;
        }
        gate.service(request, response);
    }
}
