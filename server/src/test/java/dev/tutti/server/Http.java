package dev.tutti.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A caller: a port and a key. Whatever it is answered is held against the OpenAPI document. */
record Http(int port, String key) {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final byte[] NO_BODY = {};
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** A stream of events has no end to wait for: nothing of it is read here. */
    private static final HttpResponse.BodyHandler<String> WHOLE =
            head -> head.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream")
                    ? BodySubscribers.mapping(BodySubscribers.ofInputStream(), endless -> "")
                    : BodySubscribers.ofString(StandardCharsets.UTF_8);

    /** What came back. */
    record Reply(int status, HttpResponse<String> response) {
        String text() {
            return response.body();
        }

        JsonNode json() {
            return MAPPER.readTree(response.body());
        }

        List<JsonNode> lines() {
            return response.body().lines().map(MAPPER::readTree).toList();
        }

        /** A text of the answer, by its JSON pointer or by the name of a field. */
        String text(String pointer) {
            return json().at(pointer.startsWith("/") ? pointer : "/" + pointer).asString();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /** The same caller at another server. */
    Http at(int otherPort) {
        return new Http(otherPort, key);
    }

    Reply send(String method, String path) {
        return send(method, path, NO_BODY, "");
    }

    Reply get(String path, String... headers) {
        return send("GET", path, NO_BODY, "", headers);
    }

    /** As a browser sends a form. */
    Reply form(String path, String body, String... headers) {
        return send("POST", path, body.getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded", headers);
    }

    Reply json(String method, String path, String body, String... headers) {
        return send(method, path, body.getBytes(StandardCharsets.UTF_8), "application/json", headers);
    }

    Reply bytes(String method, String path, byte[] body, String contentType) {
        return send(method, path, body, contentType, new String[0]);
    }

    Reply ndjson(String path, String body, String... headers) {
        return send("POST", path, body.getBytes(StandardCharsets.UTF_8), "application/x-ndjson", headers);
    }

    Reply send(String method, String path, byte[] body, String contentType, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(120))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), WHOLE);
            Contract.check(method, path, contentType, body, response);
            return new Reply(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
