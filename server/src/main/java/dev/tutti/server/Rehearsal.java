package dev.tutti.server;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts a server on an empty database, has it do a little of everything and stops it. The launcher runs it once after a
 * build, for the JVM to note what a start needs (its AOT cache, JEP 514); the next starts take half the time.
 */
public final class Rehearsal {
    private static final int ORDERS = 300;

    private final int port;
    private final String key;

    private Rehearsal(int port, String key) {
        this.port = port;
        this.key = key;
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("tutti-rehearsal-");
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            // The database may run as another user, who must get there.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        try (Server server = Server.start(new Options(directory, null, 0, 2, null))) {
            new Rehearsal(server.port(), String.valueOf(server.firstKey())).play();
        } finally {
            delete(directory);
        }
    }

    private void play() throws IOException {
        String ndjson = "application/x-ndjson";
        String json = "application/json";
        call("GET", "/health", "", "");
        call("PUT", "/v1/items", json, "[{\"sku\":\"A\"},{\"sku\":\"B\"}]");
        call("PUT", "/v1/nodes", json, "[{\"code\":\"N\",\"type\":\"store\"}]");
        call("PUT", "/v1/channels", json, "[{\"code\":\"web\",\"currency\":\"EUR\"}]");
        call("POST", "/v1/stock/snapshot", ndjson, "{\"sku\":\"A\",\"node\":\"N\",\"quantity\":100000}");
        StringBuilder bulk = new StringBuilder();
        for (int i = 0; i < ORDERS; i++) {
            call("POST", "/v1/orders", json, order("single-" + i));
            bulk.append(order("bulk-" + i)).append('\n');
        }
        call("POST", "/v1/orders/bulk", ndjson, bulk.toString());
        call("GET", "/v1/orders?channel=web&externalId=single-1", "", "");
        call("GET", "/v1/stock?sku=A", "", "");
        call("GET", "/v1/nodes/N/fulfilment-orders", "", "");
        call("POST", "/v1/orders", json, "{\"nonsense\":1}");
        call("GET", "/", "", "");
    }

    private static String order(String externalId) {
        return """
                {"channel":"web","externalId":"%s","currency":"EUR","shipTo":{"name":"Ada","country":"GB"},\
                "lines":[{"sku":"A","quantity":1,"unitPrice":100},{"sku":"B","quantity":1,"unitPrice":100}]}""".formatted(externalId);
    }

    private void call(String method, String path, String contentType, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://localhost:" + port + path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setRequestProperty("Authorization", "Bearer " + key);
        if (!body.isEmpty()) {
            connection.setRequestProperty("Content-Type", contentType);
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        if (connection.getResponseCode() < 400) {
            connection.getInputStream().readAllBytes();
        } else {
            connection.getErrorStream().readAllBytes();
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
