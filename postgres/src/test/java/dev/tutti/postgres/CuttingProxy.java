package dev.tutti.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Stands between a client and the database and can cut the line just before or just after a COMMIT. */
final class CuttingProxy implements AutoCloseable {
    /** Where the next COMMIT is cut. */
    enum Cut {
        NONE,
        /** The database never sees it. */
        BEFORE_COMMIT,
        /** The database carries it out; the client never hears. */
        AFTER_COMMIT
    }

    private static final String COMMIT = "COMMIT";

    private final ServerSocket listening;
    private final int target;
    private volatile Cut next = Cut.NONE;

    CuttingProxy(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    void cutNext(Cut cut) {
        next = cut;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                Thread.ofVirtual().start(() -> pump(client, server, true));
                Thread.ofVirtual().start(() -> pump(server, client, false));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pump(Socket from, Socket to, boolean fromClient) {
        byte[] buffer = new byte[65536];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                boolean commit = fromClient
                        && next != Cut.NONE
                        && new String(buffer, 0, n, StandardCharsets.ISO_8859_1).contains(COMMIT);
                if (commit && next == Cut.BEFORE_COMMIT) {
                    next = Cut.NONE;
                    return;
                }
                if (commit) {
                    next = Cut.NONE;
                    // The database gets it; closing the client's side keeps the answer from arriving.
                    from.close();
                    out.write(buffer, 0, n);
                    out.flush();
                    awaitAnswer(to);
                    return;
                }
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // one side is gone, so the other goes too
        }
    }

    private static void awaitAnswer(Socket server) throws IOException {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
