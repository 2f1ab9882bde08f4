package dev.tutti.server.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Calls the API as a careful client does: it waits as long as a busy server asks it to, and sends a request whose answer
 * was lost again under the same key, so that nothing is done twice.
 */
final class HubClient implements AutoCloseable {
    private static final int AT_ONCE = 64;
    private static final long PAUSE_MILLIS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String address;
    private final Run run;
    private final Semaphore atOnce = new Semaphore(AT_ONCE);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    HubClient(int port, Run run) {
        this.address = "http://127.0.0.1:" + port;
        this.run = run;
    }

    Reply get(String key, String path) {
        return send(request(key, path).GET().build());
    }

    Reply put(String key, String path, byte[] json) {
        return send(request(key, path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofByteArray(json))
                .build());
    }

    /** Makes something, under a name of its own that makes it safe to repeat. */
    Reply post(String key, String path, byte[] json) {
        return send(request(key, path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofByteArray(json))
                .build());
    }

    /** Sends lines, each of which is taken or not by itself. */
    Reply lines(String key, String path, byte[] ndjson) {
        return send(request(key, path)
                .header("Content-Type", "application/x-ndjson")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofByteArray(ndjson))
                .build());
    }

    /** As {@link #lines}, for many lines that may be taken more than once: with a key each would be a document. */
    Reply manyLines(String key, String path, byte[] ndjson) {
        return send(request(key, path)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(ndjson))
                .build());
    }

    private HttpRequest.Builder request(String key, String path) {
        return HttpRequest.newBuilder(URI.create(address + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + key);
    }

    private Reply send(HttpRequest request) {
        while (true) {
            long pause = PAUSE_MILLIS;
            try {
                HttpResponse<String> response = sendOnce(request);
                if (response.statusCode() != 503 && response.statusCode() != 504) {
                    return new Reply(response.statusCode(), response.body());
                }
                pause = response.headers()
                        .firstValue("Retry-After")
                        .map(seconds -> 1000 * Long.parseLong(seconds))
                        .orElse(PAUSE_MILLIS);
            } catch (IOException e) {
                // Nobody knows whether it was done: it is asked again, under the same key.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Run.Over();
            }
            run.sleep(pause);
        }
    }

    private HttpResponse<String> sendOnce(HttpRequest request) throws IOException, InterruptedException {
        atOnce.acquire();
        try {
            return http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        } finally {
            atOnce.release();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
