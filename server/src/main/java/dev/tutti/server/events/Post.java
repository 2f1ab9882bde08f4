package dev.tutti.server.events;

import dev.tutti.postgres.Subscription;
import dev.tutti.server.effects.Addresses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends events to webhooks, signed. */
final class Post implements Sink {
    private static final Duration TO_CONNECT = Duration.ofSeconds(5);
    /** Those that say: not now; and what stands in between says so of itself. */
    private static final Set<Integer> LATER = Set.of(401, 403, 404, 407, 408, 421, 425, 429);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TO_CONNECT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    @Override
    public Answer send(Subscription to, List<String> secrets, CloudEvent event) throws InterruptedException {
        String forbidden = Addresses.forbidden(to.url(), to.inside());
        if (forbidden != null) {
            return new Answer.Missed(forbidden);
        }
        long now = System.currentTimeMillis() / 1_000;
        HttpRequest request = HttpRequest.newBuilder(URI.create(to.url()))
                .timeout(Duration.ofSeconds(to.timeoutSeconds()))
                .header("User-Agent", "tutti")
                .header("Content-Type", CloudEvent.CONTENT_TYPE)
                .header(Signature.ID, event.id())
                .header(Signature.TIMESTAMP, Long.toString(now))
                .header(Signature.SIGNATURE, Signature.of(secrets, event.id(), now, event.body()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(event.body()))
                .build();
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request, BodyHandlers.discarding());
        try {
            // The client's own time ends with the headers: a body that never comes must not be waited for.
            int status = answer.get(to.timeoutSeconds() + 1L, TimeUnit.SECONDS).statusCode();
            if (status >= 200 && status < 300) {
                return new Answer.Taken();
            }
            String failure = "HTTP " + status;
            boolean refused = status >= 400 && status < 500 && !LATER.contains(status);
            return refused ? new Answer.Refused(failure) : new Answer.Missed(failure);
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Answer.Missed("no answer within " + to.timeoutSeconds() + " s");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof IOException io ? io : e;
            return new Answer.Missed("not reached: " + cause.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
