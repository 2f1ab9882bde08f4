package dev.tutti.server.outgoing;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Requests to services outside. Redirects are not followed: they lead where nobody has looked. */
public final class Outgoing implements AutoCloseable {
    private static final Duration TO_CONNECT = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 64 << 10;

    /** For whom the answer's status is enough. */
    public static final BodyHandler<byte[]> NO_BODY = BodyHandlers.replacing(new byte[0]);

    /** A body of up to 64 KiB; more of it is no answer. */
    public static final BodyHandler<byte[]> BODY = BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TO_CONNECT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /**
     * An address that was looked at, and holds for some seconds.
     *
     * @param forbidden why nothing must be sent there, or null
     */
    public record Looked(URI uri, @Nullable String forbidden) {}

    /**
     * Looks at an address, which takes as long as its name servers take.
     *
     * @param inside whether the service may be at an address of a private network
     */
    public static Looked look(String url, boolean inside) {
        URI uri = URI.create(url);
        return new Looked(uri, inside ? null : Addresses.forbidden(uri.getHost()));
    }

    /**
     * Sends one request.
     *
     * @param seconds how long an answer is waited for, and a second more for its body
     * @param request adds the method and what goes with it
     */
    public Heard send(Looked to, int seconds, BodyHandler<byte[]> body, Consumer<HttpRequest.Builder> request)
            throws InterruptedException {
        String forbidden = to.forbidden();
        if (forbidden != null) {
            return new Heard.NotSent(forbidden);
        }
        HttpRequest.Builder builder = HttpRequest.newBuilder(to.uri())
                .timeout(Duration.ofSeconds(seconds))
                .header("User-Agent", "tutti");
        request.accept(builder);
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(builder.build(), body);
        try {
            // The client's own time ends with the headers: a body that never comes must not be waited for.
            HttpResponse<byte[]> whole = answer.get(seconds + 1L, TimeUnit.SECONDS);
            return new Heard.Answered(whole.statusCode(), whole.body());
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Heard.Lost("no whole answer within " + seconds + " s");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof IOException io ? io : e;
            String name = cause.getClass().getSimpleName();
            boolean connected = !(cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException);
            return connected
                    ? new Heard.Lost("the answer was lost: " + name)
                    : new Heard.NotSent("not reached: " + name);
        }
    }

    /** What is under way is broken off. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
