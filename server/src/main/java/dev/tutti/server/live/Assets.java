package dev.tutti.server.live;

import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The few files a page needs. Their address has their content's hash in it: browsers keep them for a year, and a new
 * server's pages name new ones.
 */
final class Assets {
    private static final String CSS = "text/css;charset=utf-8";
    private static final String SCRIPT = "text/javascript;charset=utf-8";

    private record Asset(String type, byte[] content) {}

    private static final Map<String, Asset> ALL = Map.of(
            "board.css", new Asset(CSS, read("/dev/tutti/server/live/board.css")),
            "mark.svg", new Asset("image/svg+xml", read("/dev/tutti/server/live/mark.svg")),
            "htmx.js", new Asset(SCRIPT, webJar("htmx.org", "dist/htmx.min.js")),
            "sse.js", new Asset(SCRIPT, webJar("htmx-ext-sse", "sse.js")));

    /** Where they are. */
    static final String ROOT = "/assets/" + version() + "/";

    private Assets() {}

    static void register(Routes routes) {
        routes.addOpen("GET", "/assets/{version}/{file}", Assets::send);
    }

    private static void send(Call call) throws IOException {
        Asset asset = ALL.get(call.value(1));
        if (asset == null || !ROOT.equals("/assets/" + call.value(0) + "/")) {
            throw NotDone.notFound("file");
        }
        call.header("Cache-Control", "public, max-age=31536000, immutable");
        call.header("X-Content-Type-Options", "nosniff");
        call.reply(200, asset.type, asset.content);
    }

    /** WebJars have their version in their paths; their Maven properties say which it is. */
    private static byte[] webJar(String name, String file) {
        String properties =
                new String(read("/META-INF/maven/org.webjars.npm/" + name + "/pom.properties"), StandardCharsets.UTF_8);
        String version = properties
                .lines()
                .filter(line -> line.startsWith("version="))
                .findFirst()
                .orElseThrow()
                .substring("version=".length());
        return read("/META-INF/resources/webjars/" + name + "/" + version + "/" + file);
    }

    private static byte[] read(String path) {
        try (InputStream file = Assets.class.getResourceAsStream(path)) {
            if (file == null) {
                throw new IllegalStateException(path + " is missing");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String version() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ALL.keySet().stream().sorted().forEach(name -> {
                Asset asset = ALL.get(name);
                if (asset != null) {
                    digest.update(asset.content);
                }
            });
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
