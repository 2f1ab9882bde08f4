package dev.tutti.server.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
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
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        Gate gate = open;
        if (gate == null) {
            gate = opening.join();
            open = gate;
        }
        gate.service(request, response);
    }
}
