package dev.tutti.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Calls a server as an administrator does, now and then. */
final class Caller implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;

    Caller(ServerProcess server) {
        this.port = server.port;
    }

    /**
     * @return what was answered
     * @throws IOException if that is not 2xx
     */
    String post(String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .header("Authorization", "Bearer " + World.API_KEY)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(path + ": " + response.body());
        }
        return response.body();
    }

    @Override
    public void close() {
        client.close();
    }
}
